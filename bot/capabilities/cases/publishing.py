"""You said, we did: proposing what is told of a decision, and the project manager's word on it."""

from __future__ import annotations

from bot.capabilities.cases.there import NUMBER, Held, done, handed_in, not_yours, said, step_of, text_of
from bot.cases import publishing
from bot.cases.counting import unnamed
from bot.cases.standing import subject, unit_name
from bot.messages import Ask, Card, Choice, Option
from bot.playbook.access import lineage
from bot.store import case_news
from bot.store.case_news import ASKED, PUBLISHED, News
from bot.turn import Reply, Turn

LONGEST = 1000
EVERYBODY = "everybody"


def publish(turn: Turn, found: Held) -> Reply:
    """A form with the proposed words; handed in by the project manager they are told, by others they are put before the
    project manager."""
    if not found.answers:
        return not_yours(turn)
    case, words = found.case, turn.words
    if case.state not in ("answered", "resolved") or case.kind == "question":
        return said(turn, "case.news-not-yet", number=case.number)
    there = case_news.of_case(turn.tx, case.id)
    back = Choice(words("case.news-back-button"), f"case unpublish {case.number}")
    if there is not None and there.state == PUBLISHED:
        return said(turn, "case.news-told", back, number=case.number)
    given, reply = handed_in(turn, _form(turn, found, there))
    if given is None:
        return reply
    units = () if text_of(given, "to") == EVERYBODY else (text_of(given, "to"),)
    posts = publishing.drafted(step_of(turn), case, text_of(given, "you"), text_of(given, "we"), units)
    if publishing.approves(turn.reader.playbooks, case, turn.person.email):
        return done(turn, found, posts, "case.news-out", back, _adding(turn, found))
    return done(turn, found, posts, "case.news-asked")


def _adding(turn: Turn, found: Held) -> Choice:
    return Choice(turn.words("answer.add"), f"add-answer case {found.case.number}")


def _form(turn: Turn, found: Held, there: News | None) -> Card:
    words, case = turn.words, found.case
    about = subject(turn.tx, turn.reader.playbooks, case, unnamed(turn.tx, case))
    you, we = (there.you_said, there.we_did) if there else publishing.proposed(about, words)
    initiative, organisation = about.initiative, turn.reader.playbooks.organisation
    affected = {unit.id for unit in initiative.written.units} if initiative else set()
    nearest = next((one for one in lineage(case.unit, organisation.units) if one in affected), "")
    options = (
        *((Option(nearest, unit_name(organisation, nearest, words)),) if nearest else ()),
        Option(EVERYBODY, words("case.news-everybody")),
    )
    chosen = there.units[0] if there and there.units and there.units[0] == nearest else options[0].value
    hint = words("case.news-hint-confidence" if case.confidential else "case.news-hint")
    return Card(
        title=words("case.news-form", number=case.number),
        body=words("case.news-form-body"),
        asks=(
            Ask("you", words("case.news-form-you"), longest=LONGEST, value=you[:LONGEST], hint=hint),
            Ask("we", words("case.news-form-we"), longest=LONGEST, value=we[:LONGEST]),
            Ask("to", words("case.news-to"), kind="choice", options=options, value=chosen),
        ),
        submits=f"case publish {case.number}",
        submit_label=words("ask.send"),
        locale=words.language,
    )


def approve(turn: Turn, found: Held) -> Reply:
    """The project manager's yes: it is told."""
    version = _version(turn, found)
    if version is None:
        return not_yours(turn)
    posts = publishing.approved(step_of(turn), found.case, version)
    back = Choice(turn.words("case.news-back-button"), f"case unpublish {found.case.number}")
    return (
        done(turn, found, posts, "case.news-out", back, _adding(turn, found))
        if posts is not None
        else _stale(turn, found)
    )


def keep(turn: Turn, found: Held) -> Reply:
    """The project manager's no: it is not told."""
    version = _version(turn, found)
    if version is None:
        return not_yours(turn)
    posts = publishing.sent_back(step_of(turn), found.case, version)
    return done(turn, found, posts, "case.news-kept") if posts is not None else _stale(turn, found)


def _stale(turn: Turn, found: Held) -> Reply:
    """The words are others by now, or somebody has decided: what there is."""
    there = case_news.of_case(turn.tx, found.case.id)
    if there is None or there.state != ASKED:
        return said(turn, "case.news-decided", number=found.case.number)
    card = publishing.approval_card(found.case, there, turn.words, "", turn.reader.playbooks.organisation)
    return Reply(cards=(card,), personal=True)


def _version(turn: Turn, found: Held) -> int | None:
    """The version that is meant, where this person may approve it."""
    if not publishing.approves(turn.reader.playbooks, found.case, turn.person.email):
        return None
    number = NUMBER.fullmatch(found.rest)
    return int(number[1]) if number else 0


def unpublish(turn: Turn, found: Held) -> Reply:
    """What was told is taken back."""
    if not found.answers or not publishing.approves(turn.reader.playbooks, found.case, turn.person.email):
        return not_yours(turn)
    posts = publishing.taken_back(step_of(turn), found.case)
    return done(turn, found, posts, "case.news-taken-back") if posts is not None else _stale(turn, found)
