"""Rounds of a short survey. Who is asked in them is in `participation`.

What was answered is in `ballots` and `results`; nothing here leads to it. It decides nothing about who is asked when.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import and_, delete, exists, select, text, update

from bot.playbook.initiative_file import PulseRule
from bot.playbook.shared_files import PulseTemplate
from bot.store import tables as t
from bot.store.engine import Session
from bot.store.participation import DRAWN, Asked, read_asked
from bot.store.seal import SealBroken
from bot.store.sql import changed, insert_all_new, insert_new, put

OPEN, CLOSING, CLOSED, DESTROYED = "open", "closing", "closed", "destroyed"
"""States of a round: people can answer; its time is over; its box was opened; its box was destroyed unopened, because
fewer answered than the smallest group of which anything is shown."""
_R, _A, _D = t.survey_round.c, t.survey_asked.c, t.delivery.c
# Written as in their indexes.
_UNDER_WAY: Any = text("state IN ('open', 'closing')")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a round asks, as it was when it was opened: the template, its translations by locale, and the rules."""

    template: PulseTemplate
    translations: Mapping[str, PulseTemplate] = field(default_factory=dict)
    rules: tuple[PulseRule, ...] = ()

    def text(self, locale: str) -> PulseTemplate:
        """The template in this language (`pt-BR` falls back to `pt`), else as written."""
        return self.translations.get(locale) or self.translations.get(locale.partition("-")[0]) or self.template

    def to_json(self) -> str:
        """This as text; the same for the same content."""
        written = {
            "template": _plain(self.template),
            "translations": {locale: _plain(one) for locale, one in self.translations.items()},
            "rules": [_plain(one) for one in self.rules],
        }
        return json.dumps(written, sort_keys=True, ensure_ascii=False)

    @staticmethod
    def from_json(text: str) -> Snapshot:
        """What `to_json` wrote."""
        raw = json.loads(text)
        translations = {k: PulseTemplate.model_validate(one) for k, one in raw["translations"].items()}
        rules = tuple(PulseRule.model_validate(one) for one in raw["rules"])
        return Snapshot(PulseTemplate.model_validate(raw["template"]), translations, rules)


def _plain(part: PulseTemplate | PulseRule) -> dict[str, Any]:
    return part.model_dump(mode="json", by_alias=True)


@dataclass(frozen=True, slots=True)
class New:
    """A round that is to be opened. `occurrence` is what it is opened for: of two with the same one only one is.
    `audience` is a name of the playbook, or `unit:ID`; times are aware."""

    initiative: str
    template: str
    hash: str
    snapshot: Snapshot
    occurrence: str
    audience: str
    share: float
    cycle: int
    minimum: int
    named: bool
    zone: str
    opened_at: datetime
    closes_at: datetime
    started_by: str = ""


@dataclass(frozen=True, slots=True)
class Round:
    """A round. `asked` counts all who were asked, those erased since too; `started_by` is a person's key, '' for one
    that its schedule began (or whose starter is erased)."""

    id: int
    initiative: str
    template: str
    hash: str
    audience: str
    share: float
    cycle: int
    minimum: int
    named: bool
    zone: str
    opened_at: datetime
    closes_at: datetime
    state: str
    asked: int
    started_by: str = ""

    @property
    def batch(self) -> str:
        """Under which all its invitations and reminders are queued."""
        return f"survey:{self.id}"


def open_round(tx: Session, new: New, who: Sequence[tuple[str, str]]) -> Round | None:
    """Opens a round for these people (key, unit), who are drawn and asked from now on; None if it was opened before."""
    if tx.scalar(select(_R.id).where(_R.occurrence == new.occurrence)) is not None:
        return None
    # The row stays locked until the transaction ends: two at once get two numbers.
    put(tx, t.counter, {"name": "survey"}, {"value": t.counter.c.value + 1}, first={"value": 1})
    number = int(tx.scalars(select(t.counter.c.value).where(t.counter.c.name == "survey")).one())
    values = asdict(new) | {"snapshot": tx.seal.seal(new.snapshot.to_json()), "started_by": new.started_by or None}
    if not insert_new(tx, t.survey_round, {"id": number, "state": OPEN, "asked": len(who), **values}):
        return None
    common = {"round": number, "state": DRAWN, "reminded": 0, "ask_at": None}
    for first in range(0, len(who), 5_000):
        some = who[first : first + 5_000]
        insert_all_new(tx, t.survey_asked, [{**common, "person": key, "unit": unit} for key, unit in some])
    return round(tx, number)


