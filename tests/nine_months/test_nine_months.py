"""Months of the sample organisation: what everybody gets is looked through for what must never happen.

Nine days of some of them run with the suite: four dates of two projects, and a holiday of the Service Desk. The nine
months of all are among the soak runs; `python -m tests.nine_months` writes them into the documents.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.store import Seal
from tests.conftest import opened
from tests.nine_months import calendar, checks, story, wording
from tests.nine_months.checks import Check
from tests.nine_months.living import Got, live
from tests.nine_months.organisation import Organisation, organisation
from tests.world import ROOT

FIRST, LAST = datetime(2027, 1, 18, 8, tzinfo=UTC), datetime(2027, 1, 27, 8, tzinfo=UTC)
SIX_HOURS = timedelta(hours=6)
# Who has an account: one or two of each department and zone, and who leads.
AMONG = (
    *("nuno", "leonor", "paulo", "beatriz", "joaquim", "marcelo", "luana", "gabriela", "iracema", "josenildo"),
    *("alvaro", "ines", "mareike", "aylin", "lucia", "renato", "terrence", "meiling", "filipa", "adriano"),
    *("kofi", "birgit", "debjani", "kavya", "doreen", "katrin"),
)
MORNING = datetime(2027, 2, 1, 12, tzinfo=UTC)
# One of each sort of fault, each made of a message without any.
GOOD = Got(MORNING, "gabriela", False, "milestone:crm-renewal:offline-proof:2027-02-05:week:k1", "milestones", False,
           "Linden: Resultado do dia sem rede\n\nVocês leem o resultado aqui na sexta-feira, bom ou ruim.",
           ("O plano inteiro",))  # fmt: skip
LEFT = replace(GOOD, where="wesley", at=story.LEFT["wesley"] + timedelta(days=3))
BAD: dict[Check, list[Got]] = {
    checks.outside_hours: [replace(GOOD, at=datetime(2027, 2, 1, 2, tzinfo=UTC))],
    checks.above_the_cap: [replace(GOOD, key=f"{n}", at=MORNING + timedelta(hours=n)) for n in range(4)],
    checks.twice: [GOOD, GOOD],
    checks.out_of_order: [GOOD, replace(GOOD, where="luana", key=GOOD.key.replace("week:k1", "agents:k2"))],
    checks.after_the_date: [replace(GOOD, at=datetime(2027, 2, 8, 12, tzinfo=UTC))],
    checks.not_for_them: [replace(GOOD, key="milestone:second-factor:corporate-start:2027-02-15:week:k1")],
    checks.after_leaving: [LEFT],
    wording.in_another_language: [replace(GOOD, labels=("The whole plan",))],
    wording.jargon: [replace(GOOD, text="Esta iniciativa é nova.")],
    wording.unfilled: [replace(GOOD, text="Em {date} começa o treinamento.")],
    wording.too_long: [replace(GOOD, text="Linden\n" + "longo " * 400)],
    wording.raw_names: [replace(GOOD, text="Linden: offline-proof em 2027-02-05")],
}


@pytest.fixture(scope="module")
def here() -> Organisation:
    return organisation()


@pytest.fixture(scope="module")
def weeks(tmp_path_factory: pytest.TempPathFactory, migrated_file: Path, seal: Seal) -> Iterator[list[Got]]:
    """What everybody got in nine days, lived through once for all checks."""
    scratch = tmp_path_factory.mktemp("weeks")
    (scratch / "weeks.db").write_bytes(migrated_file.read_bytes())
    begun = [replace(deed, at=FIRST) if deed.at == story.FIRST else deed for deed in story.deeds(AMONG)]
    deeds = [deed for deed in begun if FIRST <= deed.at <= LAST]
    with opened(f"sqlite:///{scratch / 'weeks.db'}", seal) as store:
        yield live(store, scratch, deeds, FIRST, LAST, SIX_HOURS).got


@pytest.mark.parametrize("check", checks.ALL, ids=lambda check: check.__name__)
def test_weeks_are_clean(check: Check, weeks: list[Got], here: Organisation) -> None:
    """Each check finds nothing in what everybody got."""
    assert len(weeks) > 50
    assert check(weeks, here) == []


@pytest.mark.parametrize("check", checks.ALL, ids=lambda check: check.__name__)
def test_each_check_finds_its_fault(check: Check, here: Organisation) -> None:
    """And finds something where there is something; a good message is not mistaken for it."""
    assert check([GOOD], here) == []
    assert check(BAD[check], here) != []


def test_who_never_wrote_to_the_bot_is_not_reached(weeks: list[Got]) -> None:
    """Of those who are there many hear something in these days, and nobody else does."""
    told = {one.where for one in weeks if not one.channel}
    assert told <= set(AMONG) - story.STRANGERS
    assert len(told) > len(AMONG) / 3


def test_the_documents_show_what_is_in_the_calendar() -> None:
    """The tables of the guide are made of the whole calendar, and its dates are those of the samples."""
    rows = calendar.from_csv((ROOT / "docs/nine-months.csv").read_text(encoding="utf-8"))
    guide = (ROOT / "docs/communicating.md").read_text(encoding="utf-8")
    assert calendar.renewed(guide, rows) == guide
    assert calendar.unknown_titles(rows, organisation()) == []


@pytest.mark.soak
def test_nine_months_are_clean_and_as_documented(tmp_path: Path, here: Organisation, seal: Seal) -> None:
    """The whole calendar is clean, and is the one in the documents."""
    with opened(f"sqlite:///{tmp_path}/nine-months.db", seal) as store:
        store.migrate()
        got = live(store, tmp_path, story.deeds(), story.FIRST, story.LAST).got
    assert [f"{check.__name__}: {fault}" for check in checks.ALL for fault in check(got, here)] == []
    written = (ROOT / "docs/nine-months.csv").read_text(encoding="utf-8")
    assert calendar.as_csv(calendar.rows(got, here)) == written
