"""The results of a survey in words, tables and pictures, in a reader's language. Pure.

It is given the groups that its reader may see, and shows what the report shows of them; whatever is suppressed is said
to be so.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.messages import Card, Choice, escape
from bot.playbook.shared_files import Question
from bot.pulse.adkar import profile
from bot.pulse.report import Report
from bot.pulse.result_map import HIDDEN, picture
from bot.pulse.results import Cell
from bot.pulse.suppression import FEWEST_COMMENTS, Scope
from bot.pulse.topics import Topic
from bot.store.results import OPEN
from bot.store.surveys import DESTROYED
from bot.words import Words

MOST_CHANGES, MOST_STUCK = 6, 8


def card(shown: Report, scopes: Sequence[Scope], words: Words, *, leads: bool) -> Card:
    """What came out, for these groups of which the first is looked at closely. At least one is needed. With `leads`
    there are the ways to act on it."""
    first = scopes[0]
    parts = (
        participation(shown, first, words),
        stuck(shown, scopes, words),
        changed(shown, scopes, words),
        weak(shown, words) if leads else "",
    )
    image, said = picture(shown, scopes, words)
    title = words("results.title", name=shown.name(words), project=shown.project(words))
    return Card(
        title=title if first.everybody else f"{title} ({shown.scope_name(first, words)})",
        body=paragraphs(*parts),
        table=table(shown, first, words),
        image=image,
        image_text=said,
        choices=(
            *(_leading(shown, words) if leads else ()),
            *_comments(shown, first, words, leads=leads),
            Choice(words("results.spread-button"), f"results {shown.round.id} spread"),
            *_over_time(shown, words),
        ),
        details=words("results.method", n=shown.round.minimum),
        source=words("results.as-of", date=words.day(shown.closed.closed_on)),
        locale=words.language,
    )


def _leading(shown: Report, words: Words) -> tuple[Choice, ...]:
    waits = any(one.state == OPEN for one in shown.actions)
    act = (Choice(words("action.button"), f"action {shown.round.id}", style="primary"),) if waits else ()
    drafts = shown.initiative.written.phase == "assess"
    more = (Choice(words("results.drafts-button"), f"results {shown.round.id} drafts"),) if drafts else ()
    return (*act, *more, *_names(shown, words))


def _names(shown: Report, words: Words) -> tuple[Choice, ...]:
    if not shown.round.named:
        return ()
    return (Choice(words("results.names-button"), f"results {shown.round.id} names"),)


def _over_time(shown: Report, words: Words) -> tuple[Choice, ...]:
    if not shown.closed.before:
        return ()
    return (Choice(words("results.trend-button"), f"results {shown.round.id} trend"),)


def _comments(shown: Report, scope: Scope, words: Words, *, leads: bool) -> tuple[Choice, ...]:
    there = (
        leads
        and not shown.round.named
        and any(shown.outcome.comments(one, scope) for one in shown.snapshot.template.questions)
    )
    return (Choice(words("results.comments-button"), f"results {shown.round.id} comments"),) if there else ()


def participation(shown: Report, scope: Scope, words: Words) -> str:
    """How many answered, and what that is worth."""
    found = shown.outcome.participation(scope)
    if found.answered == found.asked:
        return words("results.all-answered", asked=words.number(found.asked))
    return words(
        "results.answered",
        answered=words.number(found.answered),
        asked=words.number(found.asked),
        share=percent(found.share, words),
        margin=words.number(max(1, round(100 * found.margin))),
    )


def stuck(shown: Report, scopes: Sequence[Scope], words: Words) -> str:
    """Where people get stuck, for the first group and then for others that differ from it."""
    found = {scope: made for scope in scopes if (made := profile(shown.outcome, scope))}
    if not found:
        return ""
    lines = []
    for scope, made in found.items():
        value = dict(made.elements).get(made.stuck)
        if value is not None:
            element = words(f"results.{made.stuck}")
            name = shown.scope_name(scope, words)
            lines.append(f"- **{name}**: {words('results.stuck', element=element, value=written(value, words))}")
    if not lines:
        return words("results.not-stuck")
    return f"**{words('results.stuck-title')}**\n" + "\n".join(lines[:MOST_STUCK])


def changed(shown: Report, scopes: Sequence[Scope], words: Words) -> str:
    """What moved since the round before by more than noise; nothing where there is none to compare with."""
    if not shown.closed.before:
        return ""
    keys = {scope.key for scope in scopes}
    found = [one for one in shown.changes if one.scope.key in keys][:MOST_CHANGES]
    if not found:
        return words("results.unchanged")
    lines = []
    for one in found:
        question = shown.question(one.question.id, words)
        said = words(
            "results.moved",
            question=escape(question.text if question else one.question.text),
            before=written(one.before, words),
            after=written(one.after, words),
        )
        lines.append(f"- {shown.scope_name(one.scope, words)}: {said}")
    return f"**{words('results.moved-title')}**\n" + "\n".join(lines)


def weak(shown: Report, words: Words) -> str:
    """The weak points, with what the playbook proposes."""
    lines = [f"- {weak_line(shown, n, words)}" for n in range(len(shown.actions)) if shown.actions[n].question]
    return f"**{words('results.weak-title')}**\n" + "\n".join(lines) if lines else words("results.nothing-weak")


def weak_line(shown: Report, number: int, words: Words) -> str:
    """One weak point: the question, the group, what it came to, and what the playbook proposes."""
    action = shown.actions[number]
    question = shown.question(action.question, words)
    scope = shown.outcome.scope(action.scope)
    if question is None:
        return words("action.general")
    cell = shown.outcome.cell(question, scope) if scope else None
    said = f"{escape(question.text)} ({shown.scope_name(scope, words)}: {figure(cell, words)})" if scope else ""
    proposal = f" {words('results.proposed', text=escape(action.proposal))}" if action.proposal else ""
    return (said or escape(question.text)) + proposal


def table(shown: Report, scope: Scope, words: Words) -> tuple[tuple[str, ...], ...]:
    """The questions with what this group answered; what is suppressed is a dash."""
    head = (words("results.question"), words("results.answer"), words("results.range"), words("results.answers"))
    rows = []
    for question in shown.snapshot.text(words.locale).questions:
        if question.type != "text":
            cell = shown.outcome.cell(question, scope)
            number = words.number(cell.answers) if cell else words("results.fewer", n=shown.round.minimum)
            rows.append((question.text, figure(cell, words), interval(cell, words), number))
    return (head, *rows) if rows else ()


def figure(cell: Cell | None, words: Words) -> str:
    """What a group answered in a word: the mean or the score, else the options that most chose."""
    if cell is None:
        return HIDDEN
    if score := cell.score:
        return _signed(score.value, words)
    if estimate := cell.estimate:
        return words("results.of", value=written(estimate.value, words), most=str(cell.question.max))
    most = sorted(cell.counts, key=lambda option: (-cell.counts[option], option))[:2]
    named = [option for option in most if 0 <= option < len(cell.question.options)]
    return ", ".join(f"{cell.question.options[option]} {percent(cell.share(option), words)}" for option in named)


def interval(cell: Cell | None, words: Words) -> str:
    """From where to where the figure reaches."""
    estimate = (cell.score or cell.estimate) if cell else None
    if cell is None or estimate is None:
        return ""
    if estimate.low == estimate.high:
        return words("results.exact")
    write = _signed if cell.score else written
    return words("results.from-to", low=write(estimate.low, words), high=write(estimate.high, words))


def themes(shown: Report, question: Question, scope: Scope, found: Sequence[Topic], words: Words) -> str:
    """What the free texts speak of, as a line; nothing where they have no topic in common."""
    there = shown.outcome.comments(question, scope)
    if not found or there < FEWEST_COMMENTS:
        return ""
    named = ", ".join(f"{words('survey.quoted', name=escape(one.word))} ({words.number(one.texts)})" for one in found)
    return words("results.themes", question=escape(question.text), n=words.number(there), themes=named)


def few_card(shown: Report, words: Words, *, leads: bool) -> Card:
    """That so few answered that nothing is shown; where nothing was kept either, that too."""
    if shown.round.named:
        told = words("results.few-named-leads" if leads else "results.few-named", n=shown.round.minimum)
    else:
        told = words("results.few-leads" if leads else "results.few", n=shown.round.minimum)
    gone = words("results.few-deleted") if shown.round.state == DESTROYED else ""
    when = "" if leads else words("results.few-when", date=words.day(shown.closed.closed_on))
    title = words("results.title", name=shown.name(words), project=shown.project(words))
    choices = _names(shown, words) if leads else ()
    return Card(title=title, body=paragraphs(when, told, gone), choices=choices, locale=words.language)


def percent(share: float, words: Words) -> str:
    """A share as people write it."""
    return words("results.percent", n=words.number(round(100 * share)))


def paragraphs(*parts: str) -> str:
    """Those that say something, with a line between them."""
    return "\n\n".join(part for part in parts if part)


def written(value: float, words: Words) -> str:
    """A mean as people write it."""
    return words.number(round(value, 1))


def _signed(value: float, words: Words) -> str:
    whole = round(value)
    return f"{'+' if whole > 0 else '−' if whole < 0 else ''}{words.number(abs(whole))}"
