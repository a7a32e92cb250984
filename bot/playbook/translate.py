"""A translated YAML file laid over its original: texts replace texts, and everything else must stay as it is.

It knows which keys hold texts; it does not judge whether the result makes sense.
"""

from __future__ import annotations

from bot.playbook.fault import Fault
from bot.playbook.naming import nearest, shown
from bot.playbook.yaml12 import Document, Path, Value

_TEXTS = """
    name description summary purpose in out changes gains losses stays objectives if_we_do_nothing makes_possible
    kind replaced kept connected what why how_to_be_heard how unit done_when say risk response decides meets
    evidence where propose intro text labels options
"""
TEXT_KEYS = frozenset(_TEXTS.split())


def overlay(original: Value, translation: Document, file: str) -> tuple[Value, list[Fault]]:
    """The original with the translated texts in place, and what in the translation is no translation of it."""
    layer = _Layer(translation, file)
    return layer.value(original, translation.value, ()), layer.faults


class _Layer:
    def __init__(self, document: Document, file: str) -> None:
        self.document = document
        self.file = file
        self.faults: list[Fault] = []

    def value(self, old: Value, new: Value, path: Path) -> Value:
        if new is None:
            return old
        if isinstance(old, dict):
            return self._mapping(old, new, path)
        if isinstance(old, list):
            return self._list(old, new, path)
        if _holds_text(path) and isinstance(old, str) and isinstance(new, str):
            return new
        if str(old) != str(new):
            self._error(path, f"{shown(new)} differs from the original's {shown(old)}; only texts are translated")
        return old

    def _mapping(self, old: dict[str | int, Value], new: Value, path: Path) -> Value:
        if not isinstance(new, dict):
            self._error(path, "this must hold the same keys as in the original")
            return old
        result = dict(old)
        for key, inner in new.items():
            if old.get(key) is None:
                known = nearest(str(key), map(str, old))
                self._error((*path, key), f"the original has no {shown(key)} here{known}")
            else:
                result[key] = self.value(old[key], inner, (*path, key))
        return result

    def _list(self, old: list[Value], new: Value, path: Path) -> Value:
        if not isinstance(new, list):
            self._error(path, "this must be a list as in the original")
            return old
        result = list(old)
        by_id = {item["id"]: n for n, item in enumerate(old) if isinstance(item, dict) and _is_id(item.get("id"))}
        for position, inner in enumerate(new):
            here = (*path, position)
            place: int | None = position if position < len(old) else None
            if isinstance(inner, dict) and (by_id or "id" in inner):
                name = inner.get("id")
                place = by_id.get(name) if _is_id(name) else None
            if place is None:
                self._error(here, self._unknown(inner, by_id))
            else:
                result[place] = self.value(old[place], inner, here)
        self._missing(old, new, by_id, path)
        return result

    def _missing(self, old: list[Value], new: list[Value], by_id: dict[Value, int], path: Path) -> None:
        """What people would read in two languages: a list of texts that is shorter, a survey that lacks a question."""
        if all(isinstance(item, str) for item in old) and len(new) < len(old):
            message = f"{len(new)} of the original's {len(old)} entries are translated here; the rest stays as it is"
            self._warn(path, message)
        if by_id and path[-1:] == ("questions",):
            there = {item.get("id") for item in new if isinstance(item, dict)}
            for name in by_id.keys() - there:
                self._warn(path, f"the question {shown(name)} is not translated here")

    def _unknown(self, item: Value, known: dict[Value, int]) -> str:
        if not isinstance(item, dict) or not known:
            return "the original has fewer entries in this list"
        name = item.get("id")
        if not _is_id(name):
            return "the id is missing; write the same as in the original"
        return f"the original has no {shown(name)} here{nearest(str(name), map(str, known))}"

    def _warn(self, path: Path, message: str) -> None:
        self.faults.append(Fault(self.file, self.document.line(*path), "warning", message))

    def _error(self, path: Path, message: str) -> None:
        self.faults.append(Fault(self.file, self.document.line(*path), "error", message))


def _is_id(value: Value) -> bool:
    return isinstance(value, str | int)


def _holds_text(path: Path) -> bool:
    """Whether the nearest key is one of texts; positions in lists and the points of a scale are no keys."""
    return next((step for step in reversed(path) if isinstance(step, str)), "") in TEXT_KEYS
