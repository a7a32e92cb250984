"""Settings: every environment variable, read and checked once, as the contract names them.

Nothing else reads the environment. A platform whose variables are absent is off; half-set is an error that names
what is missing.
"""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from bot.configured import (
    Misconfigured,
    ModelSettings,
    SlackSettings,
    TeamsSettings,
    address,
    is_loopback,
    language_model,
    slack,
    teams,
)

EMBEDDED = "sqlite:///var/throughline.db"
DEFAULT_PORT = 3978
PLAYBOOKS = "playbooks"
SECRET_FILE = "secret"  # noqa: S105 - the name of a file
SHORTEST_SECRET = 16
LARGEST_PORT = 65535
SERVERS = ("postgres://", "postgresql://", "postgresql+psycopg://")


@dataclass(frozen=True, slots=True)
class Settings:
    """What one process was told by its environment. `secrets`: the first seals, all open."""

    database_url: str = EMBEDDED
    host: str = "127.0.0.1"
    port: int = DEFAULT_PORT
    playbooks: Path = Path(PLAYBOOKS)
    public_url: str = ""
    secrets: tuple[str, ...] = ()
    local: bool = False
    slack: SlackSettings | None = None
    teams: TeamsSettings | None = None
    language_model: ModelSettings | None = None

    @property
    def platforms(self) -> tuple[str, ...]:
        """The platforms that are configured, by their names."""
        return (*(("Slack",) if self.slack else ()), *(("Teams",) if self.teams else ()))

    @property
    def embedded(self) -> bool:
        """Whether the database is a file of this machine."""
        return self.database_url.startswith("sqlite")


def quiet_native_threads() -> None:
    """Native code is not to spin while it waits. It counts from the first load of the sentence encoder on."""
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")


def read_settings(
    environment: Mapping[str, str] | None = None,
    *,
    host: str | None = None,
    port: int | None = None,
    playbooks: Path | None = None,
) -> Settings:
    """The settings out of the environment, with what the command line says over it. Raises `Misconfigured`."""
    env = os.environ if environment is None else environment
    database = _database(env.get("DATABASE_URL") or EMBEDDED)
    listens = host or env.get("HOST") or "127.0.0.1"
    slack_settings, teams_settings = slack(env), teams(env)
    return Settings(
        database_url=database,
        host=listens,
        port=port if port is not None else _port(env.get("PORT") or str(DEFAULT_PORT)),
        playbooks=playbooks or playbooks_folder(env),
        public_url=address(env, "THROUGHLINE_PUBLIC_URL", "").rstrip("/"),
        secrets=_secrets(env, database),
        local=_local(env, listens, bool(slack_settings or teams_settings)),
        slack=slack_settings,
        teams=teams_settings,
        language_model=language_model(env),
    )


def playbooks_folder(environment: Mapping[str, str] | None = None) -> Path:
    """The playbooks folder alone: for what needs no database, and so must neither ask for a secret nor make one."""
    env = os.environ if environment is None else environment
    return Path(env.get("THROUGHLINE_PLAYBOOKS") or PLAYBOOKS)


def _database(url: str) -> str:
    # The address itself is not repeated: it may hold a password.
    if url.startswith(SERVERS) or (_file(url) and ":memory:" not in url):
        return url
    raise Misconfigured(
        "DATABASE_URL names no database that Throughline can use;"
        " write sqlite:///var/throughline.db or postgresql://user:password@host/name"
    )


def _file(url: str) -> str:
    """The path in the address of an SQLite file, '' if it has none."""
    return url.removeprefix("sqlite:///").split("?")[0] if url.startswith("sqlite:///") else ""


def _port(text: str) -> int:
    if text.isascii() and text.isdecimal() and len(text) <= len(str(LARGEST_PORT)) and int(text) <= LARGEST_PORT:
        return int(text)
    raise Misconfigured(f"PORT is {text!r}; it must be a number from 0 to {LARGEST_PORT}")


def _local(env: Mapping[str, str], host: str, elsewhere: bool) -> bool:
    wish = env.get("THROUGHLINE_LOCAL", "")
    if wish not in ("", "0", "1"):
        raise Misconfigured(f"THROUGHLINE_LOCAL is {wish!r}; it must be 0 or 1")
    if wish == "1" and not is_loopback(host):
        raise Misconfigured(
            f"THROUGHLINE_LOCAL=1 lets anybody who reaches {host} speak as any sample person;"
            " listen on 127.0.0.1, or unset it"
        )
    return wish == "1" or (wish == "" and not elsewhere and is_loopback(host))


def _secrets(env: Mapping[str, str], database: str) -> tuple[str, ...]:
    given = tuple(part.strip() for part in env.get("THROUGHLINE_SECRET", "").split(",") if part.strip())
    if given:
        return given
    if not _file(database):
        raise Misconfigured(
            "THROUGHLINE_SECRET is missing: with PostgreSQL it must be set, the same for every process."
            " Make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"
        )
    return (_kept_secret(Path(_file(database)).parent / SECRET_FILE),)


def _kept_secret(file: Path) -> str:
    """The secret in this file, made on first use so that only this user can read it. Two processes get the same."""
    if file.exists():
        return _read_secret(file)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        # Written aside and then linked: whoever comes second finds a whole secret, never half of one.
        with tempfile.NamedTemporaryFile("w", dir=file.parent, prefix=f"{SECRET_FILE}.") as draft:
            draft.write(secrets.token_urlsafe(48))
            draft.flush()
            os.fsync(draft.fileno())
            with suppress(FileExistsError):
                os.link(draft.name, file)
    except OSError as wrong:
        raise Misconfigured(f"the secret cannot be kept in {file}: {wrong.strerror}. Set THROUGHLINE_SECRET") from wrong
    return _read_secret(file)


def _read_secret(file: Path) -> str:
    try:
        kept = file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as wrong:
        raise Misconfigured(f"the secret in {file} cannot be read. Set THROUGHLINE_SECRET") from wrong
    if len(kept) < SHORTEST_SECRET:
        raise Misconfigured(f"the secret in {file} is damaged. Restore it from a backup, or set THROUGHLINE_SECRET")
    return kept
