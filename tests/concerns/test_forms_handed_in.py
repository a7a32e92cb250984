"""Forms of a worry as they are handed in, whole or in the second step: also what no screen would send."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.store import Store, cases, eased, gaps, tables
from tests.transcripts.test_transcripts import replay
from tests.world import SAMPLE, world

FILES = sorted(Path(__file__).parent.glob("*.txt"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_what_becomes_of_a_form(file: Path, store: Store, tmp_path: Path) -> None:
    """Every line the bot says in the file is what it says today, and it says nothing else."""
    written = file.read_text(encoding="utf-8")

    said = replay(written, store, tmp_path)

    if os.environ.get("UPDATE_TRANSCRIPTS") == "1":
        file.write_text(said, encoding="utf-8")
    assert written == said


FIRST = {
    "text": "The customs papers are nowhere in the plan.",
    "severity": "2",
    "unit": "warehouse",
    "readers": "avoid",
}


def test_what_is_raised_in_confidence_reaches_the_project_at_a_slot_and_whoever_was_left_out_never(
    store: Store, tmp_path: Path
) -> None:
    with world(store, SAMPLE, datetime(2026, 11, 23, 10, tzinfo=ZoneInfo("Europe/Berlin"))) as here:
        for who in ("leonor", "uwe"):
            here.says(who, "hello")
        here.fills("doreen", "concern erp-cloud", {**FIRST, "name": "confidence"})
        assert [place.conversation for place, _ in here.platform.posted][-1] == "direct:doreen"

        here.fills("doreen", "concern erp-cloud sure 2 - warehouse avoid", {"text": FIRST["text"]})
        here.time += timedelta(hours=30)
        here.core.tick(here.time)
        here.drain()

        told = {p.conversation: str(shown) for p, shown in here.platform.posted if "customs" in str(shown)}
        assert {"direct:leonor"} <= set(told) - {"direct:doreen"}
        assert "direct:uwe" not in told
        assert "Doreen" not in told["direct:leonor"]


def test_it_helps_is_counted_once_a_person_and_nothing_of_who(store: Store, tmp_path: Path) -> None:
    with world(store, SAMPLE, datetime(2026, 11, 23, 10, tzinfo=ZoneInfo("America/New_York"))) as here:
        for who in ("brian", "brian", "hannah"):
            here.hear(here.payload(who, press="it-helps crm-renewal timing"))
        for odd in ("it-helps", "it-helps crm-renewal", "it-helps nothing timing", "it-helps crm-renewal sulking"):
            here.hear(here.payload("brian", press=odd))

        with store.begin() as tx:
            assert eased.eased(tx, "crm-renewal") == {"timing": 2}


def test_a_worry_leaves_no_case_no_gap_and_no_topic(store: Store, tmp_path: Path) -> None:
    with world(store, SAMPLE, datetime(2026, 11, 23, 10, tzinfo=ZoneInfo("America/New_York"))) as here:
        shown = here.says("brian", "nobody asked us before this was decided and the month-end mailing will break")
        assert "Take it further" in str(shown)

        with store.begin() as tx:
            assert cases.cases_of(tx, "danielle.okafor@example.com") == []
            assert cases.cases_of(tx, "nuno.falcao@example.com") == []
            assert gaps.gaps(tx) == []
            assert "crm-renewal" not in str(tx.execute(tables.conversation.select()).all())
