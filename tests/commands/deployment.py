"""A small deployment for tests of the command line: playbooks, a clean environment, commands as processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

ROOT = Path(__file__).parent.parent.parent
PATIENCE_SECONDS = 60.0
PEOPLE_HEADER = "email,name,unit,manager,locale,timezone,roles,start_date\n"

FILES = {
    "strategy.yaml": "goals:\n  - {id: faster, name: Answer the same day, description: Waiting costs customers.}\n",
    "units.yaml": """units:
  - {id: payroll, name: Payroll, locale: en, timezone: Europe/Lisbon, owner: lead@example.com}
  - {id: stores, name: Stores, locale: pt, timezone: Europe/Lisbon, owner: lead@example.com}
""",
    "time-sheets/initiative.yaml": """id: time-sheets
name: One time sheet for everyone
summary: Everybody writes their hours in one place.
purpose: The old sheets contradict each other.
serves: [faster]
sponsor: sponsor@example.com
project_manager: pm@example.com
units:
  - {id: payroll, changes: Hours arrive checked., gains: [No retyping], losses: [The old macro], stays: [Pay day]}
""",
    "time-sheets/faq.md": """# Questions

## Where do I find my old sheets?

They stay readable in the archive until the end of 2028.

## Can I correct an hour afterwards?

Yes, for five working days; after that your team lead corrects it.
""",
    "parking/initiative.yaml": """id: parking
name: Parking by number plate
summary: The barrier reads number plates.
purpose: Lost cards open the barrier for strangers.
serves: [faster]
sponsor: sponsor@example.com
project_manager: pm@example.com
units:
  - {id: stores, changes: No card any more.}
""",
    "parking/faq.md": "# Questions\n\n## How do I register a rental car?\n\nWrite its plate into the gate app.\n",
}


def write_playbooks(folder: Path, files: Mapping[str, str] | None = None) -> Path:
    """The small playbooks, or others, as files in this folder."""
    for name, text in (FILES if files is None else files).items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return folder


def clean_environment() -> dict[str, str]:
    """The environment of this process without anything that Throughline reads."""
    ours = ("THROUGHLINE_", "SLACK_", "Microsoft", "BotOpenId")
    rest = {"DATABASE_URL", "PORT", "HOST"}
    return {k: v for k, v in os.environ.items() if not k.startswith(ours) and k not in rest}


@dataclass(frozen=True)
class Ended:
    """How a command ended and what it printed."""

    status: int
    out: str
    err: str


def throughline(*arguments: str, folder: Path, stdin: str = "", out: str = "", **variables: str) -> Ended:
    """A command as a real process, started in this folder; `out` names a file that takes what it prints."""
    with Path(out).open("wb") if out else nullcontext(subprocess.PIPE) as printed:
        done = subprocess.run(
            [sys.executable, "-m", "bot", *arguments],
            cwd=folder,
            env={**clean_environment(), "PYTHONPATH": str(ROOT), **variables},
            input=stdin.encode(),
            stdout=printed,
            stderr=subprocess.PIPE,
            timeout=PATIENCE_SECONDS,
            check=False,
        )
    return Ended(done.returncode, (done.stdout or b"").decode(), done.stderr.decode())


@dataclass(frozen=True)
class Answer:
    """An HTTP answer."""

    status: int
    text: str
    headers: Mapping[str, str]


@dataclass
class Server:
    """`serve` as a real process on a free port; killed at the end if it is still there."""

    folder: Path
    arguments: tuple[str, ...] = ()
    variables: Mapping[str, str] = field(default_factory=dict)

    def __enter__(self) -> Self:
        self.start()
        return self

    def start(self) -> None:
        """Starts it and waits until it has printed its address."""
        self.log = (self.folder / "serve.log").open("w+", encoding="utf-8")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bot", "serve", "--port", "0", *self.arguments],
            cwd=self.folder,
            env={**clean_environment(), "PYTHONPATH": str(ROOT), **self.variables},
            stdout=subprocess.PIPE,
            stderr=self.log,
            text=True,
            encoding="utf-8",
        )
        assert self.process.stdout is not None
        self.said = self.process.stdout.readline()
        assert "http://" in self.said, self.said + self.logged()
        self.address = self.said.split(" at ")[1].split("/ ")[0]

    def get(self, path: str, **headers: str) -> Answer:
        """The answer to a GET; header names are given with underscores."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        request = urllib.request.Request(self.address + path, headers=named)  # noqa: S310 - an address of this machine
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS) as answer:  # noqa: S310 - as above
                return Answer(answer.status, answer.read().decode(), dict(answer.headers))
        except urllib.error.HTTPError as refused:
            with refused:
                return Answer(refused.code, refused.read().decode(), dict(refused.headers))

    def until(self, path: str, holds: Callable[[Answer], bool]) -> Answer:
        """The first answer of which this holds; fails if there is none in time."""
        end = time.monotonic() + PATIENCE_SECONDS
        while not holds(answer := self.get(path)):
            assert time.monotonic() < end, f"{path} still says: {answer.text}"
            time.sleep(0.05)
        return answer

    def logged(self) -> str:
        """What it wrote on standard error."""
        return (self.folder / "serve.log").read_text(encoding="utf-8")

    def end(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Tells it to stop and gives its exit status; fails if it does not end in time."""
        self.process.send_signal(how)
        try:
            return self.process.wait(PATIENCE_SECONDS)
        finally:
            self._put_away()

    def _put_away(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        if self.process.stdout:
            self.process.stdout.close()
        self.log.close()

    def __exit__(self, *_: object) -> None:
        self._put_away()
