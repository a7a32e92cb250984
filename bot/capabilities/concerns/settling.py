"""What one can press below a worry that was met: it helps, or a person to talk to."""

from __future__ import annotations

from dataclasses import dataclass

from bot.messages import Card, Choice, Post
from bot.playbook.model import Initiative
from bot.store import eased, occurrences, people
from bot.store.times import end_of_day
from bot.triage import DRIVERS
from bot.turn import Reply, Turn


@dataclass(frozen=True, slots=True)
class ItHelps:
    """`it-helps <initiative> <driver>`: what was said settles it. Counted, without who."""

    name: str = "it-helps"

    def takes(self, rest: str, turn: Turn) -> bool:
        """Never by typing."""
        return False

    def hear(self, turn: Turn, rest: str) -> Reply:
        """Counts it once a person, and says that one may come back."""
        id, _, driver = rest.strip().partition(" ")
        initiative = turn.reader.initiative(id)
        if initiative is None or driver not in DRIVERS:
            return _said(turn, turn.words("answer.gone"))
        once = turn.tx.seal.mark("eased", turn.person.key, id, driver)
        if occurrences.first_time(turn.tx, once, end_of_day(turn.now)):
            eased.count(turn.tx, id, driver)
        return _said(turn, turn.words("concern.eased"))


@dataclass(frozen=True, slots=True)
class TalkTo:
    """`talk-to <initiative> <address>`: the change agent; with `yes` behind it they are told that somebody would like
    to talk."""

    name: str = "talk-to"

    def takes(self, rest: str, turn: Turn) -> bool:
        """Never by typing."""
        return False

    def hear(self, turn: Turn, rest: str) -> Reply:
        """How to reach them, and the offer to tell them; nothing of what the worry is."""
        words, parts = turn.words, rest.split()
        initiative = turn.reader.initiative(parts[0]) if len(parts) > 1 else None
        address = parts[1].lower() if initiative else ""
        if not turn.person.member or initiative is None or not _is_agent(turn, initiative, address):
            return _said(turn, words("answer.gone"))
        name = turn.reader.names(address)
        if parts[2:] != ["yes"]:
            tell = Choice(words("concern.talk-tell", name=name.split()[0]), f"talk-to {initiative.id} {address} yes")
            leave = Choice(words("unknown.no-thanks"), "no-thanks")
            return _said(turn, words("concern.talk", name=name, address=address), tell, leave)
        posts = _to_agent(turn, initiative, address)
        return Reply(
            cards=(Card(body=words("concern.talk-told", name=name), locale=words.language),), personal=True, posts=posts
        )


def _is_agent(turn: Turn, initiative: Initiative, address: str) -> bool:
    agents = {one for unit in initiative.written.change_agents.values() for one in unit}
    return address in agents and turn.reader.directory(address) is not None


def _to_agent(turn: Turn, initiative: Initiative, address: str) -> tuple[Post, ...]:
    agent = people.person_by_email(turn.tx, address)
    if agent is None:
        return ()
    words = turn.words_for(agent)
    name = initiative.text(words.locale).name.partition(":")[0].strip()
    person = turn.person.name or turn.person.email or words("name.somebody")
    unit = turn.reader.unit_name(turn.person.unit) if turn.person.unit else ""
    body = words("concern.talk-asked", person=f"{person} ({unit})" if unit else person, name=name)
    key = f"talk:{turn.person.key}:{initiative.id}:{address}:{turn.reader.today}"
    return (Post(key=key, card=Card(body=body, locale=words.language), person=agent.key),)


def _said(turn: Turn, body: str, *choices: Choice) -> Reply:
    return Reply(cards=(Card(body=body, choices=choices, locale=turn.words.language),), personal=True)
