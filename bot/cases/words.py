"""What is said of a case: its name, where it stands, how bad it is, what happened to it. Pure.

Nobody reads our own words for it: no driver, no severity number, no state by its name.
"""

from __future__ import annotations

from datetime import datetime

from bot.cases.raised import DECISIONS
from bot.cases.standing import Subject
from bot.messages import escape, quoted
from bot.milestones.words import short
from bot.store.case_history import CaseEvent
from bot.store.cases import OPEN, Case
from bot.words import Words

BETWEEN_THEM = ("asked-back", "replied")
"""What passes between whoever raised a case and those who answer for it; nobody else reads it."""
OF_THOSE_WHO_ANSWER = ("cause", "warned", "reminded", "merged", "split", "corrected", "hidden")
"""What those who answer for a case read of its history, and nobody else."""
FOR_ALL = ("answered", "decided")
"""Of these everybody who stands behind the case reads the words."""
WITHOUT_TEXT = ("new", "left", "assigned", "merged", "split", "hidden")
"""Of these the text is not words that somebody wrote."""


def kind_of(case: Case) -> str:
    """How the catalogues call this kind of case."""
    return case.kind if case.kind in ("concern", "request") else "question"


def yours(case: Case, words: Words) -> str:
    """The case as its author knows it: your concern no. 14, "no time to test"."""
    return words(f"case.your-{kind_of(case)}", number=case.number, text=escape(short(case.text).rstrip(".")))


def last_word(case: Case) -> str:
    """The ending of the key under which the catalogues say that a case does not come back any more."""
    return "-request" if case.kind == "request" else ""


def begun(sentence: str) -> str:
    """What begins a sentence, with a capital."""
    return sentence[:1].upper() + sentence[1:]


def plainly(case: Case, words: Words) -> str:
    """The case by its kind and number, as it stands inside a sentence."""
    return words(f"case.the-{kind_of(case)}", number=case.number)


def decision_name(decision: str, words: Words) -> str:
    """Yes; yes, but; not now; no."""
    return words(f"case.{decision}") if decision in DECISIONS else ""


def how_bad(case: Case, words: Words) -> str:
    """How bad it is, in the words of the form."""
    return words(f"case.severity-{min(max(case.severity, 1), 3)}")


def by_when(subject: Subject, words: Words) -> str:
    """By when a word is needed of those who answer; '' where none is."""
    case = subject.case
    if case.state not in OPEN:
        return ""
    if case.paused_since:
        return words("case.waits")
    until = case.respond_until
    if until is None:
        return words("case.decide-by", date=words.weekday(subject.day(case.due_at, words.zone)))
    moment = words.moment(until) if case.asker else words.weekday(subject.day(until, words.zone))
    return words("case.respond-by", moment=moment)


def stands(subject: Subject, words: Words, author: bool = False) -> str:
    """One sentence on where it stands, for everybody who may know of the case; its `author` is waited for."""
    case, who = subject.case, escape(subject.name_of(subject.case.handler or subject.case.owner))
    if subject.into is not None:
        return words("case.stands-merged", number=subject.into.number)
    if case.state in OPEN and case.paused_since:
        return words(f"case.stands-waits{'-you' if author else ''}", name=who)
    if case.state in ("answered", "resolved") and case.decision:
        return decided(subject, words)
    due = words.weekday(subject.day(case.due_at, words.zone))
    return words(f"case.stands-{case.state}", name=who, date=due)


def decided(subject: Subject, words: Words) -> str:
    """What was decided, by whom, when, why, and from when on."""
    case = subject.case
    name, day = subject.names.get(case.decided_by, ""), case.decided_on
    # When a promise was kept counts anew for closing; the decision keeps its day.
    at = next((one.at for one in reversed(subject.history) if one.what == "decided"), None)
    day = subject.day(at, words.zone) if at else day
    what = decision_name(case.decision, words)
    lead = words("case.decided-line", decision=what, date=words.day(day)) if day else f"**{what}**"
    by = words("case.decided-by", name=escape(name)) if name else ""
    promised = words("case.promised", date=words.day(case.promised_for)) if case.promised_for else ""
    return "\n\n".join(part for part in (" ".join((lead, by)).strip(), quoted(case.answer), promised) if part)


def behind(subject: Subject, words: Words) -> str:
    """How many others stand behind it; those in confidence only from five on. '' where there is nothing to say."""
    parts = [words.count("case.behind-named", subject.named)] if subject.named else []
    parts += [words.count("case.behind-unnamed", subject.unnamed)] if subject.unnamed else []
    return ", ".join(parts)


def others(subject: Subject, words: Words, reader: str) -> str:
    """Who else answers for it, and whether they have seen it; `reader` is the address of whoever reads this."""
    return " ".join(_other(subject, words, one.address, one.seen) for one in subject.readers if one.address != reader)


def _other(subject: Subject, words: Words, address: str, seen: bool) -> str:
    case, initiative = subject.case, subject.initiative
    name = escape(subject.name_of(address))
    if address == case.handler and address != case.owner:
        key = "case.other-handler"
    elif initiative and address == initiative.written.sponsor and case.owner != address:
        key = "case.other-sponsor"
    elif address == case.owner and subject.unit(words) and not (case.avoid_owner or case.kind == "question"):
        key = "case.other-owner"
    else:
        key = "case.other-leads"
    told = words(key, name=name, unit=subject.unit(words))
    return words("case.other-seen", told=told.rstrip(".")) if seen else told


def history(subject: Subject, words: Words, answers: bool, author: bool) -> str:
    """What happened, a line for each step. `answers`: whoever reads it answers for the case; `author`: raised it."""
    lines = [one for one in subject.history if _shown(one.what, answers, author)]
    return "\n".join(_line(subject, words, one, answers or author or one.what in FOR_ALL, author) for one in lines)


def _shown(what: str, answers: bool, author: bool) -> bool:
    if what in BETWEEN_THEM:
        return answers or author
    return answers or what not in OF_THOSE_WHO_ANSWER


def _line(subject: Subject, words: Words, event: CaseEvent, told: bool, author: bool) -> str:
    name = escape(subject.names.get(event.actor, "")) or words("name.somebody")
    first, _, reason = event.text.partition("\n")
    decision = decision_name(first, words) if event.what == "decided" else ""
    about = escape(subject.names.get(event.text, event.text)) if event.what in WITHOUT_TEXT else ""
    what = "replied-you" if author and event.what == "replied" else event.what
    said = _sentence(what, words, name=name, about=about, decision=decision)
    text = "" if event.what in WITHOUT_TEXT else reason if decision else event.text
    text = first if event.what == "offered" else text
    quote = f" {words('case.event-words', text=escape(short(text)))}" if text.strip() and told else ""
    return f"- {_day(subject, words, event.at)}: {said}{quote}"


def _sentence(what: str, words: Words, **fields: str) -> str:
    try:
        return words(f"case.event-{what}", **fields)
    except KeyError:  # a step that a newer version knows
        return words("case.event-other")


def _day(subject: Subject, words: Words, at: datetime) -> str:
    return words.weekday(subject.day(at, words.zone))
