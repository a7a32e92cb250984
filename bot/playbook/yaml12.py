"""YAML read as YAML 1.2, as plain data with the line of everything, and nothing that executes or explodes.

Only `true` and `false` are booleans and only plain decimal numbers are numbers; `off`, `no`, `19:00` and dates
are words. It knows nothing of what the keys mean. The document is built from the parser's events, so that depth
and size are limited before anything is built.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NoReturn, cast

import yaml

from bot.playbook.text import Unreadable, decode, has_control, line_at

DEEPEST = 30
MOST_VALUES = 100_000
MOST_CHARACTERS = 10_000_000
Value = None | bool | int | float | str | list["Value"] | dict[str | int, "Value"]
Path = tuple[str | int, ...]

_NULL = ("", "~", "null")
_INT = re.compile(r"[-+]?(0|[1-9][0-9]{0,14})")
_FLOAT = re.compile(r"[-+]?(0|[1-9][0-9]{0,14})(\.[0-9]{1,15})?([eE][-+]?[0-9]{1,2})?")
_NOT_BREAKS = {0x85: " ", 0x2028: " ", 0x2029: " "}  # line breaks to YAML 1.1, the parser's own version
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Decimal(float):
    """A number that still shows how it was written: version 1.10 is not version 1.1."""

    written: str

    def __new__(cls, written: str) -> Decimal:
        number = super().__new__(cls, written)
        number.written = written
        return number

    def __str__(self) -> str:
        return self.written


@dataclass(frozen=True, slots=True)
class Document:
    """What a YAML file says, and on which line (from 1) each value or, in a mapping, its key stands."""

    value: Value
    lines: dict[Path, int] = field(default_factory=dict)

    def line(self, *path: str | int) -> int:
        """The line of this value, or of the nearest thing around it that is written."""
        for length in range(len(path), -1, -1):
            if (line := self.lines.get(path[:length])) is not None:
                return line
        return 1


def read(content: bytes | str, first_line: int = 1) -> Document:
    """The one document in this file; `first_line` is where the text begins in its file.

    Raises `Unreadable` for everything else: bad syntax or encoding, a tag, a key given twice, a second document,
    a value within itself, or more depth or values (aliases counted as often as they are used) than a person writes.
    """
    text = (decode(content) if isinstance(content, bytes) else content).translate(_NOT_BREAKS)
    try:
        return _Reader(text, first_line).document()
    except yaml.MarkedYAMLError as wrong:
        last = text.rstrip().count("\n")
        raise Unreadable(min(_line(wrong), last) + first_line, _syntax(wrong)) from None
    except yaml.reader.ReaderError as wrong:
        raise Unreadable(line_at(text, wrong.position) + first_line - 1, "a character that is not allowed") from None
    except yaml.YAMLError as wrong:
        raise Unreadable(first_line, f"this is not YAML: {wrong}") from None


def _line(wrong: yaml.MarkedYAMLError) -> int:
    """The line (from 0) to look at: for what is opened and never closed, where it is opened."""
    mark = (wrong.context_mark if _is_unclosed(wrong) else None) or wrong.problem_mark
    return mark.line if mark else 0


def _is_unclosed(wrong: yaml.MarkedYAMLError) -> bool:
    return "end of stream" in str(wrong.problem) or "flow" in str(wrong.context)


def _syntax(wrong: yaml.MarkedYAMLError) -> str:
    problem = str(wrong.problem or wrong.context)
    if "cannot start any token" in problem:
        advice = "a tab or a special character stands here; indent with spaces and quote the text"
    elif "mapping values are not allowed" in problem:
        advice = 'put a text that holds ": " in quotes, and check how far the line is indented'
    elif _is_unclosed(wrong):
        advice = "a bracket or quote is opened here and not closed, or a comma is missing"
    elif any(words in problem for words in ("expected key", "expected '-'", "block end")):
        advice = "the line does not fit those above; check quotes and how far it is indented"
    else:
        advice = f"{problem}; check quotes, brackets and how far the line is indented"
    return f"this is not YAML: {advice}"


@dataclass(slots=True)
class _Anchor:
    """A finished value that an alias can repeat, with its place in the list of lines and its size."""

    value: Value
    path: Path
    begin: int
    end: int
    characters: int


_Node = yaml.ScalarEvent | yaml.SequenceStartEvent | yaml.MappingStartEvent


class _Reader:
    def __init__(self, text: str, first_line: int) -> None:
        self.events: Iterator[yaml.Event] = yaml.parse(text, Loader=_LOADER)
        self.first_line = first_line
        self.lines: list[tuple[Path, int]] = []
        self.anchors: dict[str | None, _Anchor | None] = {}
        self.characters = 0

    def document(self) -> Document:
        value: Value = None
        seen = False
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                if seen:
                    self._refuse(event, "a second document begins here; write one document a file")
                seen = True
                value = self._value(next(self.events), ())
        lines: dict[Path, int] = {}
        for path, line in self.lines:
            lines.setdefault(path, line)
        return Document(value, lines)

    def _value(self, next_event: yaml.Event, path: Path) -> Value:
        if isinstance(next_event, yaml.AliasEvent):
            return self._repeat(next_event, path)
        event = cast("_Node", next_event)  # the parser's grammar leaves nothing else here
        self._note(event, path)
        if event.tag is not None:
            self._refuse(event, f"the tag {event.tag[:40]!r}; tags are not allowed, write plain values")
        if event.anchor is not None:
            self.anchors[event.anchor] = None
        begin, before = len(self.lines), self.characters
        if isinstance(event, yaml.ScalarEvent):
            value = self._scalar(event)
        elif isinstance(event, yaml.SequenceStartEvent):
            value = self._sequence(path)
        else:
            value = self._mapping(path)
        if event.anchor is not None:
            grown = self.characters - before
            self.anchors[event.anchor] = _Anchor(value, path, begin, len(self.lines), grown)
        return value

    def _sequence(self, path: Path) -> list[Value]:
        items: list[Value] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            items.append(self._value(event, (*path, len(items))))
        return items

    def _mapping(self, path: Path) -> dict[str | int, Value]:
        pairs: dict[str | int, Value] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            key = self._key(event)
            if key in pairs:
                self._refuse(event, f"the key {str(key)[:40]!r} is given twice; remove one of them")
            self._note(event, (*path, key))
            pairs[key] = self._value(next(self.events), (*path, key))
        return pairs

    def _key(self, event: yaml.Event) -> str | int:
        if not isinstance(event, yaml.ScalarEvent) or event.tag is not None or event.anchor is not None:
            self._refuse(event, "a key must be one plain word")
        key = self._scalar(event)
        return key if isinstance(key, int) and not isinstance(key, bool) else str(event.value)

    def _scalar(self, event: yaml.ScalarEvent) -> Value:
        text: str = event.value
        self.characters += len(text)
        if has_control(text):
            self._refuse(event, "a control character; remove it")
        if event.style:
            return text
        if text in _NULL:
            return None
        if text in ("true", "false"):
            return text == "true"
        if _INT.fullmatch(text):
            return int(text)
        return Decimal(text) if _FLOAT.fullmatch(text) else text

    def _repeat(self, event: yaml.AliasEvent, path: Path) -> Value:
        name = f"*{event.anchor}"[:40]
        if event.anchor not in self.anchors:
            self._refuse(event, f"{name} repeats something that is not written above it")
        anchor = self.anchors[event.anchor]
        if anchor is None:
            self._refuse(event, f"{name} repeats something within itself")
        self._note(event, path)
        self.characters += anchor.characters
        values = len(self.lines) + anchor.end - anchor.begin
        if values > MOST_VALUES or self.characters > MOST_CHARACTERS:
            self._refuse(event, f"with {name} repeated there are more than {MOST_VALUES} values, or too long ones")
        for inner, line in self.lines[anchor.begin : anchor.end]:
            repeated = (*path, *inner[len(anchor.path) :])
            if len(repeated) > DEEPEST:
                self._refuse(event, f"more than {DEEPEST} levels deep; write it flatter")
            self.lines.append((repeated, line))
        return anchor.value

    def _note(self, event: yaml.Event, path: Path) -> None:
        if len(path) > DEEPEST:
            self._refuse(event, f"more than {DEEPEST} levels deep; write it flatter")
        if len(self.lines) >= MOST_VALUES:
            self._refuse(event, f"more than {MOST_VALUES} values; split the file")
        self.lines.append((path, self._line(event)))

    def _line(self, event: yaml.Event) -> int:
        return (event.start_mark.line if event.start_mark else 0) + self.first_line

    def _refuse(self, event: yaml.Event, message: str) -> NoReturn:
        raise Unreadable(self._line(event), message)


def written(data: object) -> str:
    """Plain data as YAML, in its own order."""
    return yaml.safe_dump(data, sort_keys=False, allow_unicode=True, width=100).rstrip()
