"""`obligation`: what a project has to have before it may begin something, and reporting that it has it."""

from __future__ import annotations

from dataclasses import dataclass

from bot.dialogue import handed_back, problems
from bot.messages import Ask, Card, Choice, escape
from bot.milestones.standing import decides
from bot.playbook.initiative_file import Obligation
from bot.playbook.model import Initiative
from bot.pulse.obligations import blocking, is_met, met_until, obligations_of
from bot.pulse.words import short_name
from bot.store import audit, obligations
from bot.turn import Reply, Turn

LONGEST = 1000


def _no(turn: Turn, key: str, **fields: object) -> Reply:
    return Reply(cards=(Card(body=turn.words(key, **fields), locale=turn.words.language),), personal=True)


def _reports(turn: Turn, initiative: Initiative, obligation: Obligation) -> bool:
    """Whether this person may say that it is met: its owner, the project manager and the sponsor."""
    email = turn.person.email
    return turn.person.member and bool(email) and (decides(email, initiative) or email == obligation.owner)


def _mine(turn: Turn) -> list[tuple[Initiative, Obligation]]:
    there = ((i, o) for i in turn.reader.initiatives() for o in obligations_of(i))
    return [(i, o) for i, o in there if _reports(turn, i, o)]


@dataclass(frozen=True, slots=True)
class Obligations:
    """`obligation`: those this person answers for. Buttons say `obligation met PROJECT ID`, `obligation open …`."""

    name: str = "obligation"

    def takes(self, rest: str, turn: Turn) -> bool:
        """Alone, or as a button says it."""
        return not rest.strip() or rest.split(maxsplit=1)[0] in ("met", "open")

    def hear(self, turn: Turn, rest: str) -> Reply:
        """The list, or what a button says; who may not is told nothing of what there is."""
        act, *named = rest.split()[:3] if rest.strip() else [""]
        found = next(((i, o) for i, o in _mine(turn) if [i.id, o.id] == named), None)
        if act in ("met", "open") and found is None:
            return _no(turn, "obligation.not-yours")
        if found is None:
            return _list(turn)
        return _met(turn, *found, typed=rest) if act == "met" else _open(turn, *found)


def _list(turn: Turn) -> Reply:
    words, mine = turn.words, _mine(turn)
    if not mine:
        return _no(turn, "obligation.none")
    cards = []
    for initiative in {one.id: one for one, _ in mine}.values():
        rows, buttons = [], []
        for obligation in (o for i, o in mine if i.id == initiative.id):
            rows.append(f"- {_row(turn, initiative, obligation)}")
            if not is_met(obligation, obligations.met(turn.tx, initiative.id), turn.reader.today):
                label = words("survey.met-button", name=obligation.name)
                buttons.append(Choice(label, f"obligation met {initiative.id} {obligation.id}"))
        name = short_name(initiative, words)
        cards.append(
            Card(
                title=words("obligation.title", project=name),
                body="\n".join(rows),
                choices=tuple(buttons),
                locale=words.language,
            )
        )
    return Reply(cards=tuple(cards), personal=True)


def _row(turn: Turn, initiative: Initiative, obligation: Obligation) -> str:
    words, found = turn.words, obligations.met(turn.tx, initiative.id).get(obligation.id)
    before = words.all_of([words(f"obligation.{what}") for what in obligation.before])
    parts = [f"**{obligation.name}**"]
    if found and is_met(obligation, {obligation.id: found}, turn.reader.today):
        until = met_until(obligation, found.met_on)
        parts.append(words("obligation.met-on", day=words.day(found.met_on)))
        parts += [words("obligation.met-until", day=words.day(until))] if until else []
    else:
        parts.append(words("obligation.missing"))
        parts += [words("obligation.due", day=words.day(obligation.due))] if obligation.due else []
        parts += [words("obligation.before", what=before)] if before else []
    return " ".join(parts)


def _met(turn: Turn, initiative: Initiative, obligation: Obligation, typed: str) -> Reply:
    words = turn.words
    form = Card(
        title=obligation.name,
        body=words("obligation.wanted", text=obligation.evidence) if obligation.evidence else "",
        asks=(Ask("evidence", words("obligation.evidence"), longest=LONGEST, hint=words("obligation.hint")),),
        submits=f"obligation met {initiative.id} {obligation.id}",
        submit_label=words("obligation.save"),
        locale=words.language,
    )
    text = " ".join(typed.split()[3:])[:LONGEST]
    if turn.said.answers:
        if wrong := problems(form.asks, turn.said.answers, words):
            return handed_back(form, turn.said.answers, wrong)
        text = str(turn.said.answers["evidence"]).strip()
    if not text:
        return Reply(cards=(form,), personal=True)
    obligations.report(turn.tx, initiative.id, obligation.id, text, turn.person.key, turn.reader.today)
    audit.note(turn.tx, turn.person.key, "obligation.met", f"{initiative.id} {obligation.id}", turn.now)
    return Reply(cards=(_noted(turn, initiative, obligation, text),), personal=True)


def _noted(turn: Turn, initiative: Initiative, obligation: Obligation, text: str) -> Card:
    """What was noted, and what of surveys can begin now."""
    words = turn.words
    parts = [words("obligation.done", name=obligation.name), f"> {escape(text)}"]
    until = met_until(obligation, turn.reader.today)
    parts += [words("obligation.met-until", day=words.day(until))] if until else []
    undo = Choice(words("obligation.undo"), f"obligation open {initiative.id} {obligation.id}")
    choices: tuple[Choice, ...] = ()
    left = blocking(initiative, obligations.met(turn.tx, initiative.id), turn.reader.today)
    if "pulse" in obligation.before and left:
        parts.append(
            words("survey.blocked", names=words.all_of([words("survey.quoted", name=one.name) for one in left]))
        )
    elif "pulse" in obligation.before:
        parts.append(words("obligation.free"))
        if decides(turn.person.email, initiative):
            choices = (Choice(words("survey.begin-button"), f"survey start {initiative.id}"),)
    return Card(body="\n\n".join(parts), choices=(*choices, undo), locale=words.language)


def _open(turn: Turn, initiative: Initiative, obligation: Obligation) -> Reply:
    if obligations.withdraw(turn.tx, initiative.id, obligation.id):
        audit.note(turn.tx, turn.person.key, "obligation.open", f"{initiative.id} {obligation.id}", turn.now)
    return _no(turn, "obligation.reopened", name=obligation.name)
