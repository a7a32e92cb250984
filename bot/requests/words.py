"""What is said of requests: the form, the list in order, what came of earlier ones. Pure.

Of what somebody asked in confidence nothing is quoted where others read it.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.cases.standing import kept_day
from bot.cases.words import decision_name
from bot.messages import Ask, Card, Choice, Option, escape
from bot.milestones.words import short
from bot.playbook.model import Initiative, Organisation
from bot.requests.queue import EFFORTS, NO_GOAL, UNSURE, VALUES
from bot.store.requests import Request
from bot.words import Words

LONGEST, LONGEST_MORE = 3000, 1000
NAMED, CONFIDENCE = "named", "confidence"
SHOWN = 10
EARLIER = 3


def form(
    words: Words, initiative: Initiative, organisation: Organisation, begun: str, lead: Sequence[str], protects: str
) -> Card:
    """The form of a request. `lead` is what stands above it; `protects` says who could find out an author."""
    name = initiative.text(words.locale).name.partition(":")[0].strip()
    named = (Option(NAMED, words("ask.with-name")), Option(CONFIDENCE, words("concern.in-confidence")))
    return Card(
        title=words("request.form-title", project=name),
        body="\n\n".join(part for part in lead if part),
        asks=(
            Ask("text", words("request.form-text"), longest=LONGEST, value=begun[:LONGEST]),
            Ask("value", words("request.form-value"), kind="choice", options=_options(words, "value", VALUES)),
            Ask("effort", words("request.form-effort"), kind="choice", options=_options(words, "effort", EFFORTS)),
            Ask("fit", words("request.form-fit"), kind="choice", options=_fits(words, initiative, organisation)),
            Ask("works", words("request.form-else"), longest=LONGEST_MORE, optional=True),
            Ask("name", words("concern.form-name"), kind="choice", options=named, hint=protects),
        ),
        submits=f"request {initiative.id}",
        submit_label=words("ask.send"),
        locale=words.language,
        confidential=True,
    )


def _options(words: Words, what: str, values: Sequence[str]) -> tuple[Option, ...]:
    return tuple(Option(one, words(f"request.{what}-{one}")) for one in values)


def _fits(words: Words, initiative: Initiative, organisation: Organisation) -> tuple[Option, ...]:
    goals = tuple(Option(id, goal(words, organisation, id)) for id in initiative.written.serves)
    return (
        *goals,
        Option(NO_GOAL, words("request.fit-none")),
        Option(UNSURE, words("request.fit-unsure")),
    )


def goal(words: Words, organisation: Organisation, id: str) -> str:
    """A goal of the strategy by its name in the language of these words."""
    found = organisation.translated_goals.get(words.language, {}).get(id) or organisation.goals.get(id)
    return found.name if found else id


def weighed(words: Words, organisation: Organisation, one: Request) -> tuple[tuple[str, str], ...]:
    """What a request is weighed by, as its author sees it."""
    fit = words(f"request.fit-{one.fit}") if one.fit in (NO_GOAL, UNSURE) else goal(words, organisation, one.fit)
    value = words(f"request.value-{one.value}") if one.value in VALUES else ""
    effort = words(f"request.effort-{one.effort}") if one.effort in EFFORTS else ""
    found = ((words("request.value"), value), (words("request.effort"), effort), (words("request.fit"), fit))
    return tuple((label, text) for label, text in found if text)


def listed(words: Words, project: str, id: str, waiting: Sequence[Request], usual: int | None) -> Card:
    """The requests that wait, in their order."""
    rows = [f"{n}. {line(words, one)}" for n, one in enumerate(waiting[:SHOWN], 1)]
    if len(waiting) > SHOWN:
        rows.append(words.count("request.more", len(waiting) - SHOWN))
    parts = ["\n".join(rows) or words("request.none-waiting"), usually(words, usual), words("request.order")]
    return Card(
        title=words("request.list-title", project=project),
        body="\n\n".join(part for part in parts if part),
        choices=(Choice(words("request.button"), f"request {id}"),),
        locale=words.language,
    )


def line(words: Words, one: Request) -> str:
    """A request as everybody may read it."""
    since = words.day(kept_day(one.case, one.case.created_at, words.zone))
    if one.case.asker is None:
        return words("request.row-confidence", date=since)
    state = words("request.row-offered") if one.offered else ""
    return f"{words('request.row', text=escape(short(one.case.text)), date=since)} {state}".strip()


def usually(words: Words, days: int | None) -> str:
    """How long a word usually takes; '' where too few were decided to say so."""
    return words.count("request.usually", days) if days else ""


def earlier(words: Words, decided: Sequence[Request]) -> str:
    """What came of requests like this one; '' where there are none that others may read."""
    shown = [one for one in decided if one.case.asker is not None][:EARLIER]
    rows = [
        words(
            "request.earlier-row",
            text=escape(short(one.case.text)),
            decision=decision_name(one.case.decision, words),
            reason=escape(short(one.case.answer)),
        )
        for one in shown
    ]
    return "\n".join((words("request.earlier"), *(f"- {row}" for row in rows))) if rows else ""
