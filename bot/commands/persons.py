"""`throughline export-person` and `erase-person`: everything stored about somebody, and its erasure with what must stay
and why. Neither says a word about what was raised without a name, nor that there is or was any.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from bot.commands.gaps import in_force
from bot.commands.terminal import Failed, count
from bot.conversation import conversation
from bot.messages import Person, Said
from bot.playbook.folder import read_folder
from bot.playbook.model import Playbooks
from bot.roles import giving
from bot.roles.held import CASES
from bot.roles.words import title
from bot.store import audit, erasing, erasing_cases, exporting, people, subject
from bot.store import playbooks as versions
from bot.store.engine import Session, Store
from bot.store.subject import Subject
from bot.words import Words

NOT_LISTED = (
    "What was raised without a name or in confidence, if anything: nobody but its author can be shown it, in chat.",
    "Questions that were answered, or that the playbooks do not answer: who asked them is not stored.",
    "Who pressed or read something: it is counted by keyed fingerprints that name nobody.",
    "What the chat platform keeps itself, and the messages of the local page: what was typed there.",
    "Replies: they are wiped once they are sent. What conversations are about: it is sealed, and goes after 90 days.",
)


def known(tx: Session, named: str) -> Subject:
    """The person with this address (or key, where there is none). Raises `Failed` if there is nobody."""
    found = subject.subject(tx, named)
    if found is None:
        raise Failed(f"nobody is stored with the address {named.strip()!r}; check how it is written in people.csv")
    direct = (
        conversation(Said("", Person(one.platform, one.workspace, one.account), one.direct, ""))
        for one in found.accounts
        if one.direct
    )
    return replace(found, conversations=tuple(direct))


def exported(tx: Session, whose: Subject, plain: exporting.Plain, now: datetime) -> str:
    """Everything stored about this person, as JSON. That it was exported is a line of the audit trail."""
    found = {
        "person": whose.shown,
        "exported": now.isoformat(timespec="seconds"),
        **exporting.export(tx, whose, plain),
        "not listed": NOT_LISTED,
        "of the same name": subject.namesakes(tx, whose),
    }
    audit.note(tx, "", "person.exported", whose.key, now)
    return json.dumps(found, ensure_ascii=False, indent=2) + "\n"


def write_privately(file: Path, text: str) -> None:
    """Writes a file that its user alone can read, whatever was there before. Raises `Failed`."""
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as out:
            os.fchmod(descriptor, 0o600)
            out.write(text)
    except OSError as wrong:
        raise Failed(f"{file} cannot be written: {wrong.strerror}") from None


@dataclass(frozen=True, slots=True)
class Mention:
    """A line of a file that names somebody; `key` is what it says there."""

    file: str
    line: int
    key: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" + (f" ({self.key})" if self.key else "")


def mentions(files: Mapping[str, str], whose: Subject) -> list[Mention]:
    """The lines of these files that name them, by address or full name."""
    called = [text for text in (whose.email, whose.name if " " in whose.name else "") if text]
    return [
        Mention(file, number, _key(line, found.start()) if file.endswith(".yaml") else "")
        for file, text in sorted(files.items())
        for number, line in enumerate(text.splitlines(), 1)
        if (found := next(filter(None, (subject.found_in(line, one) for one in called)), None))
    ]


def _key(line: str, until: int) -> str:
    keys = re.findall(r"([\w-]+)\s*:(?=\s)", line[:until])
    return str(keys[-1]) if keys else ""


def written_files(tx: Session, folder: Path) -> dict[str, str]:
    """The files of the playbooks, people.csv among them: those of the folder, and what is in force and not there."""
    stored = {path: text for scope in versions.versions_in_force(tx).values() for path, text in scope.items()}
    return stored | {path: raw.decode("utf-8", "replace") for path, raw in read_folder(folder)[0].items()}


def before(tx: Session, whose: Subject) -> Iterator[str]:
    """What is to be known before they are erased: what they hold and should hand over first, and namesakes."""
    playbooks = giving.in_force(tx, in_force(tx))
    held = _held(tx, playbooks, whose)
    if held:
        yield f"{whose.shown} still holds, and should hand over first (say 'hand over' to the bot):"
        yield from (f"  {one}" for one in held)
    waiting = erasing_cases.open_named(tx, whose.email) if whose.email else 0
    if waiting:
        yield f"{count(waiting, 'open case')} with a name to be answered by {whose.shown}."
    for other in subject.namesakes(tx, whose):
        yield f"Somebody of the same name is stored as {other}; if that is the same person, run this for it too."


def _held(tx: Session, playbooks: Playbooks, whose: Subject) -> list[str]:
    person = people.person(tx, whose.key)
    words = Words("en", "UTC", playbooks.organisation.policy.word_for)
    found = giving.inventory(tx, playbooks, person) if person else ()
    return [title(held, words, playbooks) for held, _ in found if held.role != CASES]


def _heirs(tx: Session, playbooks: Playbooks, whose: Subject) -> dict[str, str]:
    """Who answers from now on for what was put to them: the project manager of the initiative, else its sponsor, else
    an administrator; the first who is there."""
    admins = giving.administrators(tx)
    written = {id: one.written for id, one in playbooks.initiatives.items()}
    steps = {id: (one.project_manager, one.sponsor, *admins) for id, one in written.items()} | {"": admins}
    return {id: next((a for a in step if a != whose.email and _is_there(tx, a)), "") for id, step in steps.items()}


def _is_there(tx: Session, address: str) -> bool:
    found = people.person_by_email(tx, address) if address else None
    return found is not None and found.left_on is None


def erase(tx: Session, named: str, folder: Path, now: datetime) -> list[str]:
    """Erases this person, and says what stays and why, a line each. Raises `Failed`."""
    whose = known(tx, named)
    playbooks = giving.in_force(tx, in_force(tx))
    stays = list(_staying(tx, playbooks, whose))
    found = mentions(written_files(tx, folder), whose)
    erasing.erase(tx, whose, _heirs(tx, playbooks, whose), now)
    return [*stays, *_to_edit(found), *_left_over(tx, whose)]


def erase_versions(tx: Session, named: str) -> int:
    """Of somebody who is erased already: deletes earlier versions of playbooks that name them, and says how many."""
    address = named.strip().lower()
    return erasing.forget_versions(tx, address) if "@" in address and not subject.subject(tx, named) else 0


def _staying(tx: Session, playbooks: Playbooks, whose: Subject) -> Iterator[str]:
    kept, stays = playbooks.organisation.policy.kept, erasing.staying(tx, whose)
    if stays.cases:
        yield (
            f"{count(stays.cases, 'open case')} of theirs: the words stay, without the name, to be answered;"
            f" once closed they go after {kept('questions')} days (questions) or {kept('concerns')} days."
        )
    if stays.published:
        texts = count(stays.published, "text")
        yield f"{texts} of theirs that others have read (answers, wins, broadcasts): without the name."
    yield "What was put to them and is open goes to the project manager, else the sponsor: tell them."
    yield "What they did, in the audit trail: by a random key that leads to nobody any more."
    yield "How many messages went out: without person, place and text."
    yield f"Messages to colleagues that name them: sealed, for {kept('deliveries')} days at most."
    yield "What was raised without a name, if anything: it leads to nobody; its author handles it in chat."
    yield "How often something was asked or pressed: keyed fingerprints, of a key that is gone."
    yield "What a conversation in a channel was about: sealed, under a fingerprint, for 90 days."
    yield "What the chat platform keeps, the messages themselves above all: ask whoever runs it."
    yield "Backups and exports made before: delete them, or erase again after restoring one."


def _to_edit(found: list[Mention]) -> Iterator[str]:
    if not found:
        yield "The file that is imported with import-people: take their row out, else the next import brings them back."
        return
    yield "These lines name them; edit the files, else they come back with the next import or stay to be read:"
    yield from (f"  {one}" for one in found)
    yield "Then run this command once more: it deletes the earlier versions of these files from the database."


def _left_over(tx: Session, whose: Subject) -> Iterator[str]:
    found = subject.still_readable(tx, whose)
    if found:
        yield "The address can still be read in what others wrote: " + ", ".join(
            f"{where} ({count(rows, 'row')})" for where, rows in found.items()
        )


def finish(store: Store) -> Iterator[str]:
    """Takes what is left of deleted rows out of the database's files, and says where that could not be done."""
    if not erasing.sweep(store):
        yield "The database is in use: what was deleted leaves its files soon after, at the latest at a restart."
