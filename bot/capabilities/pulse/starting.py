"""Starting a round by hand: what for whom, then whom it would reach, what they see, a try for oneself, and the word."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from bot.capabilities.pulse.leads import led
from bot.dialogue import handed_back, problems
from bot.messages import Ask, Card, Choice, Option
from bot.milestones import telling
from bot.milestones.standing import decides
from bot.playbook.model import Initiative
from bot.pulse.inviting import Subject, invitation
from bot.pulse.leading import coarse, dry_run_card, hindered_card, preview_cards, title, unit_names, whom
from bot.pulse.rounds import Plan, as_if, audiences, begin, draw, hindrance, plan
from bot.pulse.words import short_name
from bot.store import audit, participation, surveys
from bot.store.surveys import OPEN
from bot.turn import Reply, Turn
from bot.words import Words, supported

VERSION = 16


def _no(turn: Turn, key: str, **fields: object) -> Reply:
    return Reply(cards=(Card(body=turn.words(key, **fields), locale=turn.words.language),), personal=True)


def start(turn: Turn, rest: str) -> Reply:
    """`survey start`, `survey start PROJECT`, `survey start PROJECT TEMPLATE WHOM`: leads to the dry run."""
    there = led(turn)
    if not there:
        return _no(turn, "survey.not-yours")
    first, _, left = rest.strip().partition(" ")
    initiative = next((one for one in there if one.id == first), None)
    if initiative is None and (first or len(there) > 1):
        return _which(turn, there)
    initiative = initiative or there[0]
    template, _, audience = left.strip().partition(" ")
    if turn.said.answers:
        form = _form(turn, initiative)
        if wrong := problems(form.asks, turn.said.answers, turn.words):
            return handed_back(form, turn.said.answers, wrong)
        template, audience = str(turn.said.answers["what"]), str(turn.said.answers["whom"])
    found = plan(turn.reader.playbooks, initiative, template, audience.strip()) if template else None
    if found is None:
        return Reply(cards=(_form(turn, initiative),), personal=True)
    return _dry_run(turn, found)


def _which(turn: Turn, there: list[Initiative]) -> Reply:
    choices = tuple(Choice(one.text(turn.words.locale).name, f"survey start {one.id}") for one in there)
    card = Card(body=turn.words("survey.which"), choices=choices, locale=turn.words.language)
    return Reply(cards=(card,), personal=True)


def _form(turn: Turn, initiative: Initiative) -> Card:
    words, playbooks = turn.words, turn.reader.playbooks
    organisation, names = playbooks.organisation, unit_names(words, playbooks)
    own = organisation.translated_pulses.get(words.language, {})
    templates = tuple(Option(id, own.get(id, one).name) for id, one in organisation.pulses.items())
    if not templates:
        return Card(body=words("survey.no-templates"), locale=words.language)
    people = tuple(Option(one, whom(words, one, names)) for one in audiences(initiative))
    return Card(
        title=words("survey.begin-title", project=short_name(initiative, words)),
        body=words("survey.begin-body"),
        asks=(
            Ask("what", words("survey.what"), kind="choice", options=templates),
            Ask("whom", words("survey.whom"), kind="choice", options=people),
        ),
        submits=f"survey start {initiative.id}",
        submit_label=words("survey.look-button"),
        locale=words.language,
    )


def _dry_run(turn: Turn, found: Plan) -> Reply:
    """Whom it would ask, or what keeps it from beginning; in any case what people would see can be looked at."""
    playbooks = turn.reader.playbooks
    drawn = draw(turn.tx, playbooks, found, turn.now)
    hindered = hindrance(turn.tx, playbooks, found, drawn, turn.now)
    planned = as_if(found, turn.now)
    card = dry_run_card(found, drawn, playbooks, planned.closes_at, turn.words, startable=hindered is None)
    if hindered is None:
        return Reply(cards=(card,), personal=True)
    return Reply(cards=(hindered_card(found, hindered, turn.words, planned=False), card), personal=True)


def _named(turn: Turn, rest: str) -> tuple[Plan, str] | None:
    """The plan that the first words name (project, survey, whom if it is said), with the word behind them; None where
    it is not this person's or not there."""
    first, template, *left = [*rest.split(), "", ""]
    initiative = next((one for one in led(turn) if one.id == first), None)
    if initiative is None:
        return None
    audience = left.pop(0) if left[0] in audiences(initiative) else ""
    found = plan(turn.reader.playbooks, initiative, template, audience)
    return (found, left[0] if left else "") if found else None


