"""The pace is exact: never faster than the windows say, and never slower than it must be."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from bot.delivery.pace import Pace
from bot.messages import Window

WINDOWS = st.lists(st.builds(Window, st.integers(1, 6), st.integers(1, 20).map(float)), min_size=1, max_size=3)
# How long after the moment at which a call may begin it does begin.
DELAYS = st.lists(st.integers(0, 15).map(float), max_size=60)


def may_begin(windows: list[Window], began: list[float], now: float) -> bool:
    """The rule, word by word: with this call no window holds more calls than it may."""
    return all(sum(now - w.seconds < one <= now for one in began) < w.calls for w in windows)


def first_moment(windows: list[Window], began: list[float], now: float) -> float:
    """Slow and obvious: of all moments at which something can change, the first that is allowed."""
    moments = sorted({now, *(one + w.seconds for one in began for w in windows)})
    return next(moment for moment in moments if moment >= now and may_begin(windows, began, moment))


@given(WINDOWS, DELAYS)
@example([Window(7, 1.0), Window(8, 2.0)], [0.0] * 30)
def test_a_call_may_begin_at_the_first_moment_that_is_allowed(windows: list[Window], delays: list[float]) -> None:
    pace, began, now = Pace(windows), list[float](), 0.0
    for delay in delays:
        assert pace.free_at(now) == first_moment(windows, began, now)
        now = pace.free_at(now + delay)
        pace.begin(now)
        began.append(now)


@given(WINDOWS, DELAYS, st.integers(0, 30).map(float))
def test_the_room_is_what_could_begin_at_that_moment(windows: list[Window], delays: list[float], later: float) -> None:
    pace, began, now = Pace(windows), list[float](), 0.0
    for delay in delays:
        now = pace.free_at(now + delay)
        pace.begin(now)
        began.append(now)
    then, room = now + later, 0
    while room < 10 and may_begin(windows, [*began, *[then] * room], then):
        room += 1

    assert pace.room(then, at_most=10) == room


@given(WINDOWS, DELAYS)
def test_when_it_is_idle_forgetting_it_changes_nothing(windows: list[Window], delays: list[float]) -> None:
    pace, now = Pace(windows), 0.0
    for delay in delays:
        now = pace.free_at(now + delay)
        pace.begin(now)
    now += 20.0

    assert pace.is_idle(now)
    assert [pace.free_at(now), pace.room(now, 9)] == [Pace(windows).free_at(now), Pace(windows).room(now, 9)]


def test_a_broadcast_does_not_use_up_a_long_window_at_its_beginning() -> None:
    """Whoever asks something during a broadcast is answered within a second, at any moment of it."""
    pace, now = Pace([Window(300, 60.0)]), 0.0
    for _ in range(2_000):
        now = pace.free_at(now, evenly=True)
        pace.begin(now)
        assert pace.free_at(now) - now <= 1.0


def test_a_broadcast_uses_nearly_all_that_is_allowed() -> None:
    for windows in ([Window(50, 1.0)], [Window(300, 60.0)], [Window(1, 1.0)]):
        pace, now = Pace(windows), 0.0
        for _ in range(10_000):
            now = pace.free_at(now, evenly=True)
            pace.begin(now)

        allowed = min(w.calls / w.seconds for w in windows)
        assert 0.99 < 10_000 / now / allowed <= 1.01


def test_without_windows_there_is_no_limit() -> None:
    pace = Pace([])
    for _ in range(100):
        pace.begin(1.0)

    assert (pace.free_at(1.0, evenly=True), pace.room(1.0, 20), pace.is_idle(1.0)) == (1.0, 20, True)


def test_spare_makes_every_window_longer() -> None:
    pace = Pace([Window(1, 1.0)], spare=0.25)
    pace.begin(5.0)

    assert (pace.free_at(5.0), pace.room(6.0, 9), pace.room(6.25, 9)) == (6.25, 0, 1)
