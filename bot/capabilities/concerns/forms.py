"""The forms of a worry: what it is, what is at stake, how bad, by name or in confidence. They decide nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.cases.opening import who_reads
from bot.cases.raised import Raised
from bot.confidence.units import shown
from bot.learning.counting import SHOWN_FROM
from bot.messages import Answers, Ask, Card, Option, escape, quoted
from bot.playbook.model import Initiative
from bot.pushback import about
from bot.pushback.alike import Similar
from bot.turn import Turn

LONGEST, LONGEST_MORE = 3000, 1000
NAMED, CONFIDENCE = "named", "confidence"
OWN, ELSE, NOWHERE = "own", "else", "-"
ALL, AVOID = "all", "avoid"
OTHER = "other"
LABEL = 70


@dataclass(frozen=True, slots=True)
class Kept:
    """What was picked in the first form, to stand in what the second one says. Nothing that was written."""

    severity: str = "1"
    stake: str = ""
    unit: str = ""
    readers: str = ALL

    @staticmethod
    def of(given: Answers, unit: str) -> Kept:
        """What was picked in a form; where no unit was asked for it is `unit`."""
        picked = {name: str(given.get(name, "")) for name in ("severity", "stake", "unit", "readers")}
        return Kept(picked["severity"] or "1", picked["stake"], picked["unit"] or unit, picked["readers"] or ALL)

    def encode(self) -> str:
        """One text without spaces inside its parts."""
        return " ".join((self.severity, self.stake or NOWHERE, self.unit or NOWHERE, self.readers))

    @staticmethod
    def decode(text: str) -> Kept | None:
        """What `encode` wrote; None for anything else."""
        parts = text.split()
        if len(parts) != 4 or parts[0] not in ("1", "2", "3"):  # noqa: PLR2004 - as many as `encode` writes
            return None
        return Kept(*("" if part == NOWHERE else part for part in parts))


def raised_form(turn: Turn, initiative: Initiative, begun: Raised, similar: Similar | None) -> Card:
    """The form in which a worry is raised, with what is known of it filled in."""
    words = turn.words
    asks = (
        *_alike(turn, initiative, similar),
        Ask("text", words("concern.form-text"), longest=LONGEST, value=begun.text[:LONGEST]),
        Ask("severity", words("concern.form-severity"), kind="choice", options=_bad(turn), value=str(begun.severity)),
        Ask("stake", words("concern.form-stake"), kind="choice", options=_stakes(turn, initiative), optional=True),
        Ask("works", words("concern.form-works"), longest=LONGEST_MORE, optional=True),
        *_unit(turn, initiative, begun),
        Ask("affects", words("concern.form-affects"), longest=LONGEST_MORE, optional=True),
        *_readers(turn, begun),
        _name(turn),
    )
    return Card(
        title=words("concern.form-title"),
        body=words("concern.form-body", name=short(turn, initiative), readers=_named(turn, begun, turn.person.email)),
        asks=asks,
        # Where the form is opened from a posted card, what it says is all that is known of what was begun.
        submits=f"concern {initiative.id} {begun.text}".strip(),
        submit_label=words("ask.send"),
        locale=words.language,
        confidential=True,
    )


def sure_form(
    turn: Turn, initiative: Initiative, given: Answers, found: tuple[str, ...], similar: Similar | None
) -> Card:
    """The wording shown back before it is sent in confidence, with what could give its author away."""
    words = turn.words
    bits = [words("quote", text=escape(bit)) for bit in found]
    hint = words("concern.sure-found", bits=words.all_of(bits)) if bits else words("concern.sure-nothing")
    fields = (("text", "concern.form-text", False), ("works", "concern.form-works", True))
    written = [
        Ask(name, words(key), longest=LONGEST, value=str(given.get(name, "")), optional=optional)
        for name, key, optional in (*fields, ("affects", "concern.form-affects", True))
        if given.get(name)
    ]
    return Card(
        title=words("concern.sure-title"),
        body=f"{hint}\n\n{_read_by(turn, initiative, given)}\n\n{quoted(str(given.get('text', '')))}",
        asks=(*_alike(turn, initiative, similar), *written),
        submits=f"concern {initiative.id} sure {Kept.of(given, turn.reader.unit_in(initiative)).encode()}",
        submit_label=words("concern.sure-send"),
        locale=words.language,
        confidential=True,
    )


def _read_by(turn: Turn, initiative: Initiative, given: Answers) -> str:
    """Who will read it: whoever answers for the unit that it names in confidence, which may be a larger one."""
    kept = Kept.of(given, turn.reader.unit_in(initiative))
    raised = raised_of(turn, initiative, given, kept)
    units = turn.reader.playbooks.organisation.units
    unit = shown(turn.tx, units, raised.unit)
    names = _named(turn, replace(raised, unit=unit))
    if unit == raised.unit:
        return turn.words("concern.sure-body", readers=names)
    where = turn.reader.unit_name(unit) if unit else turn.words("concern.unit-none")
    return turn.words("concern.sure-rolled", readers=names, unit=where)


def asked_of_similar(turn: Turn, initiative: Initiative, form: Card, similar: Similar) -> Card:
    """The form again, with the question whether it is the same as what others raised."""
    asks = tuple(replace(ask, settled=True) for ask in form.asks)
    return replace(form, asks=(*_alike(turn, initiative, similar), *asks))


def raised_of(turn: Turn, initiative: Initiative, given: Answers, kept: Kept) -> Raised:
    """What was handed in, without what is judged of it."""
    units = {unit.id for unit in initiative.written.units}
    return Raised(
        kind="concern",
        initiative=initiative.id,
        text=str(given.get("text", "")).strip(),
        unit=kept.unit if kept.unit in units else "",
        severity=int(kept.severity) if kept.severity in ("1", "2", "3") else 1,
        at_stake=_stake(turn, initiative, kept.stake),
        would_work=str(given.get("works", "")).strip(),
        affects=str(given.get("affects", "")).strip(),
        avoid_owner=kept.readers == AVOID,
        locale=turn.words.language,
    )


def short(turn: Turn, initiative: Initiative) -> str:
    """The initiative's name as people say it."""
    return initiative.text(turn.words.locale).name.partition(":")[0].strip()


