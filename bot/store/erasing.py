"""Erasing a person: everything stored about them goes, or stays without leading to anybody. Who they are is `subject`'s
matter, what it says to whoever runs it the command's.

What was raised without a name is never touched: a row that changes on that day would say whose it was.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, delete, func, or_, select, update
from sqlalchemy.exc import DBAPIError

from bot.store import announcements, audit, broadcasts, told, wins
from bot.store import tables as t
from bot.store.cases import OPEN
from bot.store.engine import Session, Store
from bot.store.erasing_cases import erase_cases
from bot.store.seal import SealBroken
from bot.store.sql import changed
from bot.store.subject import Subject, names, naming
from bot.store.teams_references import forget_account

_UNSAID_WINS = (wins.SUGGESTED, wins.WAITING, wins.DECLINED, wins.WITHDRAWN)
_UNSENT_BROADCASTS = (*broadcasts.WITH_AUTHOR, broadcasts.DROPPED)
_WIPED: dict[str, Any] = {
    "person": None,
    "place": None,
    "card": None,
    "content": None,
    "conversation": None,
    "platform_id": "",
}


def hold(tx: Session, whose: Subject) -> None:
    """Holds the person until the end of the transaction, so that nothing new comes to them meanwhile."""
    tx.execute(select(t.person.c.key).where(t.person.c.key == whose.key).with_for_update())


def erase(tx: Session, whose: Subject, heirs: Mapping[str, str], now: datetime) -> None:
    """Erases everything about this person, in this one transaction. `heirs` are the addresses that answer for what they
    had still to answer, by initiative; '' stands for all initiatives that are not named.
    """
    hold(tx, whose)
    erase_cases(tx, whose, heirs, now)
    _deliveries(tx, whose)
    _announcements(tx, whose)
    _written(tx, whose)
    _remembered(tx, whose)
    _spoken(tx, whose)
    _addresses(tx, whose)
    if whose.email:
        forget_versions(tx, whose.email)
    # Settings, accounts, calendar, links, sessions, roles and offers go with it; what others read loses its name.
    tx.execute(delete(t.person).where(t.person.c.key == whose.key))
    audit.note(tx, "", "person.erased", whose.key, now)


def _deliveries(tx: Session, whose: Subject) -> None:
    """What was written to them is emptied and still counted; what waits is not sent."""
    c = t.delivery.c
    places = [account.direct.encode() for account in whose.accounts if account.direct]
    marks = [tx.seal.mark("delivery", text) for text in (*places, whose.key)]
    theirs = or_(c.person == whose.key, c.key.contains(whose.key), c.conversation.in_(marks))
    for row in tx.execute(select(c.seq, c.key, c.state).where(theirs)).all():
        ended = (
            {"state": "cancelled", "reason": "the person was erased"} if row.state in ("queued", "suppressed") else {}
        )
        values = {**_WIPED, **ended, "withdrawn": True, "key": tx.seal.mark("erased", row.key)}
        tx.execute(update(t.delivery).where(c.seq == row.seq).values(values))


def _announcements(tx: Session, whose: Subject) -> None:
    """No audience names them any more; one that named nobody else is not told. Checkpoints stand at somebody else."""
    c = t.announcement.c
    for row in tx.execute(select(c.key, c.audience, c.reached)).all():
        if row.reached == whose.key:
            before = select(t.person.c.key).where(t.person.c.key < whose.key).order_by(t.person.c.key.desc()).limit(1)
            tx.execute(update(t.announcement).where(c.key == row.key).values(reached=tx.scalar(before) or ""))
        meant = _opened(tx, row.audience)
        if whose.email and whose.email in (*meant.get("people", ()), *meant.get("without", ())):
            _mean_others(tx, row.key, meant, whose.email)


def _mean_others(tx: Session, key: str, meant: dict[str, Any], address: str) -> None:
    lists = {name: [one for one in meant.get(name, ()) if one != address] for name in ("people", "without")}
    if not lists["people"] and not meant.get("name"):
        announcements.cancel(tx, key)
    audience = tx.seal.seal(json.dumps({**meant, **lists}, ensure_ascii=False))
    tx.execute(update(t.announcement).where(t.announcement.c.key == key).values(audience=audience))


def _written(tx: Session, whose: Subject) -> None:
    """What they wrote and nobody has seen goes; what others have read stays without their name."""
    b, w = t.broadcast.c, t.win.c
    tx.execute(delete(t.broadcast).where(b.author == whose.key, b.state.in_(_UNSENT_BROADCASTS)))
    mine = or_(w.author == whose.key, w.suggested_by == whose.key)
    tx.execute(delete(t.win).where(mine, w.state.in_(_UNSAID_WINS)))
    for id in tx.scalars(select(w.id).where(w.thanked == whose.key)).all():
        if found := wins.win(tx, id):
            wins.say(tx, id, replace(found.said, thanks=""))
        tx.execute(update(t.win).where(w.id == id).values(thanks=wins.THANKS_NO))
    tx.execute(update(t.channel).where(t.channel.c.bound_by == whose.key).values(bound_by=""))


def _remembered(tx: Session, whose: Subject) -> None:
    """What they were told, what they found helpful, and what was done once for them."""
    f, o = t.feedback.c, t.occurrence.c
    told.forget_person(tx, whose.key)
    for row in tx.execute(select(f.passage, f.hash).distinct()).all():
        tx.execute(delete(t.feedback).where(f.mark == tx.seal.mark("vote", row.passage, row.hash, whose.key)))
    tx.execute(delete(t.occurrence).where(o.key.contains(whose.key)))


def _spoken(tx: Session, whose: Subject) -> None:
    """What was heard of them and not yet handled, where their conversations stand, and the local page's messages."""
    accounts = {(one.platform, one.workspace, one.account) for one in whose.accounts}
    for row in tx.execute(select(t.heard.c.seq, t.heard.c.payload).where(t.heard.c.payload.is_not(None))).all():
        said = _opened(tx, row.payload).get("said", "{}")
        who = json.loads(said).get("person", {})
        if (who.get("platform"), who.get("workspace"), who.get("account")) in accounts:
            tx.execute(delete(t.heard).where(t.heard.c.seq == row.seq))
    marks = [tx.seal.mark("conversation", key) for key in whose.conversations]
    tx.execute(delete(t.conversation).where(t.conversation.c.mark.in_(marks)))
    _local_page(tx, whose)


