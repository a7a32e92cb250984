"""The doctor says where the files and what was accepted in chat differ."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path

from bot.amending import written_mark
from bot.commands.doctor import examine
from bot.playbook.folder import read_folder
from bot.playbook.load import assemble
from bot.settings import Settings
from bot.store import Store, amendments
from tests.delivery.organisation import listed

SMALL = Path(__file__).parent.parent / "transcripts" / "playbooks" / "small"
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


def test_the_doctor_names_what_holds_and_where(store: Store) -> None:
    key, files = listed(store, "jo"), read_folder(SMALL)[0]
    with store.begin() as tx:
        now = written_mark(assemble(files), ("phones", "change-agent", "sales"), tx.seal.mark)
        amendments.amend(tx, "phones", "change-agent", "sales", key, now, NOW.date())
        amendments.amend(tx, "phones", "sponsor", "", key, "of another value", NOW.date())

    found = examine(lambda: Settings(playbooks=SMALL), lambda _: nullcontext(store), NOW)

    assert [str(one) for one in found if one.about == "phones/initiative.yaml"] == [
        "note  phones/initiative.yaml: change_agents of sales says agent@example.com; jo@example.com was accepted in"
        " chat and holds: write it into the file too",
        "note  phones/initiative.yaml: sponsor was edited to head@example.com after jo@example.com was accepted in"
        " chat: the file holds",
    ]
