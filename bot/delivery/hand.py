"""What a lane has taken out of the outbox and not finished: what may begin now, and when something will. It decides and
calls nothing; times are seconds of a clock that never goes back.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

from bot.delivery.pace import Pace
from bot.messages import Limits
from bot.store.deliveries import Claimed

# Calls do not all take equally long to arrive, so each window is taken to be this much longer; more each time that a
# platform complains, and less again after a minute in which it does not.
SPARE_SECONDS = 0.02
SPARE_STEP = 0.01
SPARE_AT_MOST = 0.1
# So far ahead deliveries are taken out of the outbox, so that none is waited for.
AHEAD_SECONDS = 0.5
TIDIED_UP_EVERY = 60.0


def conversation_of(delivery: Claimed) -> str:
    """What a platform takes for one conversation, however it is divided into threads."""
    return delivery.place.conversation if delivery.place else f"account {delivery.account}"


@dataclass(frozen=True, slots=True)
class _Held:
    delivery: Claimed
    since: float


class Hand:
    """Of one conversation one call at a time, of the lane as many as the platform allows, replies first."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._lane = Pace(limits.workspace, SPARE_SECONDS)
        self._conversations: dict[str, Pace] = {}
        self._held: list[_Held] = []
        self._under_way: dict[str, str] = {}  # deliveries, and their conversations
        self._tidied_up = 0.0
        self._complained = False

    def __bool__(self) -> bool:
        return bool(self._held or self._under_way)

    @property
    def ids(self) -> frozenset[str]:
        """All deliveries that are held or under way."""
        return frozenset([*(held.delivery.id for held in self._held), *self._under_way])

    def room(self, now: float) -> int:
        """How many more deliveries are wanted."""
        return max(0, self._lane.room(now + AHEAD_SECONDS, self._limits.at_once) - len(self._held))

    def put(self, delivery: Claimed, since: float) -> None:
        """One more delivery, in hand since then."""
        self._held.append(_Held(delivery, since))
        self._held.sort(key=lambda held: held.delivery.rank)

    def begin(self, now: float) -> tuple[Claimed, float] | None:
        """The next delivery whose call may begin now, and since when it is in hand. It is under way then."""
        for held in self._held:
            if self._free_at(held.delivery, now) <= now:
                self._held.remove(held)
                self._under_way[held.delivery.id] = conversation_of(held.delivery)
                self._lane.begin(now)
                if held.delivery.place:
                    self._pace(held.delivery).begin(now)
                self._tidy_up(now)
                return held.delivery, held.since
        return None

    def next_at(self, now: float) -> float:
        """When a call may begin; infinite where another one has to end first."""
        return min((self._free_at(held.delivery, now) for held in self._held), default=inf)

    def _free_at(self, delivery: Claimed, now: float) -> float:
        if len(self._under_way) >= self._limits.at_once or conversation_of(delivery) in self._under_way.values():
            return inf
        free = self._lane.free_at(now, evenly=not delivery.reply)
        return max(free, self._pace(delivery).free_at(now)) if delivery.place else free

    def _pace(self, delivery: Claimed) -> Pace:
        conversation = conversation_of(delivery)
        if conversation not in self._conversations:
            self._conversations[conversation] = Pace(self._limits.conversation, SPARE_SECONDS)
        return self._conversations[conversation]

    def ended(self, delivery: Claimed) -> None:
        """The call has ended."""
        self._under_way.pop(delivery.id, None)

    def too_fast(self) -> None:
        """The platform asked for patience."""
        self._lane.spare = min(self._lane.spare + SPARE_STEP, SPARE_AT_MOST)
        self._complained = True

    def let_go(self, since: float = inf) -> list[str]:
        """Gives away what is held since then or longer, and not under way."""
        gone = [held for held in self._held if held.since <= since]
        self._held = [held for held in self._held if held not in gone]
        return [held.delivery.id for held in gone]

    def _tidy_up(self, now: float) -> None:
        if now - self._tidied_up > TIDIED_UP_EVERY:
            self._tidied_up = now
            if not self._complained:
                self._lane.spare = max(self._lane.spare - SPARE_STEP, SPARE_SECONDS)
            self._complained = False
            self._conversations = {c: p for c, p in self._conversations.items() if not p.is_idle(now)}