def _local_page(tx: Session, whose: Subject) -> None:
    there = {one.account for one in whose.accounts if one.platform == "web"}
    places = {one.direct.conversation for one in whose.accounts if one.platform == "web" and one.direct}
    w = t.web_message.c
    for row in tx.execute(select(w.number, w.content)).all() if there else ():
        content = _opened(tx, row.content)
        if content.get("sender") in there or content.get("place") in places:
            tx.execute(delete(t.web_message).where(w.number == row.number))


def _addresses(tx: Session, whose: Subject) -> None:
    """Where accounts are written to, and every column that holds the address itself."""
    for account in whose.accounts:
        forget_account(tx, account.workspace, account.account)
    if not whose.email:
        return
    tx.execute(update(t.person).where(t.person.c.manager == whose.email).values(manager=""))
    tx.execute(update(t.learned).where(t.learned.c.owner == whose.email).values(owner=""))
    # Without a value it is noted anew from the playbook, and no change of it is announced.
    tx.execute(delete(t.stated).where(t.stated.c.value == whose.email))
    _blank(tx, t.change, t.change.c.before, whose.email)
    _blank(tx, t.change, t.change.c.after, whose.email)
    for value in naming(tx, t.api_key.c.name, whose.email):
        _blank(tx, t.api_key, t.api_key.c.name, value)


def _blank(tx: Session, table: Table, column: ColumnElement[Any], value: str) -> None:
    tx.execute(update(table).where(column == value).values({column: ""}))


def earlier_versions(tx: Session, address: str) -> list[tuple[str, str]]:
    """The stored versions of playbooks that name this address and are in force no longer: scope and version."""
    v, f = t.playbook_version.c, t.playbook_in_force.c
    in_force = select(f.scope).where(f.scope == v.scope, f.version == v.version).exists()
    rows = tx.execute(select(v.scope, v.version, v.files).where(~in_force))
    return [(row.scope, row.version) for row in rows if any(names(address, text) for text in row.files.values())]


def forget_versions(tx: Session, address: str) -> int:
    """Deletes those versions; says how many. What is in force is changed in its files."""
    v, found = t.playbook_version.c, earlier_versions(tx, address)
    return sum(changed(tx, delete(t.playbook_version).where(v.scope == s, v.version == n)) for s, n in found)


def _opened(tx: Session, sealed: str) -> dict[str, Any]:
    with suppress(SealBroken, ValueError):
        return dict(json.loads(tx.seal.open(sealed)))
    return {}


def sweep(store: Store, tables: Sequence[Table] = ()) -> bool:
    """Takes what deleted rows of these tables, or of all, left behind out of the database's files. False where that
    cannot be done now, because others read; then the database does it by itself later."""
    try:
        return _truncate(store) if store.embedded else _vacuum(store, tables or t.metadata.sorted_tables)
    except DBAPIError:
        return False


def _vacuum(store: Store, tables: Sequence[Table]) -> bool:
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for table in tables:
            connection.exec_driver_sql(f'VACUUM "{table.name}"')
    return True


def _truncate(store: Store) -> bool:
    connection = store.engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        busy, *_ = cursor.fetchone() or (1,)
        return not busy
    finally:
        connection.close()


@dataclass(frozen=True, slots=True)
class Staying:
    """How much of what they wrote stays: open cases raised with their name, and texts that others have read."""

    cases: int
    published: int


def staying(tx: Session, whose: Subject) -> Staying:
    """What an erasure would leave of what they wrote."""
    b, w, n = t.broadcast.c, t.win.c, t.learned.c
    texts = (
        (t.learned, n.author == whose.key),
        (t.broadcast, (b.author == whose.key) & b.state.not_in(_UNSENT_BROADCASTS)),
        (t.win, or_(w.author == whose.key, w.suggested_by == whose.key) & w.state.not_in(_UNSAID_WINS)),
    )
    return Staying(
        cases=_count(tx, t.case, (t.case.c.asker == whose.key) & t.case.c.state.in_(OPEN)),
        published=sum(_count(tx, table, condition) for table, condition in texts),
    )


def _count(tx: Session, table: Table, condition: ColumnElement[bool]) -> int:
    return tx.scalar(select(func.count()).select_from(table).where(condition)) or 0
