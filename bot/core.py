"""The core: it hears that somebody said something and is told what time it is, and answers both with posts.

It knows no platform. Everything it decides is written in the transaction that decided it, the posts included.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot import (
    board,
    broadcasts,
    cases,
    confidence,
    milestones,
    owners,
    pulse,
    retention,
    roles,
    sponsors,
    themes,
    wins,
)
from bot.board.page import File, Filters, Page
from bot.capabilities.greet import small
from bot.conversation import conversation
from bot.deciding import Deciding
from bot.delivery import announcing, gathering
from bot.flood import Flood
from bot.inbox import Inbox
from bot.learning.ticking import Learning
from bot.library import Library
from bot.messages import Card, Person, Post, Said
from bot.outside import Known, Outside
from bot.posting import form_to_open
from bot.shortening import Brief, Shortened
from bot.store import accounts, audit, conversations, deliveries, hearing, mailbox, occurrences
from bot.store.engine import Store
from bot.turn import ANYWHERE, Deployment, Reply
from bot.words import Words

DUE = (cases, roles, milestones, broadcasts, wins, sponsors, themes, owners, pulse)
"""Whose `due` is asked at every tick, in this order, after that of `confidence`."""


@dataclass(frozen=True, slots=True)
class Handled:
    """What came of one thing that was heard: the cards for the place it was said in, and what is wrong with a form.

    `form` is to be opened now, it is not posted; `instead` takes the place of the pressed card, where that is possible.
    `aside`: the cards are not posted either; the acknowledgement alone shows them. `form` is then what comes next in
    the same window, where there is one, with or without fields.
    """

    new: bool = True
    cards: tuple[Card, ...] = ()
    problems: Mapping[str, str] = field(default_factory=dict)
    form: Card | None = None
    instead: Card | None = None
    aside: bool = False


class TooLate(Exception):
    """Nobody waits for the answer any more; nothing was recorded."""


class _Stranger(Exception):
    """Somebody who is to be heard without a trace has to be made known first."""


class Core:
    """Hears and is told the time. Safe to use from several threads; `clock` gives aware moments.

    `forms` names the platforms that show the asks of a card as one form; elsewhere they are asked one by one.
    `wake` is called after each commit that left something to send; `draw(n)` gives a random number below n.
    `introduce` asks a platform who a bare person is (None: it cannot say now), `shorten` a language model; both may
    take a second or two.
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
        shorten: Callable[[Brief], Shortened | None] | None = None,
        deployment: Deployment = ANYWHERE,
    ) -> None:
        self._store = store
        self._library = library
        self._clock = clock
        self._wake = wake
        self._outside = Outside(introduce, shorten)
        self._deployment = deployment
        self._draw = draw
        self._deciding = Deciding(forms, draw, self._outside.shortens, deployment)
        self._inbox = Inbox(store, library, self._deciding, self._outside, wake)
        self._learning = Learning(store, library)
        self._flood = Flood()

    def accept(self, said: Said) -> bool:
        """Records an event so that it is not lost any more; False if it was heard before, or if one account says too
        much at once. One insert, no decision.
        """
        if said.person.bot or not self._bearable(said):
            return False
        return self._inbox.accept(said, self._clock())

    def _bearable(self, said: Said) -> bool:
        now, person = self._clock(), said.person
        account = f"{person.platform}:{person.workspace}:{person.account}"
        verdict = self._flood.verdict(account, said.event, now)
        if verdict == "tell":
            sorry = small(Words(person.locale or "en"), "flood.sorry")
            post = Post(key=f"{said.place.platform}:{said.event}:flood", card=sorry, place=said.place, reply=True)
            with self._store.begin() as tx:
                deliveries.enqueue(tx, [post], now)
            self._wake()
        return verdict == "take"

    def handle(self, said: Said) -> None:
        """Handles what waits in the conversation of `said`, in order. What fails is tried again later."""
        while self._inbox.handle(conversation(said), self._clock()):
            pass

    def hear(self, said: Said, wanted: Callable[[], bool] = lambda: True) -> Handled:
        """Hears and decides in one transaction: for presses and forms, whose answer goes into the acknowledgement.

        Raises what went wrong, with nothing recorded, so that the platform's own error reaches the person: `TooLate`
        if the answer is not `wanted` any more when it is there, since the person was told that it did not work.
        """
        if said.person.bot or not self._bearable(said):
            return Handled(new=False)
        now = self._clock()
        if self._deciding.is_secret(said):
            return self._hear_in_confidence(said, now, wanted)
        key = conversation(said)

        def decided(known: Known) -> Reply | None:
            with self._store.begin() as tx:
                state = conversations.hold(tx, key, now)
                if not hearing.heard_first(tx, said.place.platform, said.event, now):
                    return None
                reply = self._deciding.decide(tx, said, state, self._library.current, now, known)
                if not wanted():
                    raise TooLate
                if reply.problems:
                    # Nothing was done: the same form handed in once more is looked at again, and not taken for a retry.
                    hearing.unheard(tx, said.place.platform, said.event)
                return reply

        reply = self._outside.done(decided)
        if reply is None:
            return Handled(new=False)
        self._wake()
        return Handled(True, reply.cards, reply.problems, form_to_open(said, reply), reply.instead)

    def _hear_in_confidence(self, said: Said, now: datetime, wanted: Callable[[], bool]) -> Handled:
        """Hears and decides, and keeps nothing but what the capability puts away sealed: not that there was an event,
        nor a visit, a conversation or a post. A press only reads.
        """
        presses, put_away = said.how == "pressed", False

        def decided(known: Known) -> Reply:
            nonlocal put_away
            person = known.met or said.person
            with self._store.read() if presses else self._store.begin() as tx:
                if not accounts.is_known(tx, person):
                    raise _Stranger
                reply = self._deciding.aside(tx, said, self._library.current, now, known)
                if not wanted():
                    raise TooLate
                put_away = mailbox.was_written(tx)
                return reply

        def met(known: Known) -> Reply:
            try:
                return decided(known)
            except _Stranger:
                # On its own, and as at any first contact: it must not stand beside what is said.
                with self._store.begin() as tx:
                    accounts.identify(tx, known.met or said.person, now)
                return decided(known)

        reply = self._outside.done(met)
        if put_away:
            mailbox.leave_no_order(self._store)
        shown = next((card for card in reply.cards if card.asks), next(iter(reply.cards), None))
        # A form with problems stays open as it is.
        form = shown if said.opens and not reply.problems else None
        return Handled(True, reply.cards, reply.problems, form, reply.instead, aside=True)

    def pick_up(self, now: datetime, at_start: bool = False) -> int:
        """Handles what an earlier process accepted and did not finish; returns how many were found."""
        return self._inbox.pick_up(now, at_start)

    def home(self, person: Person) -> tuple[Card, ...]:
        """What a person's own page shows, put together from what each capability offers. Nothing is noted by it."""

        def shown(known: Known) -> tuple[Card, ...]:
            with self._store.begin() as tx:
                return self._deciding.home(tx, known.met or person, self._library.current, self._clock())

        return self._outside.done(shown)

    def show(self, person: str, view: str, filters: Filters) -> Page | File | None:
        """A page by its name for the person with this key; None where there is no such page for them. It only reads;
        that somebody took a file along is a line of the audit trail, without which there is no file.
        """
        now = self._clock()
        with self._store.read() as tx:
            shown = board.show(tx, person, view, filters, self._library.current, now, self._deployment.pages)
        if isinstance(shown, File) and shown.noted:
            with self._store.begin() as tx:
                audit.note(tx, person, "board.exported", shown.noted, now)
        return shown

    def tick(self, now: datetime) -> None:
        """What is due now: unfinished events are picked up, changed answers told, announcements queued, what the
        bot writes of its own accord is let go at its moment, the audit trail is chained; old rows are deleted daily.
        """
        while self.pick_up(now):
            pass
        if self._learning.tick(now):
            self._wake()
        playbooks = self._library.current.playbooks
        done = confidence.due(self._store, playbooks, now, self._draw)
        done += sum(one.due(self._store, playbooks, now) for one in DUE)
        queued = announcing.expand(self._store, playbooks, now)
        if done + queued + gathering.gather(self._store, playbooks, now):
            self._wake()
        with self._store.begin() as tx:
            audit.chain(tx)
            if occurrences.first_time(tx, f"purge:{now.date()}", now):
                retention.purge(tx, playbooks.organisation.policy, now)
