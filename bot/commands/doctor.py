"""`throughline doctor`: checks configuration, database, playbooks and people; one line each, with the cure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime

from bot.amending import amended, differences
from bot.cases import watch
from bot.commands.terminal import Failed, count
from bot.configured import Misconfigured
from bot.people.directory import disagreements
from bot.playbook.folder import read_folder
from bot.playbook.load import Checked, check
from bot.playbook.model import Playbooks
from bot.settings import SHORTEST_SECRET, Settings
from bot.store import amendments, audit, channels, gathering, hearing, people
from bot.store.engine import Session, Store


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the doctor: `level` is ok, note or bad."""

    level: str
    about: str
    text: str

    def __str__(self) -> str:
        mark = {"ok": "ok  ", "note": "note", "bad": "BAD "}[self.level]
        return f"{mark}  {self.about}: {self.text}"


def examine(
    read: Callable[[], Settings],
    opened: Callable[[Settings], AbstractContextManager[Store]],
    now: datetime,
    credential_faults: Callable[[Settings], list[str]] = lambda _: [],
    by_name: bool = False,
) -> Iterator[Finding]:
    """Everything the doctor has to say. `read` raises `Misconfigured`, `opened` raises `Failed`. `by_name`: who cannot
    be reached is named, and not only counted.
    """
    try:
        settings = read()
    except Misconfigured as wrong:
        yield Finding("bad", "configuration", f"{wrong}. Nothing else was checked")
        return
    yield from _configuration(settings, credential_faults)
    files, faults = read_folder(settings.playbooks)
    checked = check(files, now.date(), faults)
    yield from _playbooks(settings, checked)
    try:
        with opened(settings) as store:
            yield from _database(store, checked, by_name)
            with store.read() as tx:
                yield _cases(watch.watched(tx), now)
    except Failed as wrong:
        yield Finding("bad", "database", str(wrong))


def _configuration(settings: Settings, credential_faults: Callable[[Settings], list[str]]) -> Iterator[Finding]:
    yield Finding("ok", "address", f"listens on {settings.host}:{settings.port}")
    wrong = credential_faults(settings)
    for fault in wrong:
        yield Finding("bad", "platforms", fault)
    if settings.platforms and not wrong:
        yield Finding("ok", "platforms", f"{' and '.join(settings.platforms)}: the credentials are accepted")
    if not settings.platforms:
        yield Finding("note", "platforms", "none configured; set the variables of Slack or Teams to reach people")
    if settings.local:
        yield Finding("note", "local mode", "on: anyone on this machine may speak as any sample person")
    if not settings.public_url:
        yield Finding("note", "pages", "THROUGHLINE_PUBLIC_URL is not set, so the web pages are off outside local mode")
    if any(len(key) < SHORTEST_SECRET for key in settings.secrets):
        yield Finding(
            "bad",
            "secret",
            "THROUGHLINE_SECRET is short and can be guessed; use 32 random characters or more",
        )


def _playbooks(settings: Settings, checked: Checked) -> Iterator[Finding]:
    errors = [f for f in checked.faults if f.level == "error"]
    warnings = len(checked.faults) - len(errors)
    for fault in errors:
        yield Finding("bad", "playbooks", str(fault))
    there = ", ".join(f"{i.id} ({i.written.status})" for i in checked.playbooks.initiatives.values())
    if there:
        more = f"; {count(warnings, 'warning')}, see 'throughline check'" if warnings else ""
        yield Finding("ok", "playbooks", f"{there}{more}")
    elif not errors:
        yield Finding("bad", "playbooks", f"there is none in {settings.playbooks}; write one as docs/playbooks.md says")


def _database(store: Store, checked: Checked, by_name: bool) -> Iterator[Finding]:
    kind = "SQLite, for one machine" if store.embedded else "PostgreSQL"
    with store.read() as tx:
        yield Finding("ok", "database", f"reachable and up to date ({kind})")
        broken = audit.verify(tx)
        if broken is not None:
            yield Finding("bad", "audit", f"line {broken} was changed or is missing: see 'throughline audit'")
        given_up = hearing.counts(tx).get("failed", 0)
        if given_up:
            yield Finding("bad", "messages", f"{given_up} could not be handled and were given up; the log says why")
        accepted = amendments.accepted(tx)
        yield from _people(people.directory(tx), amended(checked.playbooks, accepted, tx.seal.mark))
        yield from _accepted(checked.playbooks, accepted, tx)
        yield from _reachable(tx, by_name)
        yield from _channels(tx, checked)


