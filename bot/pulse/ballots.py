"""A ballot: what somebody answered, and the unit it counts for. All ballots of a survey are made equally long. Pure.

It knows neither who answered nor when. What it writes is sealed and padded by the store.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.playbook.shared_files import PulseTemplate, Question
from bot.pulse.forms import LONGEST_TEXT, Answer

# Two bytes for each character are enough for every text in Latin, Greek or Cyrillic letters; a longer one is refused.
LONGEST_IN_BYTES = 2 * LONGEST_TEXT
_UNIT = 200
_STEP = 256
# Quotation marks, colon and comma; the digits of a number.
_AROUND, _NUMBER = 8, 11


@dataclass(frozen=True, slots=True)
class Ballot:
    """What one person answered. `answers` are points of scales and numbers of options, `texts` free texts, both by the
    id of their question; `unit` is where the person was when they were asked.
    """

    unit: str
    answers: Mapping[str, int | tuple[int, ...]]
    texts: Mapping[str, str]

    @staticmethod
    def of(unit: str, answers: Mapping[str, Answer]) -> Ballot:
        """The ballot with these answers."""
        texts = {name: answer for name, answer in answers.items() if isinstance(answer, str)}
        others = {name: answer for name, answer in answers.items() if not isinstance(answer, str)}
        return Ballot(unit if len(unit.encode()) <= _UNIT else "", others, texts)

    def to_json(self) -> str:
        """This as text, of at most `length` bytes if all its texts `fits`."""
        return _json({"u": self.unit, "a": self.answers, "t": self.texts})

    @staticmethod
    def from_json(text: str) -> Ballot:
        """What `to_json` wrote."""
        raw = json.loads(text)
        answers = {name: tuple(one) if isinstance(one, list) else one for name, one in raw["a"].items()}
        return Ballot(raw["u"], answers, raw["t"])


def fits(text: str) -> bool:
    """Whether a free text has room in a ballot."""
    return len(_json(text).encode("utf-8", "surrogatepass")) <= LONGEST_IN_BYTES


def length(template: PulseTemplate) -> int:
    """The bytes of the longest ballot of this template: all are padded to that."""
    needed = _UNIT + sum(len(question.id) + _AROUND + _room(question) for question in template.questions) + 3 * _AROUND
    return -(-needed // _STEP) * _STEP


def _room(question: Question) -> int:
    if question.type == "text":
        return LONGEST_IN_BYTES
    return _NUMBER * len(question.options) if question.type == "multi" else _NUMBER


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
