"""Deciding about one thing that was said: who speaks, which capability answers, what is posted, what is kept of it.

All of it happens in the transaction that is handed in. It knows no platform and asks nobody outside.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot import dialogue
from bot.capabilities import FREE_QUESTION, HOME, by_name
from bot.capabilities.greet import small
from bot.conversation import asked_one_by_one, conversation, dialogue_step, kept, open_form, topic
from bot.cues import language_wished
from bot.dialogue import OpenForm
from bot.learning.remembering import remember
from bot.library import Snapshot
from bot.listening import listen, look
from bot.messages import Card, Person, Place, Said, quoted
from bot.outside import Known
from bot.posting import posts_of
from bot.routing import route
from bot.store import channels, conversations, deliveries, people
from bot.store.engine import Session
from bot.turn import ANYWHERE, Capability, Deployment, Reply, Topic, Turn

LONGEST_TEXT = 20_000
LONGEST_QUOTE = 300


class Deciding:
    """`forms` names the platforms that show the asks of a card as one form; elsewhere they are asked one by one.
    `draw(n)` gives a random number below n. `shortens`: typed questions may be answered shorter by a language model.
    """

    def __init__(
        self,
        forms: frozenset[str],
        draw: Callable[[int], int],
        shortens: bool = False,
        deployment: Deployment = ANYWHERE,
    ) -> None:
        self._forms = forms
        self._draw = draw
        self._shortens = shortens
        self._deployment = deployment
        self._capabilities = by_name()

    def home(self, tx: Session, person: Person, snapshot: Snapshot, now: datetime) -> tuple[Card, ...]:
        """What a person's own page shows, put together from what each capability offers. Nothing is noted by it."""
        said = Said("", person, Place(person.platform, person.workspace, "home"), "", how="pressed")
        turn = look(tx, said, Topic(), "", snapshot, now, self._draw, self._deployment)
        return tuple(card for offer in HOME for card in offer(turn))

    def decide(
        self,
        tx: Session,
        said: Said,
        state: dict[str, Any],
        snapshot: Snapshot,
        now: datetime,
        known: Known,
    ) -> Reply:
        """Answers what was said: queues the posts and keeps what the conversation is about. `state` is how it stood."""
        if known.met:
            said = replace(said, person=known.met)
        about, spoken = self._topic(tx, said, state), state.get("spoken", "")
        turn, first = listen(tx, said, about, spoken, snapshot, now, self._draw, self._deployment)
        if self._shortens and said.how == "typed":
            turn = replace(turn, shorten=known.shorten)
        form = open_form(state, now)
        reply, form = self._reply(turn, form)
        remember(turn, reply.topic)
        posts = posts_of(turn, reply, first, has_forms=said.place.platform in self._forms)
        deliveries.enqueue(tx, posts, now)
        for name, value in reply.notes:
            people.set_setting(tx, turn.person.key, name, value)
        about = reply.topic or about
        conversations.keep(tx, conversation(said), kept(about, form, turn.words.locale, now), now)
        return reply

    def is_secret(self, said: Said) -> bool:
        """Whether this is heard without a trace: a form of a capability that says so, or a press that opens one. Where
        nothing can be opened in answer, a press is heard as any other, and its form is posted like everybody's.
        """
        name, _, rest = said.text.strip().partition(" ")
        secret = getattr(self._capabilities.get(name), "secret", None)
        if secret is None or not (said.how == "form" or (said.how == "pressed" and said.opens)):
            return False
        return secret if isinstance(secret, bool) else bool(secret(rest.strip(), said.answers))

    def aside(self, tx: Session, said: Said, snapshot: Snapshot, now: datetime, known: Known) -> Reply:
        """Answers what is heard without a trace: nothing is queued and nothing kept here."""
        if known.met:
            said = replace(said, person=known.met)
        state = conversations.seen(tx, conversation(said))
        turn = look(tx, said, topic(state), state.get("spoken", ""), snapshot, now, self._draw, self._deployment)
        reply = self._answer(turn, said.text.strip()[:LONGEST_TEXT])
        if reply.posts or reply.notes or reply.topic:
            raise ValueError("what is said in confidence must leave no post, no setting and no topic")
        return reply

    def _topic(self, tx: Session, said: Said, state: dict[str, Any]) -> Topic:
        """What the conversation is about; where nothing was talked about yet, what the channel is for."""
        about = topic(state)
        if about.initiative or said.place.kind == "direct":
            return about
        here = {b.initiative for b in channels.bindings_of(tx, said.place)} - {""}
        return Topic(initiative=here.pop()) if len(here) == 1 else about

    def _reply(self, turn: Turn, form: OpenForm | None) -> tuple[Reply, OpenForm | None]:
        """The reply, and the form that is open afterwards where asks are put one by one."""
        text = turn.said.text.strip()[:LONGEST_TEXT]
        one_by_one = turn.said.place.platform not in self._forms
        if one_by_one and (step := dialogue_step(turn, form, text)) is not None:
            reply, form, answers = step
            if form is None or form.waiting_for is not None or answers is None:
                return reply, form
            turn = replace(
                turn,
                said=replace(turn.said, text=form.submits, how="form", answers=answers),
            )
            text, form = form.submits, None
        reply = self._answer(turn, text)
        if one_by_one and reply.cards and (opened := dialogue.open_form(reply.cards[-1], reply.problems)):
            return asked_one_by_one(reply, opened, turn), opened
        return reply, form

    def _answer(self, turn: Turn, text: str) -> Reply:
        if turn.said.how == "typed" and (wished := language_wished(text)):
            return self._capabilities["settings"].hear(turn, f"language {wished}")
        found = route(text, turn, self._capabilities)
        if found is not None:
            reply = found[0].hear(turn, found[1])
            return self._as_typed(turn, reply.ask) if reply.ask else reply
        if turn.said.how != "typed" and " " not in text:
            return Reply(cards=(small(turn.words, "not.understood-press"),))
        free: Capability = FREE_QUESTION
        return free.hear(turn, text)

    def _as_typed(self, turn: Turn, text: str) -> Reply:
        """The answer to a text that came in a form. Where others read, it says what was asked: nobody saw the form."""
        reply = self._answer(replace(turn, said=replace(turn.said, text=text, how="typed", answers={})), text)
        if turn.reader.direct or reply.personal or not reply.cards:
            return reply
        first, *others = reply.cards
        shown = " ".join(text.split())[:LONGEST_QUOTE]
        return replace(reply, cards=(replace(first, body=f"{quoted(shown)}\n\n{first.body}"), *others))
