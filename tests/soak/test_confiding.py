"""Killed between form, slot and mail, and started again: no worry is lost or becomes two, every author hears."""

from __future__ import annotations

import random
import signal
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.core import Core
from bot.library import Library
from bot.messages import Said
from bot.store import Store, cases, mailbox
from bot.store import tables as t
from tests.soak.confiders import AUTHORS, MARK, PLAYBOOKS, START, author, place
from tests.soak.test_kill import victim

PROGRAM = Path(__file__).parent / "confiders.py"
SEED = 20270329
SHORTEST_LIFE, LONGEST_LIFE = 0.05, 0.8  # seconds; starting takes about 0.15, a form 0.03, a slot 0.1
WORRIES_PER_LIFE = AUTHORS


def nothing_is_half_written(store: Store, folder: Path) -> None:
    """Whatever was received waits or is a case, once; each case has one author, who has a mail or will get one."""
    received, sent = _lines(folder, "received"), _lines(folder, "sent")
    with store.read() as tx:
        opened = [mailbox.opened(tx, row) for row in tx.execute(select(t.mailbox_waiting))]
        numbers = tx.scalars(select(t.case.c.number)).all()
        raised = [case for number in numbers if (case := cases.case_by_number(tx, number))]
        behind = {case.text: [one.role for one in mailbox.behind(tx, case.id)] for case in raised}
    assert all(opened)
    wait = [one for one in opened if one]
    there = Counter([case.text for case in raised] + [one.rest["text"] for one in wait if one.what == "concern"])
    assert set(there.values()) <= {1}
    assert {f"worry {number}" for number in received} <= there.keys()
    assert all(case.asker is None for case in raised)
    assert all(roles == [mailbox.AUTHOR] for roles in behind.values())
    mails = Counter(MARK.findall("".join(str(one.rest["card"]) for one in wait if one.what == "mail")))
    assert {case.text for case in raised} <= {*sent, *mails}
    assert set(mails.values()) <= {1}


def _lines(folder: Path, name: str) -> list[str]:
    file = folder / name
    return file.read_text().splitlines() if file.exists() else []


def kill_and_restart(store: Store, url: str, folder: Path, lives: int) -> None:
    chance = random.Random(SEED)
    print(f"seed {SEED}")  # noqa: T201 - for running the same kills again
    library = Library(store, PLAYBOOKS)
    library.refresh(START)
    core = Core(store, library, lambda: START, frozenset({"local"}))
    for number in range(AUTHORS):
        core.hear(Said(f"hello {number}", author(number), place(number), "hello"))
    worries = [str(number) for number in range(lives * WORRIES_PER_LIFE)]
    (folder / "worries").write_text("\n".join(worries))
    killed = 0
    with victim(url, folder, PROGRAM) as process:
        for _ in range(lives):
            killed += process.live_for(chance.uniform(SHORTEST_LIFE, LONGEST_LIFE)) == signal.SIGKILL
            nothing_is_half_written(store, folder)
        assert process.live_to_the_end() == 0
    nothing_is_half_written(store, folder)
    sent = Counter(_lines(folder, "sent"))
    assert sent.keys() == {f"worry {number}" for number in worries}
    # Where nobody can tell whether a mail has arrived, it is sent once more.
    assert sum(sent.values()) - len(sent) <= killed
    with store.read() as tx:
        assert not mailbox.is_waiting(tx)
    assert killed > lives / 2, "most lives ended by themselves: nothing was tested"


def test_ten_kills_lose_no_worry_and_double_none(store: Store, database_url: str, tmp_path: Path) -> None:
    kill_and_restart(store, database_url, tmp_path, lives=10)


@pytest.mark.soak
def test_two_hundred_kills_lose_no_worry_and_double_none(store: Store, database_url: str, tmp_path: Path) -> None:
    kill_and_restart(store, database_url, tmp_path, lives=200)
