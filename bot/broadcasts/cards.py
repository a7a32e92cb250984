"""What those who send a broadcast see of it: the draft, the dry run, the request for approval, how far it is. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from bot.broadcasts.dry_run import DryRun
from bot.broadcasts.report import FEWEST, SENT, Report
from bot.broadcasts.telling import version
from bot.messages import Card, Choice, escape, quoted
from bot.milestones.words import reach_facts
from bot.playbook.model import Organisation
from bot.store.broadcasts import DRAFT, OUT, RECALLED, STOPPED, Broadcast, Written
from bot.words import Words

MINUTE, LONGEST_IN_MINUTES = 60, 120
SHOWN_OVERLAPS = 5

Facts = tuple[tuple[str, str], ...]


def draft_card(broadcast: Broadcast, words: Words, organisation: Organisation) -> Card:
    """What was saved so far, and what can be done with it."""
    number, written = broadcast.number, broadcast.written
    lead = words("broadcast.draft-lead") if broadcast.state == DRAFT else words("broadcast.back-lead")
    note = quoted(broadcast.note) if broadcast.note else ""
    return Card(
        title=words("broadcast.draft-title", title=written.original.title),
        body=_paragraphs(lead, note, quoted(written.original.text)),
        facts=wishes(written, words, organisation),
        choices=(
            Choice(words("broadcast.dry-run-button"), f"broadcast check {number}", style="primary"),
            Choice(words("broadcast.preview-button"), f"broadcast preview {number}"),
            Choice(words("broadcast.edit-button"), f"broadcast edit {number}"),
            Choice(words("broadcast.translate-button"), f"broadcast translate {number}"),
            Choice(words("broadcast.drop-button"), f"broadcast drop {number}"),
        ),
        locale=words.language,
    )


def wishes(written: Written, words: Words, organisation: Organisation) -> Facts:
    """For whom it is and what its author wished besides."""
    at = words.moment(written.at) if written.at else words("broadcast.at-once")
    facts = [(words("broadcast.whom"), whom(written, words, organisation)), (words("broadcast.when"), at)]
    yes = words("broadcast.yes")
    facts += [(words("broadcast.receipt"), yes)] if written.receipt else []
    facts += [(words("broadcast.urgent"), yes)] if written.urgent else []
    if len(written.versions) > 1:
        names = [Words(one.locale)("language.own-name") for one in written.versions]
        facts.append((words("broadcast.languages"), words.all_of(names)))
    return tuple(facts)


def whom(written: Written, words: Words, organisation: Organisation) -> str:
    """For whom it is, in words."""
    to = {"people": "broadcast.only-people", "channels": "broadcast.only-channels"}.get(written.to, "")
    parts = [
        words.all_of([unit_name(id, words, organisation) for id in written.units]),
        words.all_of([role_name(role, words) for role in written.roles]),
        words.all_of([escape(one) for one in written.locations]),
        words.all_of([one.title() for one in written.platforms]),
    ]
    said = "; ".join(part for part in (written.group, *parts) if part) or words("broadcast.everybody")
    return f"{said} ({words(to)})" if to else said


def role_name(role: str, words: Words) -> str:
    """A role as people call it."""
    key = {
        "change-agent": "broadcast.role-agents",
        "project-manager": "broadcast.role-leaders",
        "sponsor": "broadcast.role-sponsors",
    }[role]
    return words(key)


def unit_name(unit: str, words: Words, organisation: Organisation) -> str:
    """A unit's name in the language of these words."""
    found = organisation.translated_units.get(words.language, {}).get(unit) or organisation.units.get(unit)
    return (found.name if found else "") or unit


def dry_run_card(
    broadcast: Broadcast, words: Words, organisation: Organisation, dry_run: DryRun, deciders: Sequence[str]
) -> Card:
    """Whom it reaches, before it goes; the next step is one press. `deciders` are names of those of whom one has to
    agree, none where nobody has to."""
    number, written = broadcast.number, broadcast.written
    if deciders:
        named = one_of(deciders, words)
        lead = words("broadcast.needs-approval", n=words.number(dry_run.meant), names=named)
        send = words("broadcast.ask-button")
    else:
        lead = words("broadcast.dry-run-lead")
        send = words("broadcast.plan-button") if written.at else words("broadcast.send-button")
    return Card(
        title=words("broadcast.dry-run-title", title=written.original.title),
        body=_paragraphs(lead, _nobody(dry_run, words)),
        facts=(*wishes(written, words, organisation), *dry_run_facts(dry_run, words, written)),
        choices=(
            Choice(send, f"broadcast send {number} {broadcast.version}", style="primary"),
            Choice(words("broadcast.preview-button"), f"broadcast preview {number}"),
            Choice(words("broadcast.edit-button"), f"broadcast edit {number}"),
        ),
        locale=words.language,
    )


def one_of(names: Sequence[str], words: Words) -> str:
    """These people, of whom one is enough."""
    said = escape(words.all_of(names))
    return words("broadcast.or", names=said) if len(names) > 1 else said


