"""Where a conversation stands: its key, what it is about, in which language, and the form that is being filled in.

Pure. What is stored of it is plain data without a word of what somebody wrote, except the answers of an open form.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot import dialogue
from bot.capabilities.greet import small
from bot.cues import is_one_of, plain
from bot.dialogue import OpenForm
from bot.messages import Card, Choice, Place, Said
from bot.turn import Reply, Topic, Turn

FORM_CLOSES_AFTER = timedelta(days=14)


def conversation(said: Said) -> str:
    """The key of the conversation: the person and the place or thread. Events of one are handled one at a time."""
    place: Place = said.place
    return "\x1f".join(
        (
            place.platform,
            place.workspace,
            place.conversation,
            place.thread,
            said.person.account,
        )
    )


def topic(state: Mapping[str, Any]) -> Topic:
    """What the conversation is about, out of its stored state."""
    return Topic(**state.get("topic", {}))


def open_form(state: Mapping[str, Any], now: datetime) -> OpenForm | None:
    """The form that is being filled in, out of the stored state; None if there is none or it has closed by age."""
    raw = state.get("form")
    if not raw or now - datetime.fromisoformat(raw["at"]) > FORM_CLOSES_AFTER:
        return None
    return OpenForm.from_json(raw)


def kept(about: Topic, form: OpenForm | None, spoken: str, now: datetime) -> dict[str, Any]:
    """The state of the conversation, to be stored: what it is about, in which language, and the form that is open."""
    state: dict[str, Any] = {"topic": {n: getattr(about, n) for n in Topic.__slots__}, "spoken": spoken}
    if form is not None:
        state["form"] = {**form.to_json(), "at": now.isoformat()}
    return state


Step = tuple[Reply, OpenForm | None, Mapping[str, str | tuple[str, ...]] | None]


def dialogue_step(turn: Turn, form: OpenForm | None, text: str) -> Step | None:
    """One step of a form that is asked one by one; None if the text is not about a form.

    The answers are given back, and not None, when the form is complete.
    """
    words = turn.words
    if text == "cancel" or (form and is_one_of(plain(text), "cue.cancel")):
        return Reply(cards=(small(words, "form.cancelled"),)), None, None
    name, value = "", text
    if turn.said.how == "pressed":
        if not text.startswith("fill "):
            return None
        name, _, rest = text.removeprefix("fill ").partition("=")
        value, _, submits = rest.partition(": ")
        if form is None or form.submits != submits:
            again = Choice(words("form.reopen"), submits)
            closed = Card(body=words("form.closed"), choices=(again,), locale=words.language)
            return Reply(cards=(closed,)), form, None
    if form is None or form.waiting_for is None:
        return None
    form, problem = dialogue.fill(form, name or form.waiting_for.name, value, words)
    if form.waiting_for is None:
        return Reply(), form, form.answers
    return Reply(cards=(dialogue.question(form, words, problem),)), form, None


def asked_one_by_one(reply: Reply, form: OpenForm, turn: Turn) -> Reply:
    """The reply with its form put as the first question, for platforms without forms."""
    card = reply.cards[-1]
    question = dialogue.question(form, turn.words, "\n".join(reply.problems.values()))
    body = "\n\n".join(part for part in (card.body, question.body) if part)
    return replace(reply, cards=(*reply.cards[:-1], replace(question, title=card.title, body=body)))