def go(turn: Turn, rest: str) -> Reply:
    """Begins the round that was shown; where it has changed meanwhile it is shown anew."""
    named = _named(turn, rest)
    if named is None:
        return start(turn, "")
    found, version = named
    playbooks = turn.reader.playbooks
    if found.version[:VERSION] != version:
        changed = Card(body=turn.words("survey.changed"), locale=turn.words.language)
        shown = _dry_run(turn, found)
        return Reply(cards=(changed, *shown.cards), personal=True)
    drawn = draw(turn.tx, playbooks, found, turn.now)
    if hindered := hindrance(turn.tx, playbooks, found, drawn, turn.now):
        return Reply(cards=(hindered_card(found, hindered, turn.words, planned=False),), personal=True)
    occurrence = f"started:{turn.said.place.platform}:{turn.said.event}"
    round = begin(turn.tx, found, drawn, occurrence, turn.now, by=turn.person.key)
    if round is None:
        return _no(turn, "survey.begun-already")
    audit.note(turn.tx, turn.person.key, "survey.started", f"{found.initiative.id} {round.id}", turn.now)
    words = turn.words
    people = words.count("survey.people", len(drawn.people))
    body = words("survey.started", people=people, until=words.moment(round.closes_at))
    stop_it = Choice(words("survey.stop-button"), f"survey stop {round.id}")
    card = Card(title=title(words, found), body=body, choices=(stop_it,), locale=words.language)
    return Reply(cards=(card,), personal=True)


def preview(turn: Turn, rest: str) -> Reply:
    """Exactly what people would see, in the reader's language or in one that is named."""
    named = _named(turn, rest)
    if named is None:
        return start(turn, "") if led(turn) else _no(turn, "survey.not-yours")
    found, left = named
    language = supported(left)
    shown = Words(language, turn.words.zone, turn.words.own) if language else turn.words
    written, name = found.initiative.written, telling.names(turn.tx)
    readers = tuple(dict.fromkeys(name(one) for one in (written.project_manager, written.sponsor)))
    subject = Subject(as_if(found, turn.now), found.snapshot, found.initiative, readers)
    return Reply(cards=preview_cards(found, invitation(subject, shown), shown, turn.words), personal=True)


def trial(turn: Turn, rest: str) -> Reply:
    """Leads to the form, for oneself alone; nothing of it is kept."""
    named = _named(turn, rest)
    if named is None:
        return start(turn, "") if led(turn) else _no(turn, "survey.not-yours")
    found, _ = named
    words = turn.words
    button = Choice(words("survey.start-button"), f"take-survey test {found.initiative.id}/{found.id}", style="primary")
    body = words("survey.test-body")
    card = Card(title=title(words, found), body=body, choices=(button,), locale=words.language)
    return Reply(cards=(card,), personal=True)


def stop(turn: Turn, rest: str) -> Reply:
    """Closes a round before its time, after it was asked whether that is meant."""
    number, _, sure = rest.strip().partition(" ")
    known = number.isascii() and number.isdigit() and len(number) < 10  # noqa: PLR2004 - what fits every database
    round = surveys.round(turn.tx, int(number)) if known else None
    initiative = turn.reader.initiative(round.initiative) if round else None
    if round is None or initiative is None or not (turn.person.member and decides(turn.person.email, initiative)):
        return _no(turn, "survey.not-yours")
    words = turn.words
    if round.state != OPEN or round.closes_at <= turn.now:
        day = round.closes_at.astimezone(ZoneInfo(words.zone)).date()
        return _no(turn, "survey.stopped-already", day=words.day(day))
    if sure != "yes":
        so_far = coarse(words, *participation.of_round(turn.tx, round.id))
        key = "survey.stop-sure-named" if round.named else "survey.stop-sure"
        body = words(key, so_far=so_far, **({} if round.named else {"minimum": round.minimum}))
        button = Choice(words("survey.stop-button"), f"survey stop {round.id} yes", style="danger")
        return Reply(cards=(Card(body=body, choices=(button,), locale=words.language),), personal=True)
    surveys.close_at(turn.tx, round.id, turn.now)
    audit.note(turn.tx, turn.person.key, "survey.stopped", f"{round.initiative} {round.id}", turn.now)
    return _no(turn, "survey.stopped")
