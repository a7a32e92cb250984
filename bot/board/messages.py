"""What was sent to many: a list of it for each initiative, and what became of one, as a page and as a file."""

from __future__ import annotations

from bot.board.look import LEADS, Look
from bot.board.page import File, Filters, Link, Listing, Page
from bot.broadcasts.report import Report, csv_of, report
from bot.messages import Card
from bot.playbook.model import Initiative
from bot.store import broadcasts
from bot.store.broadcasts import WITH_AUTHOR, Broadcast

LISTED = 100


def show(look: Look, filters: Filters) -> Page | File | None:
    """The list; with `of` (the number of one) its report, and with `as=csv` the same as a file."""
    mine = look.having(LEADS)
    wanted = filters.get("of", "")
    if not wanted:
        lists = tuple(_list(look, initiative) for initiative in mine)
        return Page(look.words("board.view-broadcasts"), lists=lists)
    found = report(look.tx, wanted, look.reader.playbooks)
    if found is None or found.state in WITH_AUTHOR or found.initiative not in {one.id for one in mine}:
        return None
    if filters.get("as", "") == "csv":
        return File(f"broadcast-{found.id}.csv", "text/csv", csv_of(found.table(look.words)))
    return _report(look, found)


def _list(look: Look, initiative: Initiative) -> Listing:
    found = broadcasts.of_initiative(look.tx, initiative.id)
    sent = [one for one in found if one.state not in WITH_AUTHOR][:LISTED]
    title = initiative.text(look.words.locale).name.partition(":")[0].strip()
    links = (Link(one.written.original.title, f"broadcasts/{one.number}", note=_when(look, one)) for one in sent)
    return Listing(title, tuple(links), look.words("board.no-messages"))


def _when(look: Look, one: Broadcast) -> str:
    return look.words.moment(one.out_at) if one.out_at else look.words("board.not-sent")


def _report(look: Look, found: Report) -> Page:
    words = look.words
    facts = [
        (words("board.sent-on"), words.moment(found.at) if found.at else words("board.not-sent")),
        (words("board.people"), words.number(found.people)),
        (words("board.channels"), words.number(found.channels)),
    ]
    facts += [(words("board.read"), words.number(found.read))] if found.read is not None else []
    facts += [(words("board.pressed"), words.number(found.pressed))] if found.pressed is not None else []
    card = Card(
        title=words("board.report"), body="", facts=tuple(facts), table=found.table(words), locale=words.language
    )
    here = f"broadcasts/{found.id}"
    return Page(found.title, (card,), downloads=(Link(words("board.download"), f"{here}?as=csv"),))
