"""A card as a Teams message with an Adaptive Card. Pure: the same card gives the same message.

Nothing fails and nothing goes silently: what is too long is cut with an ellipsis, and a button that there is no room
for is named. Text of people never takes effect as markup or as a mention.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from adapters.plain import cut
from adapters.teams import elements, lengths, limits, markdown
from adapters.teams.elements import Element
from adapters.teams.look import Labels, Look
from adapters.teams.markdown import Block
from bot.messages import Answers, Card, picture_of

_DETAILS: Final = "details"
# How much of each part there may be, in characters with what they cost to carry, before the body is cut for them.
_ROOM: Final = {"details": 2_000, "facts": 4_000, "table": 12_000, "words": 1_000, "says": 8_000}
_SHARES: Final = (1.0, 0.5, 0.2, 0.05)
_LEAST_BODY: Final = 1_500
# What a button takes besides its text: its label, and itself a second time for clients that know only the older kind.
_BUTTON: Final = 250


@dataclass(frozen=True, slots=True)
class Filled:
    """What was handed in to a form before and what is wrong with it, by the names of the fields."""

    answers: Answers = field(default_factory=dict)
    problems: Mapping[str, str] = field(default_factory=dict)


def message(card: Card, look: Look, *, inline: bool = False) -> dict[str, Any]:
    """The card as an activity for the Connector, below `limits.ACTIVITY_BYTES`.

    The words are in the card alone, since Teams shows a text beside it a second time; `summary` is what notifications
    say. With `inline` a form stands in the message itself, if it fits, instead of behind a button that opens a dialog.
    """
    made = _fitted(card, _Way(inline), lambda way: _activity(card, look, way))
    return made if not inline or limits.size(made) <= limits.ACTIVITY_BYTES else message(card, look)


def adaptive(card: Card, look: Look, *, inline: bool = False, filled: Filled | None = None) -> dict[str, Any]:
    """The Adaptive Card alone, for the answer to a press. `inline` and `filled` as for a form that is not accepted."""
    return _fitted(card, _Way(inline, filled=filled or Filled()), lambda way: _adaptive(card, look, way))


def in_dialog(card: Card, look: Look, filled: Filled | None = None) -> dict[str, Any]:
    """The Adaptive Card for a dialog: with its fields, and without the title, which the dialog itself shows."""
    return _fitted(card, _Way(True, True, filled or Filled()), lambda way: _adaptive(card, look, way))


def mention(name: str, account: str) -> tuple[str, dict[str, Any]]:
    """A person's mention as it stands in a text, and the entity beside the text that makes Teams notify them.

    `account` is the bot's id of the person (`29:…`); both must name the person to the letter or Teams shows mere text.
    """
    shown = " ".join("".join(c for c in name if c not in "<>&").split()) or markdown.ELLIPSIS
    marked = f"<at>{shown}</at>"
    return marked, {"type": "mention", "text": marked, "mentioned": {"id": account, "name": shown}}


@dataclass(frozen=True, slots=True)
class _Way:
    """How to show a card: with its fields or a button to them, with a picture that it carries or the words for it, and
    how long its body and its other parts may be.
    """

    inline: bool = False
    dialog: bool = False
    filled: Filled = field(default_factory=Filled)
    picture: bool = True
    body: int = limits.ACTIVITY_BYTES
    share: float = 1.0

    def room(self, part: str) -> int:
        return int(_ROOM[part] * self.share)


def _fitted(card: Card, way: _Way, show: Callable[[_Way], dict[str, Any]]) -> dict[str, Any]:
    """The largest that fits: a picture gives way to its words first, then the body is cut for the other parts, and
    they for it only where it would be nothing.
    """
    if limits.size(whole := show(way)) <= limits.ACTIVITY_BYTES:
        return whole
    if way.picture and picture_of(card):
        return _fitted(card, replace(way, picture=False), show)
    longest = lengths.room(_blocks(card.body, way.body))
    for share in _SHARES:
        smaller = replace(way, share=share)
        least = limits.size(show(replace(smaller, body=_LEAST_BODY)))
        if least <= limits.ACTIVITY_BYTES:
            return _with_long_body(longest, least, _sized(smaller, show))
    return show(replace(way, share=_SHARES[-1], body=1))


def _sized(way: _Way, show: Callable[[_Way], dict[str, Any]]) -> Callable[[int], dict[str, Any]]:
    return lambda room: show(replace(way, body=room))


def _with_long_body(longest: int, least: int, show: Callable[[int], dict[str, Any]]) -> dict[str, Any]:
    """With as much of the body as fits. `least` is the size with `_LEAST_BODY` of it, and the rest is in proportion."""
    while (size := limits.size(shown := show(longest))) > limits.ACTIVITY_BYTES:
        share = 0.98 * (limits.ACTIVITY_BYTES - least) / (size - least)
        longest = min(longest - 1, _LEAST_BODY + int((longest - _LEAST_BODY) * share))
    return shown


def _activity(card: Card, look: Look, way: _Way) -> dict[str, Any]:
    content = _adaptive(card, look, way)
    return {
        "type": "message",
        "summary": _summary(card, limits.SUMMARY),
        "attachments": [{"contentType": limits.CARD_TYPE, "content": content}],
    }


def _adaptive(card: Card, look: Look, way: _Way) -> dict[str, Any]:
    labels, words = look.labels(card.locale), _summary(card, limits.FALLBACK_TEXT)
    actions, unpressable = _actions(card, look, way, labels)
    shown = [*_read(card, look, way), *(_fields(card, way, labels) if way.inline else ())]
    aside = (cut(part, way.room("words")) for part in (" · ".join(unpressable), card.source))
    shown += [elements.subtle(part) for part in aside if part.strip()]
    if card.details:
        hidden = elements.body(_blocks(card.details, way.room("details"))) or [elements.text(markdown.ELLIPSIS)]
        shown.append({"type": "Container", "id": _DETAILS, "isVisible": False, "items": hidden})
    return {
        "type": "AdaptiveCard",
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "version": limits.CARD_VERSION,
        "lang": card.locale[:2] or "en",
        "fallbackText": markdown.literal(words),
        # Angle brackets would make it a speech document.
        "speak": cut("".join(c for c in words if c not in "<>"), limits.SPOKEN).strip() or markdown.ELLIPSIS,
        "body": shown or [elements.text(markdown.ELLIPSIS)],
        **({"actions": elements.arranged(actions)} if actions else {}),
        "msteams": {"width": "Full"},
    }


def _read(card: Card, look: Look, way: _Way) -> Iterator[Element]:
    """What there is to read, in the order in which it is read."""
    if card.title.strip() and not way.dialog:
        yield elements.title(card.title)
    yield from elements.body(_blocks(card.body, way.body))
    if card.facts:
        yield elements.facts(card.facts, way.room("facts"))
    if any(card.table):
        yield elements.table(card.table, way.room("table"))
    if card.image:
        words = cut(card.image_text, way.room("words")).strip() or cut(card.title, limits.TITLE).strip()
        # Adaptive Cards take a data address since 1.2 (schema, `Image.url`).
        address = card.image if way.picture and picture_of(card) else look.link(card.image)
        if address:
            yield elements.image(address, words or markdown.ELLIPSIS)
        else:
            yield elements.text(markdown.literal(words) or markdown.ELLIPSIS)


def _blocks(body: str, longest: int) -> list[Block]:
    # More characters than bytes cannot fit anyway, and reading them takes time.
    return lengths.cut(markdown.read(cut(body, limits.ACTIVITY_BYTES)), longest)


def _fields(card: Card, way: _Way, labels: Labels) -> Iterator[Element]:
    for ask in card.asks:
        yield from elements.field(ask, way.filled.answers, way.filled.problems.get(ask.name, ""), labels)


def _actions(card: Card, look: Look, way: _Way, labels: Labels) -> tuple[list[Element], list[str]]:
    """The buttons, and in words those that cannot be one."""
    made: list[Element] = []
    words: list[str] = []
    if card.asks and way.inline:
        made.append(elements.hand_in(card.submit_label or labels.send, card.submits, way.dialog))
    elif card.asks:
        made.append(elements.open_dialog(labels.fill_in, card.submits))
    room = way.room("says")
    for choice in card.choices:
        address = look.link(choice.url)
        room -= len(choice.says) + len(address) + _BUTTON
        if room < 0 or (choice.url and not address):
            words.append(" ".join(f"{choice.label} {choice.url}".split()))
        elif address:
            made.append(elements.open_address(choice, address))
        else:
            made.append(elements.press(choice, way.dialog, way.inline and bool(card.asks)))
    if card.details:
        made.append(elements.show_details(labels.details, _DETAILS))
    return made, words


def _summary(card: Card, longest: int) -> str:
    """The beginning of the card in words on one line, never empty."""
    said = [card.title, *(block.text for block in _blocks(card.body, 4 * longest))]
    said += [f"{label}: {value}" for label, value in card.facts] + [" ".join(row) for row in card.table]
    said += [card.image_text, card.source, *(ask.question for ask in card.asks)]
    said += [choice.label for choice in card.choices]
    return cut(" ".join(" ".join(said).split()), longest) or markdown.ELLIPSIS
