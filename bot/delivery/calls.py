"""One call to a platform for one delivery, and its outcome. It reads and writes no row, and never raises."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.faults import described
from bot.messages import Absent, Adapter, Later, Outcome, Place, Refused, Unknown
from bot.store.deliveries import Claimed
from bot.store.patience import Patience

# Clocks of platforms differ from ours.
CLOCKS_DIFFER = timedelta(minutes=1)
LONGEST_BACK_OFF = 300.0

log = logging.getLogger(__name__)


async def call(adapter: Adapter, delivery: Claimed, patience: Patience, now: datetime) -> Outcome | Absent | Place:
    """Makes the one call that is next for this delivery: open the account's conversation, look for what may have
    arrived, or post, edit or delete. What a platform may have acted on without saying so is `Unknown`.
    """
    try:
        async with asyncio.timeout(patience.call.total_seconds()):
            return await _call(adapter, delivery, now)
    except Exception as wrong:  # noqa: BLE001 - an adapter that breaks its promise must not stop the others
        why = _says(wrong, adapter, patience)
        asks_only = delivery.place is None or delivery.unsure_since is not None
        return Later(patience.settle.total_seconds(), why) if asks_only else Unknown(why)


async def _call(adapter: Adapter, delivery: Claimed, now: datetime) -> Outcome | Absent | Place:
    place = delivery.place
    if place is None:
        if not delivery.account:
            return Refused("the account is no longer known")
        return await adapter.open_direct(delivery.account, delivery.workspace)
    if delivery.unsure_since:
        return await adapter.find(place, delivery.id, delivery.unsure_since - CLOCKS_DIFFER, now)
    if delivery.action == "edit":
        return await adapter.edit(place, delivery.message, delivery.card)
    if delivery.action == "delete":
        return await adapter.delete(place, delivery.message)
    return await adapter.send(place, delivery.card, delivery.id)


def _says(wrong: Exception, adapter: Adapter, patience: Patience) -> str:
    if isinstance(wrong, TimeoutError):
        return f"no answer within {patience.call.total_seconds():.0f} s"
    log.error("the adapter for %s failed: %s", adapter.name, described(wrong))
    return f"the adapter failed: {type(wrong).__name__}"


def backed_off(later: Later, attempt: int, chance: Callable[[], float]) -> Later:
    """At least what the platform asks for; from the second attempt on twice as long each time, up to five minutes, and
    not for all equally. `chance` gives numbers from 0 to 1.
    """
    again = min(2.0 ** min(attempt - 2, 20), LONGEST_BACK_OFF) if attempt > 1 else 0.0
    return Later(max(later.seconds, again * (0.5 + chance() / 2)), later.reason)
