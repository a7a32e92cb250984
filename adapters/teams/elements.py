"""The elements of an Adaptive Card as plain JSON, each made so that Teams shows it well. Pure.

Whatever text goes in is shown to the letter unless it says that it is Markdown.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from typing import Any
from urllib.parse import quote

from adapters.plain import cut
from adapters.teams import lengths, limits, markdown
from adapters.teams.look import Labels
from adapters.teams.markdown import Block
from adapters.teams.parse import SAYS, SUBMITS
from bot.messages import Answers, Ask, Choice

Element = dict[str, Any]
# Stands where there is nothing, since Teams shows no cell or value without a text.
EMPTY = "–"
# What a fact and a cell take besides their words.
_FACT, _CELL = 30, 80
_STYLES = {"primary": "positive", "danger": "destructive"}


def text(written: str, **more: Any) -> Element:
    """A text block of Markdown that Teams understands; it wraps."""
    return {"type": "TextBlock", "text": written, "wrap": True, **more}


def title(words: str) -> Element:
    """The heading of a card, which screen readers announce as one."""
    return text(
        markdown.literal(cut(words, limits.TITLE)).replace("\n\n", " "), size="Medium", weight="Bolder", style="heading"
    )


def body(blocks: Sequence[Block]) -> list[Element]:
    """The blocks of a body: paragraphs line by line, lists as lists, quotations and code set off."""
    parts = [part for block in blocks for part in lengths.split(block, limits.TEXT_BLOCK)]
    found: list[Element] = []
    for (aside, listed), grouped in groupby(parts, lambda b: (b.quoted or b.code, bool(b.mark))):
        group = list(grouped)
        made = [_list(group)] if listed else [e for block in group for e in _paragraph(block)]
        found += [{"type": "Container", "style": "emphasis", "items": made}] if aside else made
    return found


def _paragraph(block: Block) -> list[Element]:
    more: Element = {"fontType": "Monospace"} if block.code else {"weight": "Bolder"} if block.heading else {}
    made = [text(markdown.write(line), **more) for line in markdown.lines(block)]
    return made[:1] + [{**line, "spacing": "None"} for line in made[1:]]


def _list(items: Sequence[Block]) -> Element:
    rows = [(item, " ".join(markdown.write(line) for line in markdown.lines(item))) for item in items]
    return text("\n".join(f"{'   ' * item.depth}{item.mark}{written}" for item, written in rows), spacing="Small")


def facts(pairs: Sequence[tuple[str, str]], room: int) -> Element:
    """Labels with their values, of as many characters as there is room for."""
    shown: list[Element] = []
    for label, value in pairs:
        if room < _FACT:
            shown.append({"title": markdown.ELLIPSIS, "value": markdown.ELLIPSIS})
            break
        name, words = cut(label, room - _FACT + 1), cut(value, room - _FACT + 1)
        room -= len(name) + len(words) + _FACT
        shown.append({"title": markdown.literal(name) or EMPTY, "value": markdown.literal(words) or EMPTY})
    return {"type": "FactSet", "facts": shown}


def table(rows: Sequence[Sequence[str]], room: int) -> Element:
    """A table whose first row is its head, as Teams takes it by itself; short rows are filled up, long ones cut."""
    width = min(max(len(row) for row in rows), limits.COLUMNS)
    shown: list[Element] = []
    for number, row in enumerate(rows):
        cells = [*row, *[""] * (width - len(row))] if len(row) <= width else [*row[: width - 1], markdown.ELLIPSIS]
        room -= sum(len(cell) for cell in cells) + width * _CELL
        if room < 0 and number:
            shown.append(_row([markdown.ELLIPSIS] * width, head=False))
            break
        shown.append(_row([cut(cell, limits.HEAD_CELL) if not number else cell for cell in cells], head=not number))
    return {"type": "Table", "columns": [{"width": 1} for _ in range(width)], "rows": shown}


def _row(cells: Sequence[str], head: bool) -> Element:
    return {"type": "TableRow", "cells": [_cell(cell, head) for cell in cells]}


def _cell(words: str, head: bool) -> Element:
    shown = text(markdown.literal(words) or EMPTY, **({"weight": "Bolder"} if head else {}))
    return {"type": "TableCell", "items": [shown]}


def image(address: str, words: str) -> Element:
    """A picture with the words that stand for it."""
    return {"type": "Image", "url": address, "altText": words, "size": "Stretch"}


def subtle(words: str) -> Element:
    """A line that steps back, such as where something is from."""
    return text(markdown.literal(words), isSubtle=True, size="Small")


def press(choice: Choice, in_dialog: bool, beside_fields: bool) -> Element:
    """A button that says its text. In a dialog only `Action.Submit` works; it never hands in the fields beside it."""
    submit = {"type": "Action.Submit", **_label(choice.label), "data": {SAYS: choice.says}}
    apart = {"associatedInputs": "none"} if beside_fields else {}
    style = {"style": _STYLES[choice.style]} if choice.style else {}
    if in_dialog:
        return {**submit, **style, **apart}
    execute = {**submit, "type": "Action.Execute", "verb": SAYS, **style, **apart}
    return {**execute, "fallback": {**submit, **apart}}


def open_address(choice: Choice, address: str) -> Element:
    """A button that opens a page."""
    style = {"style": _STYLES[choice.style]} if choice.style else {}
    return {"type": "Action.OpenUrl", **_label(choice.label), "url": address, **style}


def open_dialog(label: str, says: str) -> Element:
    """A button that asks for a dialog: the bot hears `says` and answers with the form."""
    data = {"msteams": {"type": "task/fetch"}, SAYS: says}
    return {"type": "Action.Submit", **_label(label), "style": "positive", "data": data}


def hand_in(label: str, submits: str, in_dialog: bool) -> Element:
    """The button that hands the fields in."""
    submit = {"type": "Action.Submit", **_label(label), "data": {SUBMITS: submits}}
    if in_dialog:
        return {**submit, "style": "positive"}
    return {**submit, "type": "Action.Execute", "verb": SUBMITS, "style": "positive", "fallback": submit}


def show_details(label: str, hidden: str) -> Element:
    """A button that shows an element and hides it again."""
    return {"type": "Action.ToggleVisibility", **_label(label), "targetElements": [hidden]}


def arranged(actions: Sequence[Element]) -> list[Element]:
    """Buttons with those that have no room behind "…", so that all can be pressed."""
    shown = limits.ACTIONS_SHOWN if len(actions) <= limits.ACTIONS_SHOWN else limits.ACTIONS_SHOWN - 1
    return [*actions[:shown], *({**action, "mode": "secondary"} for action in actions[shown:])]


def _label(words: str) -> Element:
    whole = " ".join(words.split()) or markdown.ELLIPSIS
    short = cut(whole, limits.LABEL)
    return {"title": short} if short == whole else {"title": short, "tooltip": whole}


def field(ask: Ask, answers: Answers, problem: str, labels: Labels) -> list[Element]:
    """A field with its hint, and what is wrong with its answer; what was answered stands in it."""
    given = answers.get(ask.name, ask.value)
    # The kind stands before the name, so that the answer can be read without the card.
    common: Element = {"id": f"{ask.kind}.{ask.name}", "label": ask.question.strip() or ask.name}
    common |= {} if ask.optional else {"isRequired": True, "errorMessage": markdown.literal(labels.needed)}
    made = [{**_input(ask, given if isinstance(given, str) else ",".join(map(encode, given)), common)}]
    if ask.hint.strip():
        made.append({**subtle(ask.hint), "spacing": "Small"})
    if problem.strip():
        made.append(text(markdown.literal(problem), color="Attention", weight="Bolder", spacing="Small"))
    return made


def encode(value: str) -> str:
    """The value of an option as it travels: Teams puts commas between several."""
    return quote(value, safe="")


def _input(ask: Ask, given: str, common: Element) -> Element:
    if ask.kind == "text":
        long = {"isMultiline": True} if ask.longest > limits.SHORT_ANSWER else {}
        value = {"value": given} if given else {}
        return {"type": "Input.Text", **common, "maxLength": ask.longest, **long, **value}
    if ask.kind == "date":
        return {"type": "Input.Date", **common, **({"value": given} if _is_date(given) else {})}
    return _choices(ask, given, common)


def _choices(ask: Ask, given: str, common: Element) -> Element:
    known = {encode(option.value) for option in ask.options}
    wanted = given.split(",") if ask.kind == "multi" else [given]
    picked = [one for value in wanted for one in (value, encode(value)) if one in known]
    several = {"isMultiSelect": True} if ask.kind == "multi" else {}
    many = len(ask.options) > limits.OPTIONS_SHOWN and not several
    return {
        "type": "Input.ChoiceSet",
        **common,
        **several,
        "style": "compact" if many else "expanded",
        "wrap": True,
        "choices": [{"title": o.label.strip() or o.value, "value": encode(o.value)} for o in ask.options],
        **({"value": ",".join(dict.fromkeys(picked))} if picked else {}),
    }


def _is_date(given: str) -> bool:
    try:
        return date.fromisoformat(given).isoformat() == given
    except ValueError:
        return False
