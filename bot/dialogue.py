"""Dialogue: which ask of a form is next, and what an answer means. Forms are data; what comes next follows by name.

Pure. It knows no capability, no database and no platform; where a platform has forms, only `problems` is needed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any

from bot.cues import is_one_of, plain
from bot.messages import Answers, Ask, Card, Choice
from bot.turn import Reply
from bot.words import Words


@dataclass(frozen=True, slots=True)
class OpenForm:
    """A form that is being filled in by one question after the other. `submits` is what handing it in will say."""

    submits: str
    asks: tuple[Ask, ...]
    answers: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)

    @property
    def waiting_for(self) -> Ask | None:
        """The first ask that has no answer yet; an ask left empty on purpose has the answer '', and one that does not
        go with the answers before it is passed over."""
        given = {f"{name}={value}" for name, value in self.answers.items()}
        fits = (a for a in self.asks if not a.only_with or given & set(a.only_with))
        return next((a for a in fits if a.name not in self.answers), None)

    def to_json(self) -> dict[str, Any]:
        """This, as plain data for the database."""
        return asdict(self)

    @staticmethod
    def from_json(raw: Mapping[str, Any]) -> OpenForm:
        """What `to_json` wrote."""
        card = Card.from_json(json.dumps({"body": "", "asks": raw["asks"], "submits": raw["submits"]}))
        answers = {k: tuple(v) if isinstance(v, list) else v for k, v in raw["answers"].items()}
        return OpenForm(card.submits, card.asks, answers)


def open_form(card: Card, problems: Mapping[str, str] | None = None) -> OpenForm | None:
    """The form that this card is, to be asked one by one; None if it is none.

    A field with a problem does not offer its faulty value again.
    """
    if not card.asks or not card.submits:
        return None
    wrong = problems or {}
    settled = {a.name: _as_filled(a) for a in card.asks if a.settled and a.name not in wrong}
    return OpenForm(card.submits, tuple(replace(a, value="") if a.name in wrong else a for a in card.asks), settled)


def _as_filled(ask: Ask) -> str | tuple[str, ...]:
    """What stands in the field beforehand, as an answer."""
    return ask.value if ask.kind != "multi" else tuple(v for v in ask.value.split(",") if v)


def question(form: OpenForm, words: Words, problem: str = "") -> Card:
    """The card that asks for the next field of the form."""
    ask = form.waiting_for
    if ask is None:
        raise ValueError("the form is complete")
    parts = [problem, ask.question, f"_{ask.hint}_" if ask.hint else ""]
    if ask.value:
        parts.append(words("form.current", value=_label(ask, ask.value)))
    choices = [Choice(o.label, f"fill {ask.name}={o.value}: {form.submits}") for o in ask.options]
    if ask.kind == "multi":
        parts.append(words("form.several"))
    if ask.optional or ask.value:
        choices.append(Choice(words("form.skip"), f"fill {ask.name}=: {form.submits}"))
    choices.append(Choice(words("form.cancel"), "cancel"))
    return Card(
        body="\n\n".join(p for p in parts if p),
        choices=tuple(choices),
        locale=words.language,
    )


def _label(ask: Ask, value: str) -> str:
    return next((o.label for o in ask.options if o.value == value), value)


def fill(form: OpenForm, name: str, text: str, words: Words) -> tuple[OpenForm, str]:
    """The form with this answer in it, or unchanged with the reason why it was not understood."""
    ask = next((a for a in form.asks if a.name == name), None)
    if ask is None:
        return form, words("form.closed")
    value = _understood(ask, text)
    problem = _problem(ask, value, words)
    if problem:
        return form, problem
    return replace(form, answers={**form.answers, name: value}), ""


def _understood(ask: Ask, text: str) -> str | tuple[str, ...]:
    text = text.strip()
    if (ask.optional or ask.value) and is_one_of(plain(text), "cue.skip"):
        return ask.value
    if not text:
        return _as_filled(ask)
    if ask.kind == "choice":
        return _option(ask, text) or text
    if ask.kind == "multi":
        return tuple(_several(ask, text.split(",")))
    return text


def _several(ask: Ask, parts: list[str]) -> Iterator[str]:
    """The options that stand with commas between them; an option that has commas itself is taken whole."""
    at = 0
    while at < len(parts):
        longest = (end for end in range(len(parts), at, -1) if _option(ask, ",".join(parts[at:end])))
        end = next(longest, at + 1)
        one = ",".join(parts[at:end])
        if one.strip():
            yield _option(ask, one) or one.strip()
        at = end


def _option(ask: Ask, text: str) -> str:
    wanted = plain(text)
    if wanted.isdigit() and 0 < int(wanted) <= len(ask.options) and not any(o.value == wanted for o in ask.options):
        return ask.options[int(wanted) - 1].value
    return next((o.value for o in ask.options if wanted in (plain(o.value), plain(o.label))), "")


def problems(asks: tuple[Ask, ...], answers: Answers, words: Words) -> dict[str, str]:
    """What is wrong with the answers of a form, by the name of the field; empty if nothing is."""
    found = {ask.name: _problem(ask, answers.get(ask.name, ""), words) for ask in asks}
    return {name: problem for name, problem in found.items() if problem}


def _problem(ask: Ask, value: str | tuple[str, ...], words: Words) -> str:
    given = [value] if isinstance(value, str) else list(value)
    if not any(v.strip() for v in given):
        return "" if ask.optional else words("form.needed")
    if any(len(v) > ask.longest for v in given):
        return words("form.too-long", longest=words.number(ask.longest))
    if ask.kind in ("choice", "multi") and not {v for v in given if v} <= {o.value for o in ask.options}:
        return words("form.pick-one", options=words.all_of(_told_apart([o.label for o in ask.options], words)))
    if ask.kind == "date" and not _is_date(given[0]):
        return words("form.date")
    return ""


def _told_apart(labels: list[str], words: Words) -> list[str]:
    """In quotation marks where one has a comma itself."""
    if not any("," in label for label in labels):
        return labels
    return [words("form.quoted", text=label) for label in labels]


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text.strip())
    except ValueError:
        return False
    return True


def refilled(card: Card, answers: Answers) -> Card:
    """The form again with what was typed into it, so that nobody types twice."""
    asks = tuple(
        replace(a, value=v if isinstance(v, str) else ",".join(v)) if (v := answers.get(a.name)) else a
        for a in card.asks
    )
    return replace(card, asks=asks)


def incomplete(form: Card, answers: Answers, words: Words) -> Reply | None:
    """The form as the reply, to the person alone: as it is where nothing was handed in, else with what is wrong; None
    where all is well.
    """
    if not answers:
        return Reply(cards=(form,), personal=True)
    wrong = problems(form.asks, answers, words)
    return handed_back(form, answers, wrong) if wrong else None


def handed_back(form: Card, answers: Answers, wrong: Mapping[str, str]) -> Reply:
    """The form again, to the person alone, with what was typed into it and what is wrong with it."""
    return Reply(cards=(refilled(form, answers),), problems=wrong, personal=True)
