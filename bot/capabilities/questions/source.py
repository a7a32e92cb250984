"""What an answer that is to be added can be made of, and who may add one. It changes nothing."""

from __future__ import annotations

from dataclasses import dataclass

from bot.answers.text import key
from bot.playbook.model import Initiative
from bot.raising import unsigned
from bot.store import case_news, cases, gaps, learned
from bot.store.cases import Case
from bot.turn import Turn

LONGEST_QUESTION = 200
LONGEST_NUMBER = 9
ANSWERED = ("answered", "resolved")


@dataclass(frozen=True, slots=True)
class Source:
    """A question, perhaps with its answer. `says` is what names it in a button; `owner` is the address of whoever it
    was put to; `gap` is an id. `asked_unnamed`: the words may be those of somebody who gave no name.
    """

    says: str
    initiative: Initiative
    heading: str
    body: str = ""
    owner: str = ""
    gap: str = ""
    locale: str = ""
    audience: str = ""
    asked_unnamed: bool = False


def may_add(turn: Turn, initiative: str, owner: str) -> bool:
    """Whoever the question was put to, the project manager and the sponsor; after the handover whoever has it then."""
    there = turn.reader.initiative(initiative)
    if there is None or not turn.person.member or not turn.person.email:
        return False
    written = there.written
    after = written.after.owner if written.after and written.phase in ("operate", "review") else ""
    return turn.person.email in (owner, written.project_manager, written.sponsor, after)


def source_of(turn: Turn, rest: str) -> Source | None:
    """What `case 14`, `gap <id>` or `draft <id>` names, if it is there and this person may add an answer to it."""
    kind, _, id = rest.partition(" ")
    of = {"case": _of_case, "gap": _of_gap, "draft": _of_draft}.get(kind)
    found = of(turn, id.strip()) if of else None
    return found if found and may_add(turn, found.initiative.id, found.owner) else None


def _of_case(turn: Turn, id: str) -> Source | None:
    number = int(id) if id.isascii() and id.isdecimal() and len(id) <= LONGEST_NUMBER else 0
    case = cases.case_by_number(turn.tx, number)
    initiative = turn.reader.initiative(case.initiative) if case else None
    if case is None or initiative is None or case.state not in ANSWERED:
        return None
    if case.kind != "question":
        return _of_news(turn, case, initiative)
    asked = key(unsigned(case))
    gap = next((gap.id for gap in gaps.gaps(turn.tx, case.initiative) if key(gap.text) == asked), "")
    return Source(
        f"case {case.number}",
        initiative,
        _one_line(unsigned(case)),
        case.answer,
        case.owner,
        gap,
        asked_unnamed=case.asker is None,
    )


def _of_news(turn: Turn, case: Case, initiative: Initiative) -> Source | None:
    """What was told of a decision, in the words that were approved: nobody's own words."""
    news = case_news.of_case(turn.tx, case.id)
    if news is None or news.state != case_news.PUBLISHED:
        return None
    heading = _one_line(news.you_said)
    return Source(f"case {case.number}", initiative, heading, news.we_did, case.owner, locale=case.locale)


def _of_gap(turn: Turn, id: str) -> Source | None:
    gap = gaps.gap(turn.tx, id)
    initiative = turn.reader.initiative(gap.initiative) if gap else None
    if gap is None or initiative is None:
        return None
    return Source(f"gap {id}", initiative, _one_line(gap.text), gap=gap.id, locale=gap.locale, asked_unnamed=True)


def _of_draft(turn: Turn, id: str) -> Source | None:
    draft = learned.learned(turn.tx, id)
    initiative = turn.reader.initiative(draft.initiative) if draft else None
    if draft is None or initiative is None or draft.state != learned.WAITING:
        return None
    return Source(
        f"draft {id}", initiative, draft.heading, draft.body, draft.owner, draft.gap, draft.locale, draft.audience
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())[:LONGEST_QUESTION]
