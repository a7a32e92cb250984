"""The core: it hears that somebody said something and is told what time it is, and answers both with posts.

It knows no platform. Everything it decides is written in the transaction that decided it, the posts included.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, TypeVar

from bot import dialogue, retention
from bot.capabilities import FREE_QUESTION, HOME, by_name
from bot.capabilities.greet import small
from bot.conversation import asked_one_by_one, conversation, dialogue_step, kept, open_form, topic
from bot.cues import language_wished
from bot.delivery import announcing, gathering
from bot.dialogue import OpenForm
from bot.faults import described
from bot.flood import Flood
from bot.library import Library
from bot.listening import listen, look
from bot.messages import Card, Person, Place, Post, Said
from bot.posting import form_to_open, posts_of
from bot.routing import route
from bot.store import (
    audit,
    channels,
    conversations,
    deliveries,
    hearing,
    occurrences,
    people,
)
from bot.store.engine import Session, Store
from bot.turn import Capability, Reply, Topic, Turn
from bot.words import Words

log = logging.getLogger(__name__)

PICKED_UP_AT_ONCE = 50
LONGEST_TEXT = 20_000

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Handled:
    """What came of one thing that was heard: the cards for the place it was said in, and what is wrong with a form.

    `form` is to be opened now, it is not posted; `instead` takes the place of the pressed card, where that is possible.
    """

    new: bool = True
    cards: tuple[Card, ...] = ()
    problems: Mapping[str, str] = field(default_factory=dict)
    form: Card | None = None
    instead: Card | None = None


class TooLate(Exception):
    """Nobody waits for the answer any more; nothing was recorded."""


class Core:
    """Hears and is told the time. Safe to use from several threads; `clock` gives aware moments.

    `forms` names the platforms that show the asks of a card as one form; elsewhere they are asked one by one.
    `wake` is called after each commit that left something to send; `draw(n)` gives a random number below n.
    `introduce` asks a platform who a bare person is (None: it cannot say now); it may take a second.
    """

    def __init__(
        self,
        store: Store,
        library: Library,
        clock: Callable[[], datetime],
        forms: frozenset[str] = frozenset(),
        wake: Callable[[], None] = lambda: None,
        draw: Callable[[int], int] = secrets.randbelow,
        introduce: Callable[[Person], Person | None] = lambda _: None,
    ) -> None:
        self._store = store
        self._library = library
        self._clock = clock
        self._forms = forms
        self._wake = wake
        self._draw = draw
        self._introduce = introduce
        self._flood = Flood()
        self._capabilities = by_name()

    def accept(self, said: Said) -> bool:
        """Records an event so that it is not lost any more; False if it was heard before, or if one account says too
        much at once. One insert, no decision.
        """
        if said.person.bot or not self._bearable(said):
            return False
        with self._store.begin() as tx:
            return hearing.accept(tx, said, conversation(said), self._clock())

    def _bearable(self, said: Said) -> bool:
        now, person = self._clock(), said.person
        verdict = self._flood.verdict(f"{person.platform}:{person.workspace}:{person.account}", now)
        if verdict == "tell":
            sorry = small(Words(person.locale or "en"), "flood.sorry")
            post = Post(key=f"{said.place.platform}:{said.event}:flood", card=sorry, place=said.place, reply=True)
            with self._store.begin() as tx:
                deliveries.enqueue(tx, [post], now)
            self._wake()
        return verdict == "take"

    def handle(self, said: Said) -> None:
        """Handles what waits in the conversation of `said`, in order. What fails is tried again later."""
        while self._handle_next(conversation(said), self._clock()):
            pass

    def _handle_next(
        self, key: str, now: datetime, before: datetime | None = None, picked: frozenset[int] = frozenset()
    ) -> bool:
        """Handles one event; False where there is none. `before` and `picked` are those of a picking up."""
        waiting: hearing.Heard | None = None

        def handled(met: Person | None) -> bool:
            nonlocal waiting
            with self._store.begin() as tx:
                state = conversations.hold(tx, key, now)
                waiting = hearing.next_waiting(tx, key, before or now, picked)
                if waiting is None:
                    return False
                if not (met and met.bot):
                    self._decide(tx, _introduced(waiting.said, met), state, now)
                return hearing.handled(tx, waiting.id, now)

        try:
            if not self._acquainted(handled):
                return False
        except Exception as fault:  # noqa: BLE001 - whatever it is, the event must be tried again
            log.error("an event could not be handled; it is tried again: %s", described(fault))
            if waiting is None:
                return False
            self._failed(waiting, now)
            return True
        self._wake()
        return True

    def _failed(self, event: hearing.Heard, now: datetime) -> None:
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

    def hear(self, said: Said, wanted: Callable[[], bool] = lambda: True) -> Handled:
        """Hears and decides in one transaction: for presses and forms, whose answer goes into the acknowledgement.

        Raises what went wrong, with nothing recorded, so that the platform's own error reaches the person: `TooLate`
        if the answer is not `wanted` any more when it is there, since the person was told that it did not work.
        """
        if said.person.bot or not self._bearable(said):
            return Handled(new=False)
        now = self._clock()
        key = conversation(said)

        def decided(met: Person | None) -> Reply | None:
            with self._store.begin() as tx:
                state = conversations.hold(tx, key, now)
                if not hearing.heard_first(tx, said.place.platform, said.event, now):
                    return None
                reply = self._decide(tx, _introduced(said, met), state, now)
                if not wanted():
                    raise TooLate
                return reply

        reply = self._acquainted(decided)
        if reply is None:
            return Handled(new=False)
        self._wake()
        return Handled(True, reply.cards, reply.problems, form_to_open(said, reply), reply.instead)

    def pick_up(self, now: datetime, at_start: bool = False) -> int:
        """Handles what an earlier process accepted and did not finish; returns how many were found."""
        before = now + hearing.HANDLED_WITHIN if at_start else now
        with self._store.begin() as tx:
            left = hearing.waiting(tx, before, PICKED_UP_AT_ONCE)
            for lost in left:
                if lost.given_up:
                    self._apologise(tx, lost.said, now)
        picked = frozenset(one.id for one in left)
        for one in left:
            # In their order, with what came after them meanwhile.
            while not one.given_up and self._handle_next(one.conversation, now, before, picked):
                pass
        self._wake()
        return len(left)

    def _as_typed(self, turn: Turn, text: str) -> Reply:
        return self._answer(replace(turn, said=replace(turn.said, text=text, how="typed", answers={})), text)

    def home(self, person: Person) -> tuple[Card, ...]:
        """What a person's own page shows, put together from what each capability offers. Nothing is noted by it."""
        place = Place(person.platform, person.workspace, "home")
        said = Said("", person, place, "", how="pressed")

        def shown(met: Person | None) -> tuple[Card, ...]:
            with self._store.begin() as tx:
                seen = _introduced(said, met)
                turn = look(tx, seen, Topic(), "", self._library.current, self._clock(), self._draw)
                return tuple(card for offer in HOME for card in offer(turn))

        return self._acquainted(shown)

    def _acquainted(self, work: Callable[[Person | None], Result]) -> Result:
        """Does the work; if it meets somebody of whom only the account is known, their platform is asked who that is,
        outside the transaction, and the work is done anew. Raises `Unacquainted` if the platform cannot say now.
        """
        try:
            return work(None)
        except people.Unacquainted as new:
            met = self._introduce(new.person)
            if met is None:
                raise
            return work(met)

    def tick(self, now: datetime) -> None:
        """What is due now: unfinished events are picked up, announcements are queued, what the bot writes of its own
        accord is let go at its moment, the audit trail is chained, and once a day old rows are deleted.
        """
        while self.pick_up(now):
            pass
        playbooks = self._library.current.playbooks
        if announcing.expand(self._store, playbooks, now) + gathering.gather(self._store, playbooks, now):
            self._wake()
        with self._store.begin() as tx:
            audit.chain(tx)
            if occurrences.first_time(tx, f"purge:{now.date()}", now):
                retention.purge(tx, playbooks.organisation.policy, now)

    def _decide(self, tx: Session, said: Said, state: dict[str, Any], now: datetime) -> Reply:
        about, spoken = self._topic(tx, said, state), state.get("spoken", "")
        turn, first = listen(tx, said, about, spoken, self._library.current, now, self._draw)
        form = open_form(state, now)
        reply, form = self._reply(turn, form)
        posts = posts_of(turn, reply, first, has_forms=said.place.platform in self._forms)
        deliveries.enqueue(tx, posts, now)
        for name, value in reply.notes:
            people.set_setting(tx, turn.person.key, name, value)
        about = reply.topic or about
        conversations.keep(tx, conversation(said), kept(about, form, turn.words.locale, now), now)
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


def _introduced(said: Said, met: Person | None) -> Said:
    return replace(said, person=met) if met else said
