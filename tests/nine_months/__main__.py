"""`python -m tests.nine_months`: lives through the nine months and writes what everybody got into the documents."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import click

from bot.store import Seal, Store
from tests.nine_months import calendar, checks, story
from tests.nine_months.living import live
from tests.nine_months.organisation import organisation
from tests.world import ROOT

FULL = ROOT / "docs/nine-months.csv"
GUIDE = ROOT / "docs/communicating.md"


def main() -> int:
    """Runs, checks, writes; 1 where a check found something."""
    with tempfile.TemporaryDirectory() as scratch:
        store = Store.open(f"sqlite:///{scratch}/nine-months.db", secret=Seal(["only for these nine months"]))
        store.migrate()
        with click.progressbar(length=(story.LAST - story.FIRST).days, label="Days", file=sys.stderr) as bar:
            lived = live(
                store,
                Path(scratch),
                story.deeds(),
                story.FIRST,
                story.LAST,
                on_tick=lambda now: bar.update(max((now - story.FIRST).days - bar.pos, 0)),
            )
        store.close()
    here = organisation()
    found = [f"{check.__name__}: {fault}" for check in checks.ALL for fault in check(lived.got, here)]
    rows = calendar.rows(lived.got, here)
    FULL.write_text(calendar.as_csv(rows), encoding="utf-8")
    GUIDE.write_text(calendar.renewed(GUIDE.read_text(encoding="utf-8"), rows), encoding="utf-8")
    click.echo(f"{len(rows)} messages in {lived.ticks} ticks: {FULL.relative_to(ROOT)}, {GUIDE.relative_to(ROOT)}")
    click.echo("\n".join(found))
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