def round(tx: Session, id: int) -> Round | None:
    """The round with this number."""
    row = tx.execute(select(t.survey_round).where(_R.id == id)).first()
    return round_of(row) if row else None


def hold(tx: Session, id: int) -> Round | None:
    """The same, held until the end of the transaction, so that of answering and closing one comes first."""
    row = tx.execute(select(t.survey_round).where(_R.id == id).with_for_update()).first()
    return round_of(row) if row else None


def snapshot(tx: Session, id: int) -> Snapshot | None:
    """What the round asks; None where there is no such round, or where its key is gone."""
    sealed = tx.scalar(select(_R.snapshot).where(_R.id == id))
    try:
        return Snapshot.from_json(tx.seal.open(sealed)) if sealed else None
    except SealBroken:
        return None


def rounds(tx: Session, initiative: str = "", states: Collection[str] = ()) -> list[Round]:
    """The rounds of an initiative, or all, in these states, or all; the newest first."""
    query = select(t.survey_round).order_by(_R.id.desc())
    if initiative:
        query = query.where(_R.initiative == initiative)
    if states:
        query = query.where(_R.state.in_(states))
    return [round_of(row) for row in tx.execute(query)]


def closed(tx: Session, initiative: str) -> list[Round]:
    """The rounds of an initiative that are over, destroyed ones too; the newest first."""
    return rounds(tx, initiative, (CLOSED, DESTROYED))


def under_way(tx: Session) -> list[Round]:
    """All rounds that are open, or whose closing is not finished, by number."""
    return [round_of(row) for row in tx.execute(select(t.survey_round).where(_UNDER_WAY).order_by(_R.id))]


def unreported(tx: Session) -> list[int]:
    """The rounds that are over, and of which nothing is kept yet that may be shown; by number."""
    kept = exists().where(t.survey_result.c.round == _R.id)
    return list(tx.scalars(select(_R.id).where(_R.state.in_((CLOSED, DESTROYED)), ~kept).order_by(_R.id)))


def set_state(tx: Session, id: int, state: str, of: Collection[str] = (OPEN, CLOSING)) -> bool:
    """Gives a round this state if it has one `of` these; False if somebody was quicker."""
    return changed(tx, update(t.survey_round).where(_R.id == id, _R.state.in_(of)).values(state=state)) == 1


def close_at(tx: Session, id: int, at: datetime) -> bool:
    """An open round closes at this moment instead; False if it is open no more."""
    return changed(tx, update(t.survey_round).where(_R.id == id, _R.state == OPEN).values(closes_at=at)) == 1


def of_person(tx: Session, person: str) -> list[tuple[Round, Asked]]:
    """The rounds in which a person was asked, the newest first."""
    query = select(t.survey_asked, _R.id.label("number")).join(t.survey_round, _R.id == _A.round)
    rows = tx.execute(query.where(_A.person == person).order_by(_R.id.desc())).all()
    there = {one.id: one for one in rounds(tx)} if rows else {}
    return [(there[row.number], read_asked(row)) for row in rows]


def unqueue_closed(tx: Session, round: Round) -> None:
    """Nothing more is written to anybody about this round."""
    waits = and_(_D.batch == round.batch, _D.state == "queued", _D.action == "post", _D.unsure_since.is_(None))
    tx.execute(delete(t.delivery).where(waits))


def forget(tx: Session, older_than: datetime) -> int:
    """Deletes rounds that closed before this moment, with everything that was asked and answered in them; how many."""
    over = (_R.state.in_((CLOSED, DESTROYED)), _R.closes_at < older_than)
    return changed(tx, delete(t.survey_round).where(*over))


def round_of(row: Any) -> Round:
    """The round of a row with its columns."""
    names = Round.__slots__
    values = {name: getattr(row, name) for name in names if name != "started_by"}
    return Round(**values, started_by=row.started_by or "")