def _cases(watched: watch.Watched, now: datetime) -> Finding:
    """Whether every open case has somebody who answers for it and a running clock."""
    last = f"last looked at {watched.last:%Y-%m-%d %H:%M} UTC" if watched.last else "never looked at"
    if watched.silent(now):
        return Finding(
            "bad", "cases", f"{count(watched.running, 'open case')}, {last}: is 'serve' running? See its log"
        )
    if watched.lost:
        cure = "see who answers for them in units.yaml and initiative.yaml; the card to administrators names them"
        return Finding(
            "bad", "cases", f"{watched.lost} of {watched.running} open cases are looked after by nobody: {cure}"
        )
    if not watched.running:
        return Finding("ok", "cases", "none is open")
    there = "has somebody who answers for it and a running clock"
    return Finding("ok", "cases", f"{count(watched.running, 'open case')}, each {there} ({last})")


NO_ACCOUNT = "have no account on any platform yet: they have not written, or the app is not installed for them"


def _reachable(tx: Session, by_name: bool) -> Iterator[Finding]:
    """Who in the directory cannot be written to, by reason."""
    here = [record for record in people.directory(tx) if record.listed]
    found = gathering.reach(tx, [record.key for record in here])
    reasons: dict[str, list[str]] = {}
    for record in here:
        reach = found.get(record.key)
        if reach is None or not reach.accounts:
            reasons.setdefault(NO_ACCOUNT, []).append(record.email)
        elif reach.refused:
            reasons.setdefault(f"are refused by the platform ({reach.refused})", []).append(record.email)
    for reason, addresses in sorted(reasons.items()):
        names = ": " + ", ".join(sorted(addresses)) if by_name else "; --list names them"
        yield Finding("note", "reach", f"{len(addresses)} of {len(here)} people {reason}{names}")
    if here and not reasons:
        yield Finding("ok", "reach", f"all {len(here)} people in the directory can be written to")


def _channels(tx: Session, checked: Checked) -> Iterator[Finding]:
    """Audiences of live initiatives that no channel is for, and channels that the platform refuses."""
    bindings = channels.all_bindings(tx)
    bound = {(b.initiative, b.audience) for b in bindings if not b.refused}
    for initiative in checked.playbooks.initiatives.values():
        missing = [name for name in initiative.written.channels if (initiative.id, name) not in bound]
        if missing and initiative.written.status == "live":
            cure = 'say "use this channel for …" in one, with a mention of the bot'
            yield Finding("note", "channels", f"{initiative.id} has no channel for {', '.join(missing)}; {cure}")
    for refused in (b for b in bindings if b.refused):
        name = f"{refused.initiative} {refused.audience}".strip()
        yield Finding("bad", "channels", f"the channel for {name} takes no posts: {refused.refused}; bind another one")


def _accepted(playbooks: Playbooks, accepted: amendments.Accepted, tx: Session) -> Iterator[Finding]:
    """What was accepted in chat and stands otherwise in the files."""
    for one in differences(playbooks, accepted, tx.seal.mark):
        says = one.says or "nobody"
        if one.holds:
            text = f"{one.what} says {says}; {one.accepted} was accepted in chat and holds: write it into the file too"
        else:
            text = f"{one.what} was edited to {says} after {one.accepted} was accepted in chat: the file holds"
        yield Finding("note", one.file, text)


def _people(records: list[people.PersonRecord], playbooks: Playbooks) -> Iterator[Finding]:
    here = [record for record in records if record.listed]
    if not here:
        yield Finding("note", "people", "the directory is empty: 'throughline import-people FILE.csv' fills it")
        return
    yield Finding("ok", "people", f"{len(here)} in the directory, {len(records) - len(here)} have left")
    known = {record.email for record in here}
    granted = granted_roles(playbooks)
    for address in sorted(granted.keys() - known):
        roles = ", ".join(sorted(granted[address]))
        yield Finding("note", "people", f"{address} is {roles} in a playbook, but not in the directory")
    for sentence in disagreements(here, granted):
        yield Finding("note", "people", sentence)


def granted_roles(playbooks: Playbooks) -> dict[str, set[str]]:
    """The roles that the playbooks give, by address."""
    granted: dict[str, set[str]] = {}
    for initiative in playbooks.initiatives.values():
        written = initiative.written
        granted.setdefault(written.sponsor, set()).add("sponsor")
        granted.setdefault(written.project_manager, set()).add("project-manager")
        for agents in written.change_agents.values():
            for agent in agents:
                granted.setdefault(agent, set()).add("change-agent")
    return granted
