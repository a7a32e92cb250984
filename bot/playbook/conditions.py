"""Conditions on the answers of a survey, as written in a playbook: `can-do < 3`, or `<= 2` below a question's name.

Pure; it knows neither the questions nor the answers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_RULE = re.compile(r"\s*([a-z0-9]+(?:-[a-z0-9]+)*)\s*(.*)", re.DOTALL)
_CONDITION = re.compile(r"\s*(<=|>=|!=|==|=|<|>)\s*([^\s<>=!].*?)\s*", re.DOTALL)
_NUMBER = re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,9})?")


class NotACondition(ValueError):
    """A text that compares nothing; the message says what to write."""


@dataclass(frozen=True, slots=True)
class Condition:
    """An answer compared with a number, or (`=` and `!=` only) with an option's text."""

    comparison: str
    value: float | str

    def means(self, option: str) -> bool:
        """Whether this is the option that is meant; one that looks like a number is read as one."""
        if isinstance(self.value, str):
            return option == self.value
        return _NUMBER.fullmatch(option.strip()) is not None and float(option) == self.value


def parse_condition(text: str) -> Condition:
    """`<= 2` or `= no`. Raises `NotACondition`."""
    found = _CONDITION.fullmatch(text)
    if not found:
        raise NotACondition('write a comparison and a value, for example "<= 2" or "= no"')
    comparison = "=" if found[1] == "==" else found[1]
    if _NUMBER.fullmatch(found[2]):
        return Condition(comparison, float(found[2]))
    if comparison in ("=", "!="):
        return Condition(comparison, found[2])
    raise NotACondition(f'{comparison} needs a number, for example "{comparison} 3"')


def parse_rule(text: str) -> tuple[str, Condition]:
    """`can-do < 3` as the question's id and the condition. Raises `NotACondition`."""
    found = _RULE.fullmatch(text)
    if not found:
        raise NotACondition('write a question\'s id, a comparison and a number, for example "can-do < 3"')
    return found[1], parse_condition(found[2])
