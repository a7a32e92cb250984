"""Whatever goes wrong between the bot and Teams: what was acknowledged is answered, and answered once."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, text

from bot.messages import Limits, Window
from bot.store import tables
from tests.adapters.teams.actors import Fault
from tests.adapters.teams.deployment import Deployment, texts

QUESTION, ANSWER = "can i keep my number?", "Your number moves to the new phone by itself"
RETRY = {"Retry-After": "30"}


def answers(teams: Deployment) -> int:
    """How often the answer stands in Lea's conversation."""
    return sum(ANSWER in texts(m.card) for m in teams.fake.shown_in(teams.account("lea").conversation))


def ask(teams: Deployment) -> None:
    """Lea is greeted, and asks."""
    teams.posted(teams.typed("lea", "hello"))
    assert teams.send(teams.typed("lea", QUESTION)).status == 200


def later(teams: Deployment, minutes: int = 10) -> None:
    """Time passes, and what is due is sent."""
    for _ in range(minutes):
        teams.time += timedelta(minutes=1)
        teams.tick()
        teams.drain()


def states(teams: Deployment) -> list[tuple[str, str]]:
    """The state of each delivery that was not sent, and why."""
    with teams.store.read() as tx:
        rows = tx.execute(select(tables.delivery).where(tables.delivery.c.state != "sent")).all()
        last = tx.execute(select(tables.delivery_attempt)).all()
    return [(row.state, " ".join(str(value) for attempt in last for value in attempt)) for row in rows]


@pytest.mark.parametrize(
    "fault",
    [
        Fault("POST activities", 429, RETRY),
        Fault("POST activities", 429),
        Fault("POST activities", 412),
        Fault("POST activities", 500),
        Fault("POST activities", 502),
        Fault("POST activities", 503, RETRY),
        Fault("POST activities", 504),
        Fault("token", 500),
        Fault("token", 401),
    ],
    ids=lambda fault: f"{fault.at} {fault.status} {'with' if fault.headers else 'without'} Retry-After",
)
def test_what_passes_is_answered_once(teams: Deployment, fault: Fault) -> None:
    ask(teams)
    if fault.at == "token":
        teams.connector.token._renew_at = teams.connector.token._ends_at = 0.0
    teams.fake.faults += [fault, fault] if fault.at != "token" else [fault]

    teams.drain()
    assert answers(teams) == 0
    teams.connector.token._ask_again_at = 0.0
    later(teams)

    assert answers(teams) == 1
    assert states(teams) == []


@pytest.mark.parametrize(("taken", "least"), [(False, 1), (True, 1)])
def test_a_call_that_breaks_off_is_done_again(teams: Deployment, taken: bool, least: int) -> None:
    """Teams shows no history: twice is better than not at all, and it is counted."""
    ask(teams)
    teams.fake.faults.append(Fault("POST activities", reset=True, taken=taken))

    teams.drain()
    later(teams)

    assert answers(teams) == (2 if taken else least)


def test_a_stall_ends_at_the_limit(teams: Deployment) -> None:
    teams.call_seconds = 1.0
    teams.start()
    ask(teams)
    teams.fake.faults.append(Fault("POST activities", stall=600))

    teams.drain()
    later(teams)

    assert answers(teams) == 1


@pytest.mark.parametrize(
    ("status", "code"), [(403, "MessageWritesBlocked"), (404, "ConversationNotFound"), (413, "MessageSizeTooBig")]
)
def test_what_is_refused_is_not_tried_again(teams: Deployment, status: int, code: str) -> None:
    ask(teams)
    teams.fake.faults.append(Fault("POST activities", status, code=code))
    calls = teams.fake.calls.count(f"POST activities {teams.account('lea').conversation}")

    teams.drain()
    later(teams, 3)

    assert teams.fake.calls.count(f"POST activities {teams.account('lea').conversation}") == calls + 1
    assert answers(teams) == 0
    assert [state for state, _ in states(teams)] == ["failed"]


def test_a_restart_between_hearing_and_answering(teams: Deployment) -> None:
    ask(teams)
    teams.start()

    later(teams)

    assert answers(teams) == 1


def test_a_restart_in_the_middle_of_a_call(teams: Deployment) -> None:
    """The call is cut off with the process."""
    ask(teams)
    teams.fake.faults.append(Fault("POST activities", stall=1))

    async def cut_off() -> None:
        sending = asyncio.create_task(teams.sender.drain())
        await asyncio.sleep(0.3)
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)

    teams.runner.run(cut_off())
    teams.start()
    later(teams)

    assert answers(teams) == 1


def test_the_roster_is_away_at_the_first_contact(teams: Deployment) -> None:
    """It is heard, and answered when it is known who that is."""
    teams.fake.faults += [Fault("GET member", 503)] * 2
    assert teams.send(teams.typed("lea", QUESTION)).status == 200
    teams.drain()
    assert answers(teams) == 0

    later(teams)

    assert answers(teams) == 1


def test_the_database_is_away(teams: Deployment) -> None:
    """Nothing was acknowledged, so Teams sends it again; once."""
    teams.posted(teams.typed("lea", "hello"))
    activity = teams.typed("lea", QUESTION)
    with teams.store.begin() as tx:
        tx.execute(text("ALTER TABLE heard RENAME TO away"))
    refused = teams.send(activity)
    with teams.store.begin() as tx:
        tx.execute(text("ALTER TABLE away RENAME TO heard"))

    taken = [teams.send(activity).status for _ in range(2)]
    later(teams, 1)

    assert (refused.status, taken) == (503, [200, 200])
    assert answers(teams) == 1


def test_addresses_that_cannot_be_kept_lose_no_answer(teams: Deployment) -> None:
    """They are learned with the next message; until then the last known address of the tenant does."""
    teams.posted(teams.typed("pm", "hello"))
    with teams.store.begin() as tx:
        tx.execute(text("ALTER TABLE account_reference RENAME TO away"))
    status = teams.send(teams.typed("lea", QUESTION)).status
    teams.drain()
    with teams.store.begin() as tx:
        tx.execute(text("ALTER TABLE away RENAME TO account_reference"))
    later(teams)

    assert status == 200
    assert answers(teams) == 1


def test_the_documented_pace_is_never_too_fast(teams: Deployment) -> None:
    """The fake counts as Teams does; here with windows that are shorter and as full."""
    windows = (Window(7, 0.05), Window(8, 0.1), Window(60, 1.5))
    teams.fake.windows = windows
    teams.limits = Limits(workspace=(Window(50, 0.05),), conversation=windows)
    teams.start()
    for _ in range(12):
        teams.send(teams.typed("lea", QUESTION))

    async def run() -> None:
        stop = asyncio.Event()
        sending = asyncio.create_task(teams.sender.run(stop))
        async with asyncio.timeout(20):
            while answers(teams) < 12:
                teams.fake.posted.clear()
                await teams.fake.posted.wait()
        stop.set()
        await sending

    teams.runner.run(run())

    assert answers(teams) == 12
    assert _refused_for_pace(teams) == 0


def _refused_for_pace(teams: Deployment) -> Any:
    with teams.store.read() as tx:
        found = tx.execute(select(tables.delivery_attempt)).all()
    return sum("429" in str(row) for row in found)
