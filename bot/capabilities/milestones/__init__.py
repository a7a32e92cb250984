"""Milestones: the plan for everybody, how one stands as its owner says, and what the project manager lets go."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.capabilities.milestones.releasing import as_planned, edit, hold, look, unedit
from bot.capabilities.milestones.reporting import at_risk, done, later, on_track, status, tell
from bot.capabilities.milestones.slipping import drop, send, slips
from bot.capabilities.milestones.subjects import milestones_of
from bot.cues import phrases, plain
from bot.messages import Card, Choice
from bot.milestones.roadmap import picture, roadmap, state
from bot.milestones.subjects import subjects_of
from bot.milestones.words import Subject
from bot.pictures import png
from bot.store.milestones import AT_RISK, DONE, ON_TRACK
from bot.turn import Reply, Turn
from bot.which import ask_which, initiative_for, named

LISTED = 6
LONGEST_VERB = 3
"""Words that a typed verb may have: "at risk", "em risco"."""


def _no(turn: Turn, key: str, **fields: object) -> Reply:
    return Reply(cards=(Card(body=turn.words(key, **fields), locale=turn.words.language),), personal=True)


@dataclass(frozen=True, slots=True)
class Roadmap:
    """`roadmap`: the plan of an initiative as a table and as a picture."""

    name: str = "roadmap"

    def takes(self, rest: str, turn: Turn) -> bool:
        """Alone, or with the name of an initiative."""
        return not rest or bool(named(rest, turn.reader).initiative)

    def hear(self, turn: Turn, rest: str) -> Reply:
        """The plan, or the question which one."""
        reader, words = turn.reader, turn.words
        initiative = initiative_for(reader, named(rest, reader).initiative)
        if initiative is None:
            return Reply(cards=(ask_which(reader, "roadmap {id}"),))
        if reader.viewer.outsider:
            return Reply(cards=(Card(body=words("guest.only-public"), locale=words.language),))
        subjects = subjects_of(turn.tx, turn.reader, initiative)
        name = initiative.text(words.locale).name.partition(":")[0].strip()
        key = "roadmap.lead" if subjects else "roadmap.nothing"
        title = words("roadmap.title", name=name)
        drawn, shows = picture(subjects, words, reader.today, title)
        card = Card(
            title=title,
            body=words(key),
            table=roadmap(subjects, words, reader.today) if subjects else (),
            image=png(drawn) if drawn else "",
            image_text=shows,
            source=words("source.team", name=reader.names(initiative.written.project_manager)),
            choices=(Choice(words("when.button"), f"when {initiative.id}"),),
            locale=words.language,
        )
        return Reply(cards=(card,))


@dataclass(frozen=True, slots=True)
class Milestone:
    """`milestone`: one's own; `milestone done phones-out All signed`: how one stands. Buttons say the rest."""

    name: str = "milestone"

    def takes(self, rest: str, turn: Turn) -> bool:
        """Alone, or with what is said of one."""
        return not rest or bool(_verb(rest)[0])

    def hear(self, turn: Turn, rest: str) -> Reply:
        """Does what the person may say of this milestone; who may not learns nothing of it."""
        verb, more = _verb(rest)
        if verb in _DECIDED:
            return _DECIDED[verb](turn, more)
        mine = milestones_of(turn)
        if not mine:
            return _no(turn, "milestone.not-yours")
        ref, _, text = more.partition(" ")
        found = [one for one in mine if ref.lower() in (one.ref, one.standing.id)]
        if len(found) != 1 or verb not in _REPORTED:
            return _listed(turn, found or mine)
        return _REPORTED[verb](turn, found[0], text.strip())


def _verb(rest: str) -> tuple[str, str]:
    """What is said of a milestone, in the word that buttons say, and what stands behind it; '' where it is none."""
    first, _, behind = rest.strip().partition(" ")
    if first in _REPORTED or first in _DECIDED:
        return first, behind.strip()
    parts = rest.split()
    for count in range(min(LONGEST_VERB, len(parts)), 0, -1):
        typed = plain(" ".join(parts[:count]))
        for verb, understood in _typed().items():
            if typed in understood:
                return verb, " ".join(parts[count:])
    return "", rest.strip()


def _typed() -> Mapping[str, frozenset[str]]:
    return {
        DONE: phrases("cue.milestone-done"),
        AT_RISK: phrases("cue.milestone-at-risk"),
        ON_TRACK: phrases("cue.milestone-on-track"),
        "slips": phrases("cue.milestone-slips"),
    }


def _listed(turn: Turn, mine: list[Subject]) -> Reply:
    """These milestones, the open ones first, each as a button."""
    words, today = turn.words, turn.reader.today
    ordered = sorted(mine, key=lambda s: (s.standing.report.state == DONE, s.standing.on))[:LISTED]
    rows = "\n".join(
        f"- {subject.title(words)}: {words.day(subject.standing.on)}, {state(words, subject.standing, today)}"
        for subject in ordered
    )
    choices = tuple(Choice(subject.title(words), f"milestone status {subject.ref}") for subject in ordered)
    card = Card(body=f"{words('milestone.yours')}\n\n{rows}", choices=choices, locale=words.language)
    return Reply(cards=(card,), personal=True)


_REPORTED: Mapping[str, Callable[[Turn, Subject, str], Reply]] = {
    "status": status,
    ON_TRACK: on_track,
    AT_RISK: at_risk,
    DONE: done,
    "slips": slips,
    "later": later,
    "tell": tell,
}
_DECIDED: Mapping[str, Callable[[Turn, str], Reply]] = {
    "as-planned": as_planned,
    "hold": hold,
    "look": look,
    "edit": edit,
    "unedit": unedit,
    "send": send,
    "drop": drop,
}

CAPABILITIES = (Roadmap(), Milestone())