def _alike(turn: Turn, initiative: Initiative, similar: Similar | None) -> tuple[Ask, ...]:
    if similar is None:
        return ()
    words, case = turn.words, similar.case
    theme = about(words, similar.driver)
    where = turn.reader.unit_name(case.unit) if similar.names_unit else short(turn, initiative)
    question = words("concern.alike", where=where, about=theme)
    many = words("concern.alike-many", n=words.number(similar.people)) if similar.people >= SHOWN_FROM else ""
    options = (Option(str(case.number), words("concern.alike-join")), Option(OTHER, words("concern.alike-other")))
    return (Ask("alike", question, kind="choice", options=options, hint=many),)


def _bad(turn: Turn) -> tuple[Option, ...]:
    return tuple(Option(str(n), turn.words(f"concern.bad-{n}")) for n in (1, 2, 3))


def _name(turn: Turn) -> Ask:
    words = turn.words
    options = (Option(NAMED, words("ask.with-name")), Option(CONFIDENCE, words("concern.in-confidence")))
    protects = words("confidence.who-can-see", platform=words("concern.the-platform"))
    return Ask("name", words("concern.form-name"), kind="choice", options=options, hint=protects)


def _stakes(turn: Turn, initiative: Initiative) -> tuple[Option, ...]:
    words = turn.words
    unit = turn.reader.unit_in(initiative)
    found = next((u.objectives for u in initiative.text(words.locale).units if u.id == unit), ())
    objectives = tuple(Option(str(n), text) for n, text in enumerate(found))
    return (*objectives, Option(OWN, words("concern.stake-own")), Option(ELSE, words("concern.stake-else")))


def _stake(turn: Turn, initiative: Initiative, picked: str) -> str:
    labels = {option.value: option.label for option in _stakes(turn, initiative)}
    return labels.get(picked, "") if picked != ELSE else ""


def _unit(turn: Turn, initiative: Initiative, begun: Raised) -> tuple[Ask, ...]:
    units = initiative.written.units
    if len(units) == 1 and begun.unit:
        return ()
    options = tuple(Option(unit.id, turn.reader.unit_name(unit.id)) for unit in units)
    nobody = Option(NOWHERE, turn.words("concern.unit-none"))
    value = begun.unit or NOWHERE
    return (Ask("unit", turn.words("concern.form-unit"), kind="choice", options=(*options, nobody), value=value),)


def _readers(turn: Turn, begun: Raised) -> tuple[Ask, ...]:
    """Whether whoever answers for the unit may read it; not asked where that makes no difference."""
    without = replace(begun, avoid_owner=True)
    everybody, few = (_named(turn, one, turn.person.email) for one in (begun, without))
    if everybody == few:
        return ()
    words = turn.words
    options = (
        Option(ALL, words("concern.readers-all", names=everybody)),
        Option(AVOID, words("concern.readers-few", names=few)),
    )
    return (Ask("readers", words("concern.form-readers"), kind="choice", options=options, value=ALL),)


def _named(turn: Turn, raised: Raised, author: str = "") -> str:
    """Who will read it, by name. In confidence that is the same whoever raises it, so that no `author` changes it."""
    reader = turn.reader
    addresses = who_reads(turn.tx, reader.playbooks, raised, author)
    return reader.words.all_of([reader.names(one) for one in addresses])
