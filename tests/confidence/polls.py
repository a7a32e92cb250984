"""Random rounds of a short survey for the adversary, with the copies of some nights, and what is true in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from random import Random

from sqlalchemy import select

from bot.library import Snapshot
from bot.messages import Person
from bot.playbook.shared_files import PulseTemplate
from bot.pulse.ballots import Ballot
from bot.pulse.closing import close, swept
from bot.store import Store, accounts, surveys
from bot.store import tables as t
from bot.store.surveys import Round
from tests.confidence.copying import Copy, copied
from tests.confidence.worlds import UNIT, WORRIES, World
from tests.pulse.opened import CLOSES, open_round

SCALES = tuple(f"q{number}" for number in range(5))
POINTS = 5
TEXT = "else"
TEMPLATE = PulseTemplate.model_validate(
    {
        "id": "plain",
        "name": "How is it?",
        "questions": [
            *({"id": id, "text": "I am fine.", "type": "scale", "min": 1, "max": POINTS} for id in SCALES),
            {"id": TEXT, "text": "What else?", "type": "text", "optional": True},
        ],
    }
)
SHOWN = ".".join(str(number) for number in range(len(TEMPLATE.questions)))


@dataclass(frozen=True)
class Poll:
    """What the adversary gets of one round: copies of two nights while people answer, one while it is being closed,
    when the answers are there and the box too, and one after that. And what is true: the rows of each who answered, in
    the order in which they did, which the adversary is told as well.
    """

    nights: tuple[Copy, Copy]
    closing: Copy
    after: Copy
    ballots: Mapping[str, str]
    """The key of the ballot by the key of the person; those of answers and comments likewise."""
    answers: Mapping[str, str]
    comments: Mapping[str, str]


def a_round(store: Store, snapshot: Snapshot, chance: Random) -> Poll:
    """A round in one unit, in which people answer on two days, between other things that they say."""
    world = World(store, snapshot, chance)
    voters = world.unit[: chance.randint(8, 12)]
    with store.begin() as tx:
        keys = {who.email: accounts.identify(tx, who, world.now).key for who in voters}
    round = open_round(store, surveys.Snapshot(TEMPLATE), [(key, UNIT) for key in keys.values()])
    order = chance.sample(voters, len(voters))
    # Nobody answers as anybody else does, so that each row of answers is one person's.
    numbers = chance.sample(range(POINTS ** len(SCALES)), len(order))
    said = dict(zip((keys[who.email] for who in order), numbers, strict=True))
    nights = []
    for some in (order[: len(order) // 2], order[len(order) // 2 :]):
        for who in some:
            _answer(world, round, who, said[keys[who.email]])
        world.pass_time(world.now.replace(hour=23, minute=5))
        nights.append(copied(store))
        world.pass_time(world.now + timedelta(hours=9))
    ballots = _ballots(store, said)
    closed = close(store, snapshot.playbooks, round.id, CLOSES)
    assert closed is not None
    closing = copied(store)
    assert swept(store)
    return Poll((nights[0], nights[1]), closing, copied(store), ballots, *_kept(store, said))


def _answer(world: World, round: Round, who: Person, number: int) -> None:
    """Somebody fills the form in; some write something too, and some say something else before or after."""
    if world.chance.random() < 0.3:
        world.chat(who)
    world.wait(30, 3_000)
    entered = {id: str(point) for id, point in _points(number).items()}
    if world.chance.random() < 0.8:
        entered[TEXT] = _text(number, world.chance.choices(WORRIES, k=world.chance.randint(1, 6)))
    form = world.said(who, f"take-survey {round.id} {SHOWN} sure", "form", answers=entered, opens=True)
    handled = world.core.hear(form)
    assert not handled.problems, handled.problems
    if world.chance.random() < 0.3:
        world.chat(who)


def _points(number: int) -> dict[str, int]:
    return {id: number // POINTS**place % POINTS + 1 for place, id in enumerate(SCALES)}


def _text(number: int, words: list[str]) -> str:
    return f"{number}: {' '.join(words)}"


def _ballots(store: Store, said: Mapping[str, int]) -> dict[str, str]:
    """Whose ballot is which, for whoever has the secret."""
    with store.read() as tx:
        rows = tx.execute(select(t.survey_ballot)).all()
        found = {_number(Ballot.from_json(store.seal.open(row.content)).answers): row.key for row in rows}
    return {who: found[number] for who, number in said.items()}


def _kept(store: Store, said: Mapping[str, int]) -> tuple[dict[str, str], dict[str, str]]:
    """Whose answers are which, and whose comment."""
    with store.read() as tx:
        answers = {_number(row.answers): row.key for row in tx.execute(select(t.survey_answer))}
        texts = tx.execute(select(t.survey_comment.c.key, t.survey_comment.c.text)).all()
    comments = {int(store.seal.open(row.text).split(":")[0]): row.key for row in texts}
    whose = {who: comments[number] for who, number in said.items() if number in comments}
    return {who: answers[number] for who, number in said.items()}, whose


def _number(points: Mapping[str, object]) -> int:
    return sum((int(str(points[id])) - 1) * POINTS**place for place, id in enumerate(SCALES))