def dry_run_facts(dry_run: DryRun, words: Words, written: Written) -> Facts:
    """How many it reaches and why others are not, how long it takes, and what else comes that day."""
    facts = list(reach_facts(words, dry_run.reach, to_people=written.to != "channels"))
    if dry_run.elsewhere:
        facts.append((words("broadcast.elsewhere"), words.number(dry_run.elsewhere)))
    facts.append((words("broadcast.duration"), duration(dry_run.seconds, words)))
    shown = dry_run.overlaps[:SHOWN_OVERLAPS]
    others = "; ".join(
        words("broadcast.overlap", title=escape(one.title), people=words.number(one.people), channels=one.channels)
        for one in shown
    )
    facts.append((words("broadcast.same-day"), others or words("broadcast.nothing-else")))
    return tuple(facts)


def _nobody(dry_run: DryRun, words: Words) -> str:
    missed = sum(n for reason, n in dry_run.reach.unreachable.items() if reason != "left")
    return "" if dry_run.reach.people - missed or dry_run.reach.channels else words("broadcast.reaches-nobody")


def approval_card(broadcast: Broadcast, words: Words, organisation: Organisation, dry_run: DryRun, author: str) -> Card:
    """What a second person sees: the text as it would go out, for whom, and the question."""
    said, number = version(broadcast.written, words), f"{broadcast.number} {broadcast.version}"
    lead = words("broadcast.approval-lead", name=escape(author), n=words.number(dry_run.meant))
    others = [f"**{escape(one.title)}**\n\n{quoted(one.text)}" for one in broadcast.written.versions if one is not said]
    return Card(
        title=words("broadcast.approval-title", title=said.title),
        body=_paragraphs(lead, f"**{escape(said.title)}**", quoted(said.text)),
        details=_paragraphs(*others),
        facts=(
            *wishes(broadcast.written, words, organisation),
            *dry_run_facts(dry_run, words, broadcast.written),
        ),
        choices=(
            Choice(words("broadcast.approve-button"), f"broadcast approve {number}", style="primary"),
            Choice(words("broadcast.back-button"), f"broadcast back {number}"),
            Choice(words("broadcast.preview-button"), f"broadcast preview {broadcast.number}"),
        ),
        locale=words.language,
    )


def progress_card(report: Report, words: Words) -> Card:
    """How far it is, or what became of it, with what can be done now."""
    sent = report.state == OUT and report.finished
    title = {
        OUT: "broadcast.title-sent" if sent else "broadcast.title-out",
        STOPPED: "broadcast.title-stopped",
        RECALLED: "broadcast.corrected" if report.corrected else "broadcast.title-recalled",
    }[report.state]
    return Card(
        title=words(title, title=report.title),
        body=_paragraphs(*_how_far(report, words), *_pressed(report, words)),
        facts=_reached(report, words),
        table=report.table(words) if report.rows else (),
        choices=_steering(report, words),
        locale=words.language,
    )


def _how_far(report: Report, words: Words) -> list[str]:
    sent, total = report.total(SENT), sum(row.count for row in report.rows)
    if report.state == OUT and not report.finished and not total:
        return [words("broadcast.begins")]
    said = [words("broadcast.sent-of", sent=words.number(sent), total=words.number(total))]
    if report.changing or report.changed:
        said = [words("broadcast.changed-of", done=words.number(report.changed), left=words.number(report.changing))]
    if report.state != OUT or report.finished:
        return said
    if report.seconds:
        said.append(words("broadcast.left", time=duration(report.seconds, words)))
    if report.later and report.later_at:
        moment = words.moment(report.later_at)
        said.append(words.count("broadcast.later", report.later, number=words.number(report.later), moment=moment))
    return said


def _reached(report: Report, words: Words) -> Facts:
    if not report.rows:
        return ()
    people, channels = words.number(report.people), words.number(report.channels)
    return ((words("milestone.people"), people), (words("milestone.channels"), channels))


def _pressed(report: Report, words: Words) -> list[str]:
    said = [words("broadcast.too-few", least=words.number(FEWEST))] if report.few else []
    if report.read is not None:
        said.append(words.count("broadcast.read-by", report.read, number=words.number(report.read)))
    if report.pressed is not None:
        said.append(words.count("broadcast.pressed-by", report.pressed, number=words.number(report.pressed)))
    return said


def _steering(report: Report, words: Words) -> tuple[Choice, ...]:
    refresh = Choice(words("broadcast.refresh-button"), f"broadcast status {report.id}")
    stop = Choice(words("broadcast.stop-button"), f"broadcast stop {report.id}")
    recall = Choice(words("broadcast.recall-button"), f"broadcast recall {report.id}")
    on_its_way = report.state == OUT and not report.finished
    back = (recall,) if report.state != RECALLED and report.total(SENT) else ()
    return (refresh, *((stop,) if on_its_way else ()), *back)


def duration(seconds: float, words: Words) -> str:
    """About how long, in words."""
    if seconds < MINUTE:
        return words("broadcast.under-a-minute")
    minutes = round(seconds / MINUTE)
    if minutes <= LONGEST_IN_MINUTES:
        return words.count("broadcast.minutes", minutes)
    return words.count("broadcast.hours", round(minutes / MINUTE))


def _paragraphs(*parts: str) -> str:
    return "\n\n".join(part for part in parts if part)
