"""`throughline ask`: answers out of the playbook folder, without a server and without a database."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

import click

from bot.answers.encoder import Encoder
from bot.answers.language import detect
from bot.answers.meaning import Piece, encoded
from bot.answers.vector_file import read_vectors, shipped_vectors, write_vectors
from bot.capabilities.explain.answering import respond
from bot.capabilities.explain.response import Response
from bot.capabilities.explain.said_as import is_meant, said_freely
from bot.library import Snapshot, snapshot
from bot.messages import Card
from bot.people.people_file import read_people
from bot.playbook.access import Viewer
from bot.playbook.fault import Fault
from bot.playbook.folder import read_folder
from bot.playbook.load import check
from bot.pushback import shown, worry_in
from bot.triage import Judge
from bot.turn import Colleague, Reader
from bot.words import LANGUAGES, Words

BOM = b"\xef\xbb\xbf"
# JSON may hold these as they are, but many a reader of JSON Lines would end the line there.
LINE_ENDS = {ord(end): f"\\u{ord(end):04x}" for end in "\x85\u2028\u2029"}
MOST_SOURCES = 5
SHOWN_CHOICES = 6
VECTORS = Path("var/vectors.bin")
ENCODING_THREADS = 2


class Unanswerable(Exception):
    """The question cannot be put at all; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One question for the playbooks. `initiative` is answered from whatever its status."""

    text: str
    locale: str = ""
    initiative: str = ""
    unit: str = ""


class Desk:
    """The playbooks of one folder, ready to answer.

    With an encoder what is not encoded yet is encoded first, and kept in the file `vectors`.
    """

    def __init__(self, folder: Path, now: datetime, encoder: Encoder | None = None, vectors: Path = VECTORS) -> None:
        files, faults = read_folder(folder)
        checked = check(files, now.date(), faults)
        self.errors: tuple[Fault, ...] = tuple(f for f in checked.faults if f.level == "error")
        self._now = now
        self._judge = Judge(encoder)
        as_of = _as_of(folder, checked.playbooks.initiatives)
        held = shipped_vectors(encoder.name) | read_vectors(vectors, encoder.name) if encoder else {}
        self._snapshot: Snapshot = snapshot(checked.playbooks, as_of, encoder, held)
        self._people = _colleagues(files.get("people.csv", b""), checked.playbooks.organisation.units)
        if not self._snapshot.playbooks.initiatives:
            raise Unanswerable(
                f"no usable playbook in {folder}: run 'throughline check --playbooks {folder}' to see why"
            )

        if encoder and (missing := self._snapshot.index.missing()):
            _encode(missing, encoder, held, vectors)
            self._snapshot = snapshot(checked.playbooks, as_of, encoder, held)

    def answer(self, asked: Asked) -> Response:
        """The response to an employee of every affected unit, or of the unit that is named; a worry that nothing
        answers is met, and nobody is told of it. Raises `Unanswerable`."""
        playbooks = self._snapshot.playbooks
        if asked.initiative and asked.initiative not in playbooks.initiatives:
            there = ", ".join(sorted(playbooks.initiatives))
            raise Unanswerable(f"no usable initiative {asked.initiative!r}; there is: {there}")
        if asked.unit and asked.unit not in playbooks.organisation.units:
            there = ", ".join(sorted(playbooks.organisation.units))
            raise Unanswerable(f"no unit {asked.unit!r} in units.yaml; there is: {there}")
        unit = playbooks.organisation.units.get(asked.unit)
        spoken = asked.locale or detect(asked.text, LANGUAGES) or (unit.locale if unit else "") or "en"
        reader = Reader(
            viewer=Viewer(unit=asked.unit, everywhere=not asked.unit),
            words=Words(spoken, unit.timezone if unit else "UTC", playbooks.organisation.policy.word_for),
            now=self._now,
            playbooks=playbooks,
            index=self._snapshot.index,
            directory=self._people.get,
            as_of=self._snapshot.as_of,
            only=asked.initiative,
        )
        return self._met(asked.text, reader, respond(asked.text, reader))

    def _met(self, text: str, reader: Reader, response: Response) -> Response:
        """The response with what would be said to a worry, where the text is one and nothing answers it."""
        if response.kind == "answer" or not said_freely(text, response):
            return response
        worry = worry_in(self._judge(text), False, text)
        if worry is None:
            return response
        return replace(response, card=shown(reader, is_meant(reader, text, response), text, worry))


def _encode(missing: Sequence[Piece], encoder: Encoder, held: dict[str, bytes], file: Path) -> None:
    """Adds the vectors of these texts to those that are `held`, and keeps them; shows progress on a terminal."""
    shown = sys.stderr.isatty()
    label = "Reading the playbooks for the first time" if not held else "Reading what is new in the playbooks"
    try:
        with click.progressbar(missing, label=label, file=sys.stderr) if shown else nullcontext(missing) as texts:
            for piece in texts:
                held.update(encoded([piece], encoder))
    finally:
        write_vectors(file, encoder.name, held)


def _as_of(folder: Path, initiatives: Iterable[str]) -> dict[str, date]:
    found = {}
    for id in initiatives:
        times = [path.stat().st_mtime for path in (folder / id).glob("*.yaml")]
        if times:
            found[id] = datetime.fromtimestamp(max(times), UTC).date()
    return found


def _colleagues(content: bytes, units: Iterable[str]) -> dict[str, Colleague]:
    rows = read_people(content, frozenset(units)).rows if content else ()
    return {row.email: Colleague(row.name, row.unit) for row in rows}


def answer_batch(desk: Desk, lines: Iterable[bytes], name: str, plain: Callable[[Card], str]) -> Iterator[str]:
    """The lines of JSON that answer these lines of JSON, one by one. Raises `Unanswerable` naming file and line."""
    for number, raw in enumerate(lines, 1):
        if not raw.strip():
            continue
        try:
            id, asked = _question(raw.removeprefix(BOM) if number == 1 else raw)
            yield as_line(desk.answer(asked), plain, {"id": id})
        except Unanswerable as wrong:
            raise Unanswerable(f"{name}:{number}: {wrong}") from None


def as_line(response: Response, plain: Callable[[Card], str], first: Mapping[str, Any] = MappingProxyType({})) -> str:
    """One line of the contract's output for a response; `first` are the keys that stand before it."""
    line = json.dumps({**first, **as_json(response, plain)}, ensure_ascii=False)
    return line.translate(LINE_ENDS)


