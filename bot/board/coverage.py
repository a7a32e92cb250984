"""Who speaks for an initiative in each affected unit, and where nobody does."""

from __future__ import annotations

from bot.board.look import LEADS, Look
from bot.board.page import Filters, Page
from bot.messages import Card
from bot.playbook.model import Initiative
from bot.roles.coverage import Coverage, coverage


def show(look: Look, _filters: Filters) -> Page:
    """A table for each initiative that this person leads or sponsors."""
    cards = tuple(_table(look, initiative) for initiative in look.having(LEADS))
    return Page(look.words("board.view-coverage"), cards, look.words("board.coverage-lead"))


def _table(look: Look, initiative: Initiative) -> Card:
    words = look.words
    head = (words("board.unit"), words("board.agents"), words("board.people"))
    rows = tuple(_row(look, one) for one in coverage(look.tx, initiative, look.reader.playbooks))
    title = initiative.text(words.locale).name.partition(":")[0].strip()
    return Card(title=title, body="", table=(head, *rows), locale=words.language)


def _row(look: Look, one: Coverage) -> tuple[str, str, str]:
    words, names = look.words, look.reader.names
    here = [names(address) for address in one.agents]
    gone = [words("board.gone", names=names(address)) for address in one.gone]
    said = ", ".join([*(here or [words("board.nobody")]), *gone])
    return (look.reader.unit_name(one.unit), said, words.number(one.people))
