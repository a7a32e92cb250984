"""A change agent raises something for a colleague without an account, who is named only with their own yes."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.dialogue import handed_back, problems
from bot.messages import Answers, Ask, Card, Option
from bot.playbook.access import lineage, roles
from bot.playbook.model import Initiative
from bot.raising import pass_on, signed
from bot.turn import Reply, Turn
from bot.which import ask_which, named

LONGEST = 1500
LONGEST_NAME = 100
KINDS = ("question", "concern")


@dataclass(frozen=True, slots=True)
class ForColleague:
    """`for-colleague`, `for-colleague crm-renewal`: a form for what a colleague asks or worries about."""

    name: str = "for-colleague"

    def takes(self, rest: str, turn: Turn) -> bool:
        """Alone, or with the name of an initiative."""
        return not rest or bool(named(rest, turn.reader).initiative)

    def hear(self, turn: Turn, rest: str) -> Reply:
        """Opens the form, or the case; the answer comes back to the change agent."""
        mine = _mine(turn)
        if not mine:
            return _said(turn, "for-colleague.not-yours")
        wanted = rest if turn.reader.initiative(rest) else named(rest, turn.reader).initiative
        found = [one for one in mine if one.id == wanted] if rest else mine
        if not found:
            return _said(turn, "for-colleague.not-yours")
        if len(found) > 1:
            which = ask_which(turn.reader, f"{self.name} {{id}}", {one.id for one in found})
            return Reply(cards=(which,), personal=True)
        return self._raised(turn, found[0]) if turn.said.answers else self._form(turn, found[0])

    def _form(self, turn: Turn, initiative: Initiative) -> Reply:
        return Reply(cards=(_form_card(turn, initiative, self.name),), personal=True)

    def _raised(self, turn: Turn, initiative: Initiative) -> Reply:
        answers, form = turn.said.answers, _form_card(turn, initiative, self.name)
        wrong = _wrong(turn, form, answers)
        if wrong:
            return handed_back(form, answers, wrong)
        units = _units(turn, initiative)
        unit = _one(answers, "unit") if _one(answers, "unit") in units else units[0]
        text = _one(answers, "text")[:LONGEST]
        if _one(answers, "agreed") == "yes":
            text = signed(text, _one(answers, "name")[:LONGEST_NAME])
        kind = _one(answers, "kind") if _one(answers, "kind") in KINDS else KINDS[0]
        return replace(pass_on(turn, initiative, kind, text, named=True, for_unit=unit), personal=True)


def _wrong(turn: Turn, form: Card, answers: Answers) -> dict[str, str]:
    """What is wrong with the form: a colleague who agreed to be named has a name."""
    wrong = dict(problems(form.asks, answers, turn.words))
    if _one(answers, "agreed") == "yes" and not _one(answers, "name"):
        wrong.setdefault("name", turn.words("for-colleague.name-missing"))
    return wrong


def _one(answers: Answers, name: str) -> str:
    found = answers.get(name, "")
    return found.strip() if isinstance(found, str) else ""


def _mine(turn: Turn) -> list[Initiative]:
    """The initiatives in which this person is a change agent."""
    viewer = turn.reader.viewer
    return [i for i in turn.reader.initiatives() if "change-agent" in roles(viewer, i) and turn.person.member]


def _units(turn: Turn, initiative: Initiative) -> tuple[str, ...]:
    """The units for which they are: the affected ones where there are any, with those below them as they are named."""
    agents, above = initiative.written.change_agents, turn.reader.playbooks.organisation.units
    own = [unit for unit, there in agents.items() if turn.reader.viewer.email in there]
    affected = {unit.id for unit in initiative.written.units}
    return tuple(dict.fromkeys(next((u for u in lineage(one, above) if u in affected), one) for one in own))


def _form_card(turn: Turn, initiative: Initiative, submits: str) -> Card:
    words, units = turn.words, _units(turn, initiative)
    kinds = tuple(Option(kind, words(f"for-colleague.kind-{kind}")) for kind in KINDS)
    where = tuple(Option(unit, turn.reader.unit_name(unit)) for unit in units)
    agreed = (Option("no", words("for-colleague.unnamed")), Option("yes", words("for-colleague.named")))
    unit = Ask("unit", words("for-colleague.form-unit"), kind="choice", options=where, value=units[0])
    return Card(
        title=words("for-colleague.form-title"),
        body=words("for-colleague.form-body", name=initiative.text(words.locale).name),
        asks=(
            Ask("kind", words("for-colleague.form-kind"), kind="choice", options=kinds),
            Ask("text", words("for-colleague.form-text"), longest=LONGEST),
            *((unit,) if len(units) > 1 else ()),
            Ask("agreed", words("for-colleague.form-agreed"), kind="choice", options=agreed, value="no"),
            Ask(
                "name",
                words("for-colleague.form-name"),
                optional=True,
                longest=LONGEST_NAME,
                hint=words("for-colleague.form-name-hint"),
            ),
        ),
        submits=f"{submits} {initiative.id}",
        submit_label=words("ask.send"),
        locale=words.language,
        confidential=True,
    )


def _said(turn: Turn, key: str) -> Reply:
    return Reply(cards=(Card(body=turn.words(key), locale=turn.words.language),), personal=True)
