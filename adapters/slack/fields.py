"""The fields of a modal: each ask as an input block, and what was entered read back by the name of the ask. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from adapters.slack import limits
from adapters.slack.blocks import fitted, plain_text
from adapters.slack.mrkdwn import clean
from adapters.slack.rich import Element, size, units
from bot.messages import Ask, Option

# More than this is expected to take more than one line.
ONE_LINE = 150
# Options may take so much of a view; a form with thousands of them is no form any more.
OPTIONS_ROOM = 30_000
Aliases = dict[str, dict[str, str]]


@dataclass(slots=True)
class Values:
    """What Slack cannot carry as the value of an option, by a short alias, within what a view can remember.

    Slack gives back the view as it was opened, aliases included, so nothing has to be kept in between.
    """

    room: int
    aliases: Aliases = field(default_factory=dict)

    def carried(self, ask: str, place: int, value: str) -> str:
        """The value for Slack: itself, or an alias; '' where there is no room for it."""
        if 0 < units(value) <= limits.OPTION_VALUE and not value.startswith("#") and value == clean(value).strip():
            return value
        cost = size({ask: {f"#{place}": value}}) + 2
        if cost > self.room:
            return ""
        self.room -= cost
        self.aliases.setdefault(ask, {})[f"#{place}"] = value
        return f"#{place}"


def block_id(place: int, name: str) -> str:
    """The id of a field. The same form gives the same ids, so that Slack keeps what was entered over an update."""
    return fitted(f"{place}.{clean(name)}", limits.IDENTIFIER)


def name_of(block: str) -> str:
    """The name of the ask that `block_id` made this id of."""
    return block.partition(".")[2]


def input_block(ask: Ask, place: int, values: Values, value: str | tuple[str, ...] = "") -> Element:
    """The ask as an input block, filled in with `value`, else with the ask's own."""
    made: Element = {
        "type": "input",
        "block_id": block_id(place, ask.name),
        "label": plain_text(ask.question or ask.name, limits.LABEL),
        "optional": ask.optional,
        "element": {"action_id": block_id(place, ask.name), **_element(ask, values, value or ask.value)},
    }
    return made | ({"hint": plain_text(ask.hint, limits.HINT)} if ask.hint.strip() else {})


def _element(ask: Ask, values: Values, value: str | tuple[str, ...]) -> Element:
    if ask.kind == "date":
        return _date(value)
    if ask.kind in ("choice", "multi") and (found := _options(ask, values)):
        chosen = value if isinstance(value, tuple) else tuple(value.split(",")) if ask.kind == "multi" else (value,)
        initial = [option for option, own in found if own in chosen]
        options = [option for option, _ in found]
        return _multi(options, initial) if ask.kind == "multi" else _choice(options, initial[:1], ask.optional)
    return _text(ask, value if isinstance(value, str) else ", ".join(value))


def _date(value: str | tuple[str, ...]) -> Element:
    made: Element = {"type": "datepicker"}
    with suppress(ValueError):
        made["initial_date"] = date.fromisoformat(str(value)).isoformat()
    return made


def _text(ask: Ask, value: str) -> Element:
    longest = min(max(ask.longest, 1), limits.INPUT)
    made: Element = {"type": "plain_text_input", "multiline": ask.longest > ONE_LINE, "max_length": longest}
    filled_in = fitted(clean(value), longest)
    return made | ({"initial_value": filled_in} if filled_in else {})


def _options(ask: Ask, values: Values) -> list[tuple[Element, str]]:
    """The options as Slack shows them, each with the value it stands for; what there is no room for is left out."""
    found: list[tuple[Element, str]] = []
    seen: set[str] = set()
    room = OPTIONS_ROOM
    for place, option in enumerate(ask.options):
        carried = values.carried(ask.name, place, option.value)
        if not carried or carried in seen:
            continue
        made = _option(option, carried)
        room -= size(made) + 1
        if room < 0:
            break
        seen.add(carried)
        found.append((made, option.value))
    return found


def _option(option: Option, carried: str) -> Element:
    """A long label goes on in the description."""
    label = " ".join((option.label or option.value).split())
    text = plain_text(label, limits.OPTION_TEXT)
    made: Element = {"text": text, "value": carried}
    shown = text["text"].removesuffix("…")
    rest = label[len(shown) :].strip() if text["text"] != label and label.startswith(shown) else ""
    return made | ({"description": plain_text(rest, limits.OPTION_DESCRIPTION)} if rest else {})


def _choice(options: Sequence[Element], initial: Sequence[Element], optional: bool) -> Element:
    # A radio button that was pressed can never be taken back; what is optional must be.
    few = len(options) <= limits.OPTIONS_IN_BOXES and not optional
    made = {"type": "radio_buttons", "options": list(options)} if few else {"type": "static_select", **_list(options)}
    return made | ({"initial_option": initial[0]} if initial else {})


def _multi(options: Sequence[Element], initial: Sequence[Element]) -> Element:
    few = len(options) <= limits.OPTIONS_IN_BOXES
    made = (
        {"type": "checkboxes", "options": list(options)} if few else {"type": "multi_static_select", **_list(options)}
    )
    return made | ({"initial_options": list(initial)} if initial else {})


def _list(options: Sequence[Element]) -> Element:
    """Up to a hundred as they are, more in groups that are named for their first and last."""
    most = limits.OPTIONS_IN_SELECT
    if len(options) <= most:
        return {"options": list(options)}
    groups = [list(options[n : n + most]) for n in range(0, len(options), most)][: limits.GROUPS_IN_SELECT]
    return {"option_groups": [{"label": _span(group), "options": group} for group in groups]}


def _span(group: Sequence[Element]) -> Element:
    half = limits.GROUP_LABEL // 2 - 2
    first, last = (fitted(option["text"]["text"], half) for option in (group[0], group[-1]))
    return plain_text(f"{first} – {last}", limits.GROUP_LABEL)


def entered(state: Mapping[str, Any], aliases: Mapping[str, Mapping[str, str]]) -> dict[str, str | tuple[str, ...]]:
    """What was entered into each field, by the name of its ask: the values of the options, not what Slack carried."""
    answers: dict[str, str | tuple[str, ...]] = {}
    for block, elements in state.get("values", {}).items():
        name = name_of(block)
        for element in elements.values():
            answers[name] = _entered(element, aliases.get(name, {}))
    return answers


def _entered(element: Mapping[str, Any], own: Mapping[str, str]) -> str | tuple[str, ...]:
    if "selected_options" in element:
        return tuple(own.get(o["value"], o["value"]) for o in element["selected_options"] or ())
    if "selected_option" in element:
        value = str((element["selected_option"] or {}).get("value", ""))
        return own.get(value, value)
    return clean(str(element.get("selected_date") or element.get("value") or ""))
