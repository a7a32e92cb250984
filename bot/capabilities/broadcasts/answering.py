"""What recipients do with a broadcast: say that they have read it, and reply. Counted once each, by a mark alone."""

from __future__ import annotations

from dataclasses import dataclass

from bot.broadcasts.permission import allowed
from bot.capabilities.broadcasts.finding import MOST_DIGITS
from bot.dialogue import problems, refilled
from bot.messages import Ask, Card, Post
from bot.people.audience import viewer_of
from bot.playbook.access import may_know
from bot.store import broadcasts
from bot.store.broadcasts import OUT, PRESSED, READ, RECALLED, STOPPED, Broadcast
from bot.turn import Reply, Topic, Turn

LONGEST = 3000
WENT_OUT = (OUT, STOPPED, RECALLED)


@dataclass(frozen=True, slots=True)
class HaveRead:
    """`broadcast-read 3`: somebody says that they have read it."""

    name: str = "broadcast-read"

    def takes(self, rest: str, turn: Turn) -> bool:
        """Never by typing."""
        return False

    def hear(self, turn: Turn, rest: str) -> Reply:
        """Counts it where the organisation allows that, and says thanks."""
        one = _received(turn, rest)
        if one is None:
            return _quietly(turn, "broadcast.not-there")
        if one.state not in WENT_OUT:
            return _quietly(turn, "broadcast.only-a-preview")
        if one.state == RECALLED:
            return _quietly(turn, "broadcast.was-recalled")
        if not _may_count(turn, "read-marks"):
            return _quietly(turn, "broadcast.not-counted")
        _pressed(turn, one)
        new = broadcasts.mark(turn.tx, one.number, READ, turn.person.key)
        return _quietly(turn, "broadcast.read-thanks" if new else "broadcast.read-already")


@dataclass(frozen=True, slots=True)
class Reacting:
    """`broadcast-reply 3`: asks for a text and answers it like anything that is said about this initiative."""

    name: str = "broadcast-reply"

    def takes(self, rest: str, turn: Turn) -> bool:
        """Never by typing: what one types is heard anyway."""
        return False

    def hear(self, turn: Turn, rest: str) -> Reply:
        """The form, or what its text is answered with."""
        one, words, given = _received(turn, rest), turn.words, turn.said.answers
        about = Topic(initiative=one.initiative) if one else None
        if one is not None and one.state in WENT_OUT:
            _pressed(turn, one)
        form = Card(
            title=words("reply.title"),
            body=words("reply.body"),
            asks=(Ask("text", words("reply.text"), longest=LONGEST),),
            submits=f"{self.name} {one.number if one else ''}".strip(),
            submit_label=words("reply.send"),
            locale=words.language,
        )
        if not given:
            return Reply(cards=(form,), topic=about)
        wrong = problems(form.asks, given, words)
        if wrong:
            return Reply(cards=(refilled(form, given),), problems=wrong, topic=about)
        return Reply(ask=str(given["text"]))


def _received(turn: Turn, rest: str) -> Broadcast | None:
    """The broadcast of this number, if this person may know of its initiative."""
    number = int(rest) if rest.isascii() and rest.isdecimal() and len(rest) <= MOST_DIGITS else 0
    one = broadcasts.get(turn.tx, number) if number else None
    playbooks = turn.reader.playbooks
    initiative = playbooks.initiatives.get(one.initiative) if one else None
    known = initiative and may_know(viewer_of(turn.person), initiative, playbooks.organisation.units)
    return one if known else None


def _may_count(turn: Turn, switch: str) -> bool:
    what = "read-marks" if switch == "read-marks" else "interaction-counts"
    return allowed(what, turn.person.unit, turn.reader.playbooks)  # type: ignore[arg-type]  # both are switches


def _pressed(turn: Turn, one: Broadcast) -> None:
    if _may_count(turn, "interaction-counts"):
        broadcasts.mark(turn.tx, one.number, PRESSED, turn.person.key)


def _quietly(turn: Turn, key: str) -> Reply:
    """One sentence to the person alone: in a channel nobody else learns who has pressed."""
    text = {
        "broadcast.not-there": "broadcast.not-there",
        "broadcast.only-a-preview": "broadcast.only-a-preview",
        "broadcast.was-recalled": "broadcast.was-recalled",
        "broadcast.not-counted": "broadcast.not-counted",
        "broadcast.read-thanks": "broadcast.read-thanks",
        "broadcast.read-already": "broadcast.read-already",
    }[key]
    card = Card(body=turn.words(text), locale=turn.words.language)
    if turn.reader.direct:
        return Reply(cards=(card,))
    event = f"{turn.said.place.platform}:{turn.said.event}"
    return Reply(posts=(Post(key=f"broadcast-pressed:{event}", card=card, person=turn.person.key),))
