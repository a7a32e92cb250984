"""What of a reply is posted where: in the place it was said in, to the person directly, to others; and the first words.

It decides nothing of what is said, and gives posts whose keys make them unique however often they are made.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from bot.capabilities.greet import welcome
from bot.capabilities.questions import waiting_card
from bot.cues import is_one_of, plain
from bot.messages import Card, Choice, Post, Said
from bot.turn import Reply, Turn

CANCEL = "cancel"


def posts_of(turn: Turn, reply: Reply, first: bool, has_forms: bool) -> list[Post]:
    """The posts of a reply. With `first` the person is welcomed before, and a mere greeting is answered by that.

    Where a platform `has_forms`, a form with faults stays open on the screen and is not posted again; where the
    answer can open a form, the form is not posted but opened (`form_to_open`).
    """
    key = f"{turn.said.place.platform}:{turn.said.event}"
    posts = _first_words(turn, reply, key) if first else []
    if first and _was_only_a_greeting(turn):
        return posts
    if reply.problems and has_forms:
        if turn.said.how == "form":
            return [*posts, *reply.posts]
        # No form is on the screen yet in which the problem could stand at its field.
        reply = replace(reply, cards=tuple(_with(reply.problems.values(), card) for card in reply.cards))
    opened = form_to_open(turn.said, reply)
    cards = [(f"{key}:{n}", card) for n, card in enumerate(reply.cards) if card is not opened]
    if not reply.personal:
        place = turn.said.place
        posts += [Post(key=k, card=_answerable(turn, c), place=place, reply=True) for k, c in cards]
        return [*posts, *reply.posts]
    posts += [_to_person(turn, k, c) for k, c in cards]
    if cards and not turn.reader.direct:
        note = Card(body=turn.words("welcome.sent-directly"), locale=turn.words.language)
        posts.append(Post(key=f"{key}:note", card=note, place=turn.said.place, reply=True))
    return [*posts, *reply.posts]


def _with(problems: Iterable[str], card: Card) -> Card:
    return replace(card, body="\n\n".join([*problems, card.body])) if card.asks else card


def _answerable(turn: Turn, card: Card) -> Card:
    """In a place that others read, only mentions are heard: the card carries what can be pressed to answer it."""
    says = [choice.says for choice in card.choices]
    if turn.reader.direct or card.asks or not (says or card.source) or CANCEL in says:
        return card
    return replace(card, choices=(*card.choices, Choice(turn.words("reply.button"), "reply")))


def form_to_open(said: Said, reply: Reply) -> Card | None:
    """The form that is opened in answer, where the platform can do that at this moment."""
    return next((card for card in reply.cards if card.asks), None) if said.opens else None


def _first_words(turn: Turn, reply: Reply, key: str) -> list[Post]:
    """The welcome, and what already waits for the person, unless the reply shows it anyway."""
    cards = [welcome(turn)]
    waiting = waiting_card(turn)
    if waiting is not None and waiting not in reply.cards:
        cards.append(waiting)
    return [_to_person(turn, f"{key}:first:{n}", card) for n, card in enumerate(cards)]


def _was_only_a_greeting(turn: Turn) -> bool:
    said = turn.said
    text = plain(said.text)
    return turn.reader.direct and said.how == "typed" and (not text or is_one_of(text, "cue.greeting"))


def _to_person(turn: Turn, key: str, card: Card) -> Post:
    if turn.reader.direct:
        return Post(key=key, card=card, place=turn.said.place, reply=True)
    return Post(key=key, card=card, person=turn.person.key, reply=True)