def as_json(response: Response, plain: Callable[[Card], str]) -> dict[str, Any]:
    """The contract's output for a response, without the id."""
    sources = [
        {
            "initiative": hit.passage.initiative,
            "file": hit.passage.file,
            "heading": hit.passage.heading,
            "score": hit.score,
        }
        for hit in response.hits[:MOST_SOURCES]
    ]
    confidence = response.hits[0].confidence if response.hits else 0.0
    if response.kind == "answer" and not response.hits:
        confidence = 1.0
        word = response.topic.word if response.topic else ""
        file = f"{response.initiative}/initiative.yaml"
        heading = STANDING_KEYS.get(word, word)
        sources = [{"initiative": response.initiative, "file": file, "heading": heading, "score": 1.0}]
    return {
        "answered": response.kind == "answer",
        "text": plain(response.card),
        "confidence": round(confidence, 4),
        "sources": sources,
    }


STANDING_KEYS = {
    "why": "purpose",
    "changes": "units",
    "when": "milestones",
    "who": "project_manager",
    "goals": "kpis",
    "risks": "risks",
    "decided": "decisions",
    "learn": "learning",
    "missed": "milestones",
}


def as_text(response: Response, plain: Callable[[Card], str]) -> str:
    """The response for a person at a terminal: the text, and what one could press."""
    buttons = [choice.label for choice in response.card.choices[:SHOWN_CHOICES]]
    shown = "  ".join(f"[{label}]" for label in buttons)
    return "\n\n".join(part for part in (plain(response.card), shown) if part)


def _question(line: bytes) -> tuple[object, Asked]:
    """The id and the question of one line of a batch. Raises `Unanswerable` saying what is wrong with it."""
    try:
        raw = json.loads(line.decode("utf-8"), parse_constant=_no_number)
    except UnicodeDecodeError:
        raise Unanswerable("this line is not UTF-8; save the file as UTF-8") from None
    except (ValueError, RecursionError):
        raise Unanswerable("this line is not JSON") from None
    if not isinstance(raw, dict) or not isinstance(raw.get("text"), str) or "id" not in raw:
        raise Unanswerable('a line needs "id" and "text"')
    given = {key: raw[key] for key in ("locale", "initiative", "unit") if raw.get(key) is not None}
    for key, value in given.items():
        if not isinstance(value, str):
            raise Unanswerable(f'"{key}" must be a text')
    return raw["id"], Asked(raw["text"], **given)


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is no JSON")
