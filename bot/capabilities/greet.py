"""First contact, help and privacy: what the bot is for, who sees what, and how to quiet it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.messages import Card, Choice
from bot.playbook.access import leads
from bot.privacy import privacy
from bot.turn import Reply, Turn
from bot.words import Words


def welcome(turn: Turn) -> Card:
    """The first message that anybody gets: three lines, and something to try."""
    words = turn.words
    first_name = turn.person.name.split(" ")[0] if turn.person.name else ""
    hello = words("welcome.hello", name=first_name) if first_name else words("welcome.hello-you")
    body = "\n\n".join(
        [
            f"{hello} {words('welcome.purpose')}",
            words("welcome.privacy"),
            words("welcome.quiet"),
        ]
    )
    return Card(
        body=body,
        choices=(
            Choice(words("changes.button"), "changes"),
            Choice(words("privacy.button"), "privacy"),
            Choice(words("settings.quiet-button"), "settings quiet"),
        ),
        locale=words.language,
    )


def home(turn: Turn) -> tuple[Card, ...]:
    """For a person's own page: how to speak with the bot, and how to quiet it."""
    words = turn.words
    choices = (
        Choice(words("help.button"), "help"),
        Choice(words("settings.title"), "settings"),
        Choice(words("privacy.button"), "privacy"),
    )
    return (Card(body=words("welcome.purpose"), choices=choices, locale=words.language),)


@dataclass(frozen=True, slots=True)
class Help:
    """`help`: one line for everything one can say. `names` are the capabilities that have such a line; `leading` those
    for people with a part in an initiative or a unit to answer for.
    """

    names: Sequence[str] = field(default=())
    leading: Sequence[str] = field(default=())
    name: str = "help"

    def takes(self, rest: str, turn: Turn) -> bool:
        """Only alone."""
        return not rest

    def hear(self, turn: Turn, rest: str) -> Reply:
        """What one can say, one line each."""
        words = turn.words
        leading = self.leading if leads(turn.reader.viewer, turn.reader.playbooks) else ()
        rows = "\n".join(f"- {words(f'{name}.help')}" for name in (*self.names, *leading))
        card = Card(
            title=words("help.title"),
            body=f"{words('help.lead')}\n\n{rows}",
            choices=(
                Choice(words("changes.button"), "changes"),
                Choice(words("when.button"), "when"),
            ),
            locale=words.language,
        )
        return Reply(cards=(card,))


@dataclass(frozen=True, slots=True)
class Privacy:
    """`privacy`: who sees what one writes, and how long anything is kept."""

    name: str = "privacy"

    def takes(self, rest: str, turn: Turn) -> bool:
        """Only alone."""
        return not rest

    def hear(self, turn: Turn, rest: str) -> Reply:
        """The text, with the organisation's own periods."""
        organisation = turn.reader.playbooks.organisation
        units = {id: turn.reader.unit_name(id) for id in organisation.units}
        unit = turn.person.unit or "?"
        body = "\n\n".join(privacy(turn.words, organisation.policy, units, unit))
        card = Card(title=turn.words("privacy.title"), body=body, locale=turn.words.language)
        return Reply(cards=(card,), personal=True)


@dataclass(frozen=True, slots=True)
class NoThanks:
    """`no-thanks`: somebody declined an offer."""

    name: str = "no-thanks"

    def takes(self, rest: str, turn: Turn) -> bool:
        """Only alone."""
        return not rest

    def hear(self, turn: Turn, rest: str) -> Reply:
        """Takes it kindly."""
        return Reply(cards=(small(turn.words, "unknown.no-thanks-reply"),))


def small(words: Words, key: str) -> Card:
    """A card with one message and nothing else."""
    return Card(body=words(key), locale=words.language)
