"""The core: it hears that somebody said something and is told what time it is, and answers both with posts.

It knows no platform. Everything it decides is written in the transaction that decided it, the posts included.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from bot import dialogue
from bot.capabilities import FREE_QUESTION, by_name
from bot.capabilities.greet import small, welcome
from bot.capabilities.questions import waiting_card
from bot.cues import is_one_of, language_wished, plain
from bot.dialogue import OpenForm
from bot.faults import described
from bot.library import Library
from bot.listening import listen
from bot.messages import Card, Choice, Place, Post, Said
from bot.routing import route
from bot.store import (
    audit,
    cases,
    conversations,
    deliveries,
    gaps,
    hearing,
    occurrences,
    people,
)
from bot.store.engine import Session, Store
from bot.turn import Capability, Reply, Topic, Turn
from bot.words import Words

log = logging.getLogger(__name__)

HEARD_KEPT = timedelta(hours=24)
CONVERSATION_KEPT = timedelta(days=90)
REPLIES_KEPT = timedelta(days=2)
OCCURRENCES_KEPT = timedelta(days=400)
PICKED_UP_AT_ONCE = 50
FORM_CLOSES_AFTER = timedelta(days=14)
LONGEST_TEXT = 20_000


@dataclass(frozen=True, slots=True)
class Handled:
    """What came of one thing that was heard: the cards for the place it was said in, and what is wrong with a form."""

    new: bool = True
    cards: tuple[Card, ...] = ()
    problems: Mapping[str, str] = field(default_factory=dict)


class Core:
    """Hears and is told the time. Safe to use from several threads; `clock` gives aware moments.

    `forms` names the platforms that show the asks of a card as one form; elsewhere they are asked one by one.
    `wake` is called after each commit that left something to send; `draw(n)` gives a random number below n.
    """

    def __init__(
        self,
        store: Store,
        library: Library,
        clock: Callable[[], datetime],
        forms: frozenset[str] = frozenset(),
        wake: Callable[[], None] = lambda: None,
        draw: Callable[[int], int] = secrets.randbelow,
    ) -> None:
        self._store = store
        self._library = library
        self._clock = clock
        self._forms = forms
        self._wake = wake
        self._draw = draw
        self._capabilities = by_name()

    def accept(self, said: Said) -> bool:
        """Records an event so that it is not lost any more; False if it was heard before. One insert, no decision."""
        if said.person.bot:
            return False
        with self._store.begin() as tx:
            return hearing.accept(tx, said, conversation(said), self._clock())

    def handle(self, said: Said) -> None:
        """Handles what waits in the conversation of `said`, in order. What fails is tried again later."""
        while self._handle_next(conversation(said)):
            pass

    def _handle_next(self, key: str) -> bool:
        now = self._clock()
        waiting: hearing.Heard | None = None
        try:
            with self._store.begin() as tx:
                state = conversations.hold(tx, key, now)
                waiting = hearing.next_waiting(tx, key, now)
                if waiting is None:
                    return False
                self._decide(tx, waiting.said, state, now)
                hearing.handled(tx, waiting.id, now)
        except Exception as fault:  # noqa: BLE001 - whatever it is, the event must be tried again
            log.error("an event could not be handled; it is tried again: %s", described(fault))
            self._failed(waiting, now)
            return True
        self._wake()
        return True

    def _failed(self, event: hearing.Heard | None, now: datetime) -> None:
        if event is None:
            return
        with self._store.begin() as tx:
            if hearing.failed(tx, event.id, now):
                self._apologise(tx, event.said, now)
        self._wake()

    def _apologise(self, tx: Session, said: Said, now: datetime) -> None:
        """Tells whoever waits for an answer that there will be none."""
        log.error("an event was given up after several tries")
        sorry = small(Words(said.person.locale or "en"), "failed.sorry")
        key = f"{said.place.platform}:{said.event}:sorry"
        deliveries.enqueue(tx, [Post(key=key, card=sorry, place=said.place, reply=True)], now)

    def hear(self, said: Said) -> Handled:
        """Hears and decides in one transaction: for presses and forms, whose answer goes into the acknowledgement.

        Raises what went wrong, with nothing recorded, so that the platform's own error reaches the person.
        """
        if said.person.bot:
            return Handled(new=False)
        now = self._clock()
        key = conversation(said)
        with self._store.begin() as tx:
            state = conversations.hold(tx, key, now)
            if not hearing.heard_first(tx, said.place.platform, said.event, now):
                return Handled(new=False)
            reply = self._decide(tx, said, state, now)
        self._wake()
        return Handled(True, reply.cards, reply.problems)

    def pick_up(self, now: datetime, at_start: bool = False) -> int:
        """Handles what an earlier process accepted and did not finish; returns how many were found."""
        before = now + hearing.HANDLED_WITHIN if at_start else now
        with self._store.begin() as tx:
            left = hearing.waiting(tx, before, PICKED_UP_AT_ONCE)
            for lost in left:
                if lost.given_up:
                    self._apologise(tx, lost.said, now)
        for one in left:
            if not one.given_up:
                self._handle_left_over(one, now)
        self._wake()
        return len(left)

    def _handle_left_over(self, one: hearing.Heard, now: datetime) -> None:
        try:
            with self._store.begin() as tx:
                state = conversations.hold(tx, one.conversation, now)
                if hearing.handled(tx, one.id, now):
                    self._decide(tx, one.said, state, now)
        except Exception as fault:  # noqa: BLE001 - whatever it is, the others must be handled
            log.error("an event that was left over could not be handled; it is tried again: %s", described(fault))
            return
        self._wake()

    def tick(self, now: datetime) -> None:
        """What is due now: unfinished events are picked up, the audit trail is chained, old rows are deleted."""
        while self.pick_up(now):
            pass
        policy = self._library.current.playbooks.organisation.policy
        with self._store.begin() as tx:
            audit.chain(tx)
            if not occurrences.first_time(tx, f"purge:{now.date()}", now):
                return
            hearing.forget(tx, now - HEARD_KEPT)
            conversations.forget(tx, (now - CONVERSATION_KEPT).date())
            occurrences.forget(tx, now - OCCURRENCES_KEPT)
            old = now - timedelta(days=policy.kept("questions"))
            gone = gaps.forget(tx, old.date()) + cases.forget(tx, "question", old)
            sent = now - timedelta(days=policy.kept("deliveries"))
            gone += deliveries.forget(tx, older_than=sent, replies_older_than=now - REPLIES_KEPT)
            audit.note(tx, "", "purged", f"{gone} rows by age", now)

    def _decide(self, tx: Session, said: Said, state: dict[str, Any], now: datetime) -> Reply:
        turn, first = listen(tx, said, topic(state), state.get("spoken", ""), self._library.current, now, self._draw)
        form = open_form(state, now)
        reply, form = self._reply(turn, form)
        posts = self._posts(turn, reply, form, first)
        deliveries.enqueue(tx, posts, now)
        for name, value in reply.notes:
            people.set_setting(tx, turn.person.key, name, value)
        about = reply.topic or topic(state)
        conversations.keep(tx, conversation(said), kept(about, form, turn.words.locale, now), now)
        return reply

    def _reply(self, turn: Turn, form: OpenForm | None) -> tuple[Reply, OpenForm | None]:
        """The reply, and the form that is open afterwards where asks are put one by one."""
        text = turn.said.text.strip()[:LONGEST_TEXT]
        one_by_one = turn.said.place.platform not in self._forms
        if one_by_one and (step := _dialogue_step(turn, form, text)) is not None:
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
            return _asked_one_by_one(reply, opened, turn), opened
        return reply, form

    def _answer(self, turn: Turn, text: str) -> Reply:
        if turn.said.how == "typed" and (wished := language_wished(text)):
            return self._capabilities["settings"].hear(turn, f"language {wished}")
        found = route(text, turn, self._capabilities)
        if found is not None:
            return found[0].hear(turn, found[1])
        if turn.said.how != "typed" and " " not in text:
            return Reply(cards=(small(turn.words, "not.understood-press"),))
        free: Capability = FREE_QUESTION
        return free.hear(turn, text)

    def _posts(self, turn: Turn, reply: Reply, form: OpenForm | None, first: bool) -> list[Post]:
        said, key = turn.said, f"{turn.said.place.platform}:{turn.said.event}"
        direct = said.place.kind == "direct"
        posts: list[Post] = []
        if first:
            opening = [welcome(turn)]
            if (waiting := waiting_card(turn)) is not None and waiting not in reply.cards:
                opening.append(waiting)
            greeted = turn.reader.direct and said.how == "typed" and _is_greeting(said.text)
            posts += [self._to_person(turn, f"{key}:first:{n}", card, direct) for n, card in enumerate(opening)]
            if greeted:
                return posts
        for n, card in enumerate(reply.cards):
            if reply.personal:
                posts.append(self._to_person(turn, f"{key}:{n}", card, direct))
            else:
                posts.append(Post(key=f"{key}:{n}", card=card, place=said.place, reply=True))
        if reply.personal and not direct and reply.cards:
            note = Card(body=turn.words("welcome.sent-directly"), locale=turn.words.language)
            posts.append(Post(key=f"{key}:note", card=note, place=said.place, reply=True))
        return [*posts, *reply.posts]

    def _to_person(self, turn: Turn, key: str, card: Card, direct: bool) -> Post:
        if direct:
            return Post(key=key, card=card, place=turn.said.place, reply=True)
        return Post(key=key, card=card, person=turn.person.key, reply=True)


def _asked_one_by_one(reply: Reply, form: OpenForm, turn: Turn) -> Reply:
    """The reply with its form put as the first question, for platforms without forms."""
    card = reply.cards[-1]
    question = dialogue.question(form, turn.words, "\n".join(reply.problems.values()))
    body = "\n\n".join(part for part in (card.body, question.body) if part)
    return replace(reply, cards=(*reply.cards[:-1], replace(question, title=card.title, body=body)))


def _is_greeting(text: str) -> bool:
    return is_one_of(plain(text), "cue.greeting") or not plain(text)


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


def _dialogue_step(turn: Turn, form: OpenForm | None, text: str) -> Step | None:
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
