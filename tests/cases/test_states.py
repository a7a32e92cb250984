"""The states of a case: whatever is tried in whatever order, no case comes into a state that it may not come into, and
its history only grows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.cases import answering, deciding, life, merging, workshop
from bot.cases.steps import Posts, Step
from bot.store import Store, case_history, people
from bot.store.case_history import MAY_BECOME
from bot.store.case_workshops import Meeting
from bot.store.cases import OPEN, Case
from tests.cases.lamps import lamps, now_of, raised, take
from tests.world import World

AGAIN = {"in-progress"}
"""States into which some steps bring an open case whatever open state it is in."""
Act = Callable[[Step, Case, Case], Posts]
ACTS: dict[str, tuple[str, Act]] = {
    "acknowledged": ("rasmus", lambda step, case, _: answering.acknowledged(step, case)),
    "assigned": ("rasmus", lambda step, case, _: answering.assigned(step, case, _bruno(step))),
    "asked back": ("paul", lambda step, case, _: answering.asked_back(step, case, "when?")),
    "cause": ("dana", lambda step, case, _: answering.cause_found(step, case, "nobody asked")),
    "workshop": (
        "rasmus",
        lambda step, case, _: workshop.offered(step, case, step.now, 30, Meeting("a", "b", "c"), ""),
    ),
    "answered": ("rasmus", lambda step, case, _: deciding.answered(step, case, "so")),
    "decided": ("paul", lambda step, case, _: deciding.decided(step, case, "not-now", "so")),
    "revised": ("paul", lambda step, case, _: deciding.revised(step, case, "yes", "so", step.now.date())),
    "kept": ("paul", lambda step, case, _: deciding.kept(step, case)),
    "merged": ("rasmus", merging.merged),
    "split": ("rasmus", lambda step, case, _: merging.split(step, case)),
    "replied": ("lena", lambda step, case, _: life.replied(step, case, "on Tuesdays")),
    "corrected": ("lena", lambda step, case, _: life.corrected(step, case, "no time")),
    "joined": ("ines", lambda step, case, _: life.joined(step, case)),
    "parted": ("ines", lambda step, case, _: life.parted(step, case)),
    "withdrawn": ("lena", lambda step, case, _: life.withdrawn(step, case)),
    "thanked": ("lena", lambda step, case, _: life.thanked(step, case)),
    "not solved": ("lena", lambda step, case, _: life.not_solved(step, case, "no")),
}


def _bruno(step: Step) -> people.PersonRecord:
    found = people.person_by_email(step.tx, "bruno@example.com")
    assert found is not None
    return found


@pytest.fixture
def here(store: Store, tmp_path: Path) -> Iterator[World]:
    with lamps(store, tmp_path) as made:
        yield made


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(st.sampled_from(sorted(ACTS)), st.integers(0, 1)), max_size=14))
def test_no_step_leads_where_it_may_not_and_the_history_only_grows(here: World, steps: list[tuple[str, int]]) -> None:
    both = [raised(here), raised(here, text="no time at all")]
    for name, which in steps:
        who, act = ACTS[name]
        before = [(now_of(here, one), _history(here, one)) for one in both]
        case, other = before[which][0], before[1 - which][0]
        posts = take(here, who, partial(_done, act, case, other))
        for (was, history), one in zip(before, both, strict=True):
            now = now_of(here, one)
            told = _history(here, one)
            assert told[: len(history)] == history
            if posts is None:
                assert (now, told) == (was, history), name
            _allowed(name, was, now)


def _done(act: Act, case: Case, other: Case, step: Step) -> Posts:
    return act(step, case, other)


def _allowed(name: str, was: Case, now: Case) -> None:
    if was.state != now.state:
        split = name == "split" and was.merged_into and now.state == "in-progress"
        revised = name == "revised" and (was.state, now.state) == ("resolved", "answered")
        open_still = was.state in OPEN and now.state in AGAIN
        assert was.state in MAY_BECOME[now.state] or open_still or split or revised, (name, was.state, now.state)
    assert now.merged_into == "" or now.state == "resolved"
    assert now.paused_since is None or now.state in OPEN
    assert now.respond_until is None or now.state in ("new", "reopened"), name


def _history(here: World, case: Case) -> list[tuple[str, str]]:
    with here.store.read() as tx:
        return [(event.what, event.text) for event in case_history.history(tx, case.id)]
