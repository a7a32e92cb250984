"""Protections switched off on purpose, one at a time, and the strategies of the adversary that must see it.

What cannot be seen in one kind of database is named in none of its strategies: SQLite notes no transactions, and the
log of PostgreSQL is not in a copy.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest

from bot import confidence
from bot.cases import mails
from bot.confidence import raising
from bot.conversation import conversation
from bot.deciding import Deciding
from bot.messages import Post, Said
from bot.store import Session, audit, blurring, conversations, deliveries, mailbox, people, told

Break = Callable[[pytest.MonkeyPatch], None]


@dataclass(frozen=True)
class Sabotage:
    """`quick` are the kinds of database in which it is done in `make test` too. `seen_in` names, by kind of database,
    the strategies that must find it, in worlds where it is evening or not.
    """

    name: str
    done: Break
    seen_in: Mapping[str, tuple[str, ...]]
    quick: tuple[str, ...] = ()
    evening: bool = True


def _put_away_with(more: Callable[[Session, str, datetime], None]) -> Break:
    """Something else is done in the transaction in which a worry is put away."""

    def sabotage(monkeypatch: pytest.MonkeyPatch) -> None:
        whole = raising.submit

        def submit(tx: Session, playbooks: Any, author: str, raised: Any, now: datetime) -> bool:
            more(tx, author, now)
            return whole(tx, playbooks, author, raised, now)

        _not_blurred(monkeypatch)
        monkeypatch.setattr(confidence, "submit", submit)

    return sabotage


def _note_setting(tx: Session, author: str, now: datetime) -> None:
    people.set_setting(tx, author, "raised", "yes")


def _note_audit(tx: Session, author: str, now: datetime) -> None:
    audit.note(tx, author, "concern.raised", "", now)


def _log(_: Session, author: str, now: datetime) -> None:
    logging.getLogger("bot.confidence").info("%s raised something at %s", author, now)


def _forget_told(tx: Session, author: str, _: datetime) -> None:
    told.forget_person(tx, author)


def _hold(monkeypatch: pytest.MonkeyPatch) -> None:
    """The conversation is held while something is said in confidence, as for everything else."""
    _not_blurred(monkeypatch)
    whole = Deciding.aside

    def aside(self: Deciding, tx: Session, said: Said, snapshot: Any, now: datetime, known: Any) -> Any:
        if said.how == "form":
            conversations.hold(tx, conversation(said), now)
        return whole(self, tx, said, snapshot, now, known)

    monkeypatch.setattr(Deciding, "aside", aside)


def _heard_as_usual(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forms in confidence are heard like everything else, and what waits is not written anew."""
    monkeypatch.setattr(Deciding, "is_secret", lambda _, __: False)
    _not_stirred(monkeypatch)


def _not_stirred(monkeypatch: pytest.MonkeyPatch) -> None:
    """What waits is left as it was written, and so is everything else."""
    _not_blurred(monkeypatch)
    monkeypatch.setattr(mailbox, "stir", lambda _: 0)
    monkeypatch.setattr(mailbox, "leave_no_order", lambda _: None)


def _not_blurred(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was written when is left to be seen."""
    monkeypatch.setattr(blurring, "blur", lambda _, __: False)


def _mailed_as_usual(monkeypatch: pytest.MonkeyPatch) -> None:
    """Authors are written to by deliveries like everybody else."""

    def write(tx: Session, _: Any, case: Any, whom: Any, card: Any, now: datetime) -> None:
        deliveries.enqueue(tx, [Post(key=f"case:{case.number}:author", card=card, person=whom.key)], now)

    monkeypatch.setattr(mails, "write", write)


SABOTAGES = (
    Sabotage("heard as usual", _heard_as_usual, {"postgresql": ("near_transaction", "next_transaction")}),
    Sabotage("not written anew", _not_stirred,
             {"postgresql": ("next_transaction",), "sqlite": ("next_in_the_wal",)}, quick=("postgresql", "sqlite")),
    Sabotage("not blurred", _not_blurred, {"postgresql": ("next_transaction",)}, evening=False),
    Sabotage("conversation held", _hold, {"postgresql": ("held_rows",)}),
    Sabotage("told by a delivery", _mailed_as_usual,
             {"postgresql": ("near_rows",), "sqlite": ("near_rows",)},
             quick=("sqlite",), evening=False),
    Sabotage("a setting is kept", _put_away_with(_note_setting),
             {"postgresql": ("row_counts", "changed_rows"), "sqlite": ("row_counts", "changed_rows")}),
    Sabotage("a line in the audit trail", _put_away_with(_note_audit),
             {"postgresql": ("row_counts",), "sqlite": ("row_counts",)}),
    Sabotage("a line in the log", _put_away_with(_log), {"postgresql": ("in_the_log",), "sqlite": ("in_the_log",)}),
    Sabotage("what led there is deleted", _put_away_with(_forget_told), {"postgresql": ("missing_rows",)}),
)  # fmt: skip
