"""What those who lead a project see of its surveys: what runs and how far it is, what is planned, what holds it up."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.delivery.occurring import LONGEST_ABSENCE
from bot.delivery.occurring import due as due_between
from bot.messages import Card, Choice
from bot.milestones.standing import decides, standings
from bot.playbook.initiative_file import PulseSchedule
from bot.playbook.model import Initiative
from bot.playbook.schedule import parse
from bot.pulse.leading import coarse, unit_names, whom
from bot.pulse.obligations import blocking
from bot.pulse.rounds import planned
from bot.pulse.words import short_name
from bot.store import milestones, obligations, participation, surveys
from bot.store.surveys import OPEN
from bot.turn import Turn

FAR = timedelta(days=400)


def led(turn: Turn) -> list[Initiative]:
    """The initiatives whose surveys this person starts and stops: as project manager or sponsor."""
    if not turn.person.member:
        return []
    return [one for one in turn.reader.initiatives() if decides(turn.person.email, one)]


def led_cards(turn: Turn) -> tuple[Card, ...]:
    """A card for each of them."""
    return tuple(_card(turn, one) for one in led(turn))


def _card(turn: Turn, initiative: Initiative) -> Card:
    words = turn.words
    parts, buttons = [], [Choice(words("survey.begin-button"), f"survey start {initiative.id}", style="primary")]
    for round in surveys.rounds(turn.tx, initiative.id, (OPEN,)):
        snapshot = surveys.snapshot(turn.tx, round.id)
        name = snapshot.text(words.locale).name if snapshot else round.template
        so_far = coarse(words, *participation.of_round(turn.tx, round.id))
        until = words.moment(round.closes_at)
        parts.append(f"- {words('survey.runs', name=name, so_far=so_far, until=until)}")
        buttons.append(Choice(words("survey.stop-named", name=name), f"survey stop {round.id}"))
    parts += [f"- {line}" for line in _planned(turn, initiative)]
    body = ["\n".join(parts) or words("survey.none-planned")]
    here = turn.now.astimezone(ZoneInfo(words.zone)).date()
    unmet = blocking(initiative, obligations.met(turn.tx, initiative.id), here)
    if unmet:
        names = words.all_of([words("survey.quoted", name=one.name) for one in unmet])
        body.append(words("survey.blocked", names=names))
        buttons.append(Choice(words("survey.obligations-button"), "obligation"))
    return Card(
        title=words("survey.led", project=short_name(initiative, words)),
        body="\n\n".join(body),
        choices=tuple(buttons),
        locale=words.language,
    )


def _planned(turn: Turn, initiative: Initiative) -> list[str]:
    words, playbooks, found = turn.words, turn.reader.playbooks, []
    names = unit_names(words, playbooks)
    for pulse in initiative.written.pulses:
        plan = planned(initiative, playbooks, pulse)
        if plan is None:
            continue
        at = _next(turn, initiative, pulse, plan.zone)
        fields = {"name": plan.snapshot.text(words.locale).name, "whom": whom(words, plan.audience, names)}
        if at is None:
            found.append(words("survey.not-dated", **fields))
        else:
            day = words.day(at.astimezone(ZoneInfo(words.zone)).date())
            found.append(words("survey.comes", day=day, **fields))
    return found


def _next(turn: Turn, initiative: Initiative, pulse: PulseSchedule, zone: str) -> datetime | None:
    """When it begins next; None where that is not in sight."""
    dates = standings(initiative, milestones.reports(turn.tx, initiative.id))
    on = {one.id: one.on for one in dates}
    start = pulse.start or min((one.on for one in dates), default=None)
    schedule, since = parse(pulse.schedule), turn.now
    while since < turn.now + FAR:
        until = since + LONGEST_ABSENCE
        if there := due_between(schedule, since, until, zone, "", start=start, milestones=on):
            return there[0].at
        since = until
    return None
