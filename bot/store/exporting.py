"""Everything stored about a person, in plain form. What was raised without a name is never among it: whether there is
any changes nothing here, so nothing is read that could tell (replies, events, what a conversation is about).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Table, select

from bot.messages import Card
from bot.store import cases, contents, told
from bot.store import tables as t
from bot.store.engine import Session
from bot.store.exporting_cases import case, dealt_with, has_name, joined
from bot.store.plain_rows import UNREADABLE, Rows, every, opened, rows_of, shown
from bot.store.seal import SealBroken
from bot.store.subject import Subject

Plain = Callable[[Card], str]
"""Shows a card as text."""


def export(tx: Session, whose: Subject, plain: Plain) -> dict[str, Rows]:
    """What is stored about this person, by subject: lists of plain data, dates as in ISO 8601."""
    found: dict[str, Rows] = {
        "directory": rows_of(tx, t.person, "key", whose, without=("key",)),
        "accounts": [_account(row) for row in every(tx, t.identity, "person", whose)],
        "platform addresses": _references(tx, whose),
        "settings": rows_of(tx, t.setting, "person", whose),
        "conversations": _conversations(tx, whose),
        "visits": rows_of(tx, t.visit, "person", whose),
        "calendar address": rows_of(tx, t.calendar, "person", whose, only=("language", "made_on")),
        "links to the pages": rows_of(tx, t.board_link, "person", whose, only=("until",)),
        "sessions on the pages": rows_of(tx, t.board_session, "person", whose, only=("until",)),
        "roles accepted in chat": rows_of(tx, t.amendment, "person", whose, without=("slot", "person", "written")),
        "roles offered": _offers(tx, whose),
        "questions and concerns raised": [case(tx, one, whose) for one in cases.cases_asked_by(tx, whose.key)],
        "questions and concerns dealt with": dealt_with(tx, whose),
        "concerns and requests joined": joined(tx, whose),
        "what came of cases, written for everybody": rows_of(
            tx, t.case_news, "drafted_by", whose, only=("initiative",)
        ),
        "what they were told": [
            {"initiative": v.initiative, "about": v.subject} for v in told.of_person(tx, whose.key)
        ],
        "answers found helpful or not": _votes(tx, whose),
        "answers written": rows_of(tx, t.learned, "author", whose, without=("author", "owner", "gap")),
        "milestones reported": _said(tx, t.milestone, "note", whose, "milestone", "state", "said_on", "moved_to"),
        "new dates said": _said(tx, t.milestone_slip, "reason", whose, "milestone", "before", "moved_to", "since"),
        "broadcasts": _broadcasts(tx, whose),
        "wins": _wins(tx, whose),
        "short surveys": _surveys(tx, whose),
        "short surveys answered with the name": _named_answers(tx, whose),
        "short surveys started": rows_of(
            tx, t.survey_round, "started_by", whose, only=("id", "initiative", "template")
        ),
        "what is done about results of surveys": _named_actions(tx, whose),
        "asked as owner of a unit": rows_of(tx, t.owner_word, "owner", whose),
        "obligations reported as met": _said(tx, t.obligation, "evidence", whose, "obligation", "met_on"),
        "channels bound": rows_of(tx, t.channel, "bound_by", whose, only=("initiative", "audience", "bound_on")),
        "named by colleagues": _by_address(tx, whose),
        "messages": _messages(tx, whose, plain),
        "audit trail": _trail(tx, whose),
    }
    return {name: [{k: shown(v) for k, v in row.items()} for row in rows] for name, rows in found.items()}


def _account(row: dict[str, Any]) -> dict[str, Any]:
    names = ("platform", "workspace", "account", "member", "direct", "first_seen", "refused", "refused_on")
    return {name: row[name] for name in names}


def _references(tx: Session, whose: Subject) -> Rows:
    """Where an account is written to that has an address of its own, and when it was seen last."""
    found, c = [], t.account_reference.c
    for account in whose.accounts:
        mark = tx.seal.mark("reference", account.workspace, account.account)
        for row in tx.execute(select(c.reference, c.seen_on).where(c.account == mark)):
            reference = opened(tx, row.reference)
            found.append({"workspace": account.workspace, "reference": reference, "seen_on": row.seen_on})
    return found


def _conversations(tx: Session, whose: Subject) -> Rows:
    marks = [tx.seal.mark("conversation", key) for key in whose.conversations]
    rows = tx.execute(select(t.conversation.c.used_on).where(t.conversation.c.mark.in_(marks)).order_by("used_on"))
    return [{"last_used": row.used_on} for row in rows]


def _offers(tx: Session, whose: Subject) -> Rows:
    parts = {"person": "offered to them", "offered_by": "offered by them", "holder": "given up by them"}
    return [
        {"part": part, **{name: row[name] for name in ("initiative", "role", "subject", "state", "since")}}
        | {"note": opened(tx, row["note"])}
        for column, part in parts.items()
        for row in every(tx, t.offer, column, whose)
    ]


def _votes(tx: Session, whose: Subject) -> Rows:
    c = t.feedback.c
    found = tx.execute(select(c.passage, c.hash).distinct().order_by(c.passage, c.hash)).all()
    marks = [tx.seal.mark("vote", row.passage, row.hash, whose.key) for row in found]
    mine = tx.execute(select(c.passage, c.helpful).where(c.mark.in_(marks)).order_by(c.passage, c.hash))
    return [dict(row._mapping) for row in mine]


def _said(tx: Session, table: Table, sealed: str, whose: Subject, *names: str) -> Rows:
    return [
        {"initiative": row["initiative"], **{name: row[name] for name in names}, sealed: opened(tx, row[sealed])}
        for row in every(tx, table, "said_by", whose)
    ]


def _broadcasts(tx: Session, whose: Subject) -> Rows:
    found = []
    for column, part in {"author": "written by them", "decided_by": "decided by them"}.items():
        for row in every(tx, t.broadcast, column, whose):
            what = {"part": part, "number": row["number"], "initiative": row["initiative"], "state": row["state"]}
            text = opened(tx, row["written"]) if column == "author" else ""
            found.append(what | {"written": text, "made_at": row["made_at"], "out_at": row["out_at"]})
    return found


def _wins(tx: Session, whose: Subject) -> Rows:
    parts = {"author": "said by them", "suggested_by": "suggested by them", "thanked": "they are thanked"}
    names = ("initiative", "unit", "state", "said_at", "told_at", "thanks")
    return [
        {"part": part, **{name: row[name] for name in names}, "said": opened(tx, row["said"])}
        for column, part in parts.items()
        for row in every(tx, t.win, column, whose)
    ]


def _surveys(tx: Session, whose: Subject) -> Rows:
    """In which rounds they were asked, and whether they have answered; what they answered leads to nobody."""
    r, a = t.survey_round.c, t.survey_asked.c
    query = select(r.id, r.initiative, r.template, a.unit, a.state).join_from(t.survey_asked, t.survey_round)
    return [dict(row._mapping) for row in tx.execute(query.where(a.person == whose.key).order_by(r.id))]


def _named_answers(tx: Session, whose: Subject) -> Rows:
    rows = every(tx, t.survey_named, "person", whose)
    return [{"id": row["round"], "answers": opened(tx, row["answers"])} for row in rows]


def _named_actions(tx: Session, whose: Subject) -> Rows:
    rows = every(tx, t.survey_action, "named_by", whose)
    names = ("number", "state", "until")
    return [
        {"id": row["round"], **{name: row[name] for name in names}, "said": opened(tx, row["said"])} for row in rows
    ]


def _by_address(tx: Session, whose: Subject) -> Rows:
    if not whose.email:
        return []
    managed = tx.scalars(select(t.person.c.email).where(t.person.c.manager == whose.email).order_by("email"))
    asked = tx.execute(select(t.learned.c.heading).where(t.learned.c.owner == whose.email).order_by("heading"))
    return [{"manager of": one} for one in managed] + [{"was asked": row.heading} for row in asked]


def _messages(tx: Session, whose: Subject, plain: Plain) -> Rows:
    """What was written to them. Replies are not listed, nor what is about a case without a name."""
    c = t.delivery.c
    mine = (c.person == whose.key, c.action == "post", ~c.reply)
    rows = [row for row in tx.execute(select(t.delivery).where(*mine).order_by(c.seq)) if _may_be_listed(tx, row.key)]
    shared = contents.sealed(tx, {row.content for row in rows if row.content})
    return [
        {
            "kind": row.kind,
            "state": row.state,
            "platform": row.platform,
            "created_on": row.created_at.date(),
            "sent_on": row.sent_at.date() if row.sent_at else None,
            "text": _card(tx, row.card or shared.get(row.content, ""), plain),
        }
        for row in rows
    ]


def _may_be_listed(tx: Session, key: str) -> bool:
    head, _, rest = key.partition(":")
    return head != "case" or has_name(tx, rest.partition(":")[0])


def _trail(tx: Session, whose: Subject) -> Rows:
    """Verbs and days alone: what was done to what is in the trail itself."""
    c = t.audit.c
    rows = tx.execute(select(c.at, c.action, c.subject).where(c.actor == whose.key).order_by(c.at, c.id))
    return [{"on": row.at.date(), "did": row.action} for row in rows if _may_be_noted(tx, row.subject)]


def _may_be_noted(tx: Session, subject: str) -> bool:
    head, _, number = subject.partition(" ")
    return head != "case" or has_name(tx, number)


def _card(tx: Session, sealed: str, plain: Plain) -> str:
    try:
        return plain(Card.from_json(tx.seal.open(sealed))) if sealed else ""
    except SealBroken:
        return UNREADABLE
