"""What is decided about one person: each message has one fate, and every rule is kept, counted on one's fingers."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.delivery.gathering import REST, Circumstances, Decision, decide
from bot.delivery.kinds import AHEAD
from bot.people.hours import Calendar
from bot.store.gathering import Reach, Recipient, Waiting
from bot.store.people import PersonRecord
from tests.delivery.organisation import MONDAY

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ZONE = "Asia/Kolkata"
CALENDAR = Calendar(ZONE)


@st.composite
def recipients(draw: st.DrawFn) -> tuple[Recipient, int]:
    """Somebody for whom something waits, with what they were told, and their cap."""
    kinds = st.sampled_from(["milestones", "wins", "surveys", "digests", "other"])
    ago = st.integers(0, 9 * 24).map(lambda hours: MONDAY - hours * HOUR)
    items = [Waiting(f"w{n}", draw(kinds | st.just(AHEAD)), draw(ago)) for n in range(draw(st.integers(1, 4)))]
    told = draw(st.lists(ago, max_size=4))
    off = draw(st.lists(kinds, max_size=2))
    reach = Reach({"off": ",".join(off)}, accounts=1)
    return Recipient("p", PersonRecord("p"), reach, tuple(items), tuple(told)), draw(st.integers(0, 4))


@settings(max_examples=200, deadline=None)
@given(recipients(), st.integers(0, 7 * 24 * 4))
def test_every_decision_keeps_every_rule(case: tuple[Recipient, int], quarters: int) -> None:
    """Each message has exactly one fate; what is sent now may be sent now, and what waits waits for such a moment."""
    recipient, cap = case
    now = MONDAY + quarters * timedelta(minutes=15)

    found = decide(recipient, Circumstances(CALENDAR, weekly_cap=cap), now)

    fates = [*found.now, *found.later, *found.suppressed, *found.failed]
    assert sorted(fates) == sorted(w.id for w in recipient.waiting)
    off = recipient.reach.settings["off"].split(",")
    ahead = {w.id for w in recipient.waiting if w.kind == AHEAD}
    assert {w.id for w in recipient.waiting if w.kind in off} <= set(found.suppressed)
    assert "milestones" not in off or ahead <= set(found.suppressed)
    no_cap = cap and 99
    assert all(_may_be_told(recipient, no_cap if id in ahead else cap, now, now) for id in found.now)
    for id, moment in found.later.items():
        assert moment > now
        assert _may_be_told(recipient, no_cap if id in ahead else cap, moment, now)
    assert not (set(found.now) - ahead and found.later)
    assert not (ahead & found.later.keys() and found.now)


def _may_be_told(recipient: Recipient, cap: int, moment: datetime, now: datetime) -> bool:
    local = moment.astimezone(UTC) + timedelta(hours=5, minutes=30)
    week = local.date() - timedelta(days=local.weekday())
    inside = [
        at
        for at in recipient.told
        if week <= (at.astimezone(UTC) + timedelta(hours=5, minutes=30)).date() < week + 7 * DAY
    ]
    rested = all(moment - at >= REST for at in recipient.told if at <= now)
    working = local.weekday() < 5 and time(9) <= local.time() <= time(16, 50)
    return working and rested and len(inside) < cap


def test_nothing_is_decided_for_nobody() -> None:
    """A person who is not there any more fails what waits, and nothing else."""
    gone = Recipient("p", None, Reach(), (Waiting("w", "wins", MONDAY),))

    assert decide(gone, Circumstances(CALENDAR), MONDAY) == Decision(failed={"w": "the person is no longer known"})
