"""What is done with an activity that may come in: what it says goes to the core, what the core answers back to Teams.

It knows neither SDK nor HTTP, and decides nothing about what is said.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import replace
from typing import Any, Final

from adapters.teams import action, dialogs, parse
from adapters.teams.around import Around, Heard
from adapters.teams.deployment import Core, Handled, References
from adapters.teams.look import Look
from adapters.teams.parse import Activity
from adapters.teams.platform import Teams
from adapters.teams.references import keep
from adapters.teams.render import Filled
from adapters.teams.work import NotDone, Work
from bot.messages import Card, Later, Place, Refused, Said, Unknown

# How long a press may take until its answer: Teams gives up after some seconds more, and shows an error of its own.
PRESS_SECONDS: Final = 2.0

log = logging.getLogger(__name__)


class Hearing:
    """Takes activities in. Raises `NotDone` where one was not; each method says what its answer is."""

    def __init__(
        self,
        core: Core,
        references: References,
        teams: Teams,
        look: Look,
        failed: Callable[[str], str],
        executor: Executor,
        seconds: float = PRESS_SECONDS,
    ) -> None:
        """`failed` says in a locale that something was not done and can be tried again, the input being kept. What was
        accepted is answered in `executor`.
        """
        self._core = core
        self._references = references
        self._teams = teams
        self._look = look
        self._failed = failed
        self._executor = executor
        self._work = Work()
        self._around = Around(references, teams, self._work)
        self._seconds = seconds

    async def message(self, activity: Activity) -> None:
        """Something typed, which is safe when this returns and is answered afterwards; or a press on an old client."""
        found = await self._work.done(lambda: self._around.heard(activity))
        if found is None:
            return
        said = found.said
        if said.how != "typed":
            # What somebody fills in is not for others to see, and a message of a channel is exchanged for all.
            opens = bool(said.message) and said.place.kind == "direct"
            await self._submitted(activity, replace(said, opens=opens))
        elif await self._work.done(lambda: self._core.accept(said)):
            self._work.soon(self._answer(activity, found))

    async def reaction(self, activity: Activity) -> None:
        """A reaction to a post of the bot."""
        found = await self._work.done(lambda: self._around.heard(activity))
        if found is not None:
            await self._press(activity, found.said)

    async def installed(self, activity: Activity, greets: bool) -> None:
        """The app was added here: this place can be written to. `greets`: whoever added it is welcomed."""
        place = parse.place(activity)
        said = Said(parse.event(activity), replace(parse.person(activity), bare=True), place, "")
        if greets and place.kind == "direct" and not said.person.bot and said.person.account:
            if await self._work.done(lambda: self._core.accept(said)):
                self._work.soon(self._answer(activity, Heard(said, unlooked=False)))
        else:
            self._work.soon(self._around.learn(activity, Heard(said, unlooked=place.kind != "direct")))

    async def removed(self, activity: Activity) -> None:
        """The app was removed from here: nothing can be written there."""
        place = parse.place(activity)
        await self._work.done(lambda: self._references.close_conversation(place.workspace, place.conversation))

    async def members_changed(self, activity: Activity) -> None:
        """People came or went: who reads there has to be looked up anew."""
        place = parse.place(activity)
        if place.kind != "direct":
            said = Said(parse.event(activity), replace(parse.person(activity), bare=True), place, "")
            self._work.soon(self._around.learn(activity, Heard(said, unlooked=True)))

    async def card_action(self, activity: Activity) -> dict[str, Any]:
        """A press on a card; the body of the answer. It never raises: what is not done is said."""
        try:
            found = await self._work.done(lambda: self._around.heard(activity))
            if found is None:
                return dialogs.message_answer("")
            said = found.said
            handled = await self._press(activity, said)
        except NotDone:
            return dialogs.error_answer(503, "NotDone", self._sorry(activity))
        form = next((card for card in handled.cards if card.asks), None)
        if handled.problems and form:
            filled = Filled(said.answers, handled.problems)
            return dialogs.card_answer(form, self._look, inline=True, filled=filled)
        if instead := _instead(said, handled):
            self._work.soon(self._exchange(said, instead))
            return dialogs.card_answer(instead, self._look)
        return dialogs.message_answer("")

    async def task_fetch(self, activity: Activity) -> dict[str, Any]:
        """A button that opens a form; the body of the answer. It never raises."""
        try:
            found = await self._work.done(lambda: self._around.heard(activity))
            handled = await self._press(activity, found.said) if found else None
        except NotDone:
            return dialogs.said_answer(self._sorry(activity))
        if handled is None or not handled.new:
            return {}
        shown = handled.form or next(iter(handled.cards), None)
        return dialogs.fetch_answer(shown, self._look) if shown else {}

    async def task_submit(self, activity: Activity) -> dict[str, Any]:
        """A form handed in from a dialog; the body of the answer. Where it raises, Teams keeps the dialog as it is."""
        found = await self._work.done(lambda: self._around.heard(activity))
        if found is None:
            return {}
        handled = await self._press(activity, found.said)
        if handled.instead and found.said.message:
            self._work.soon(self._exchange(found.said, handled.instead))
        filled = Filled(found.said.answers, handled.problems) if handled.problems else None
        # What is wrong with a form is shown in it, also where nothing was to be opened: else it would close.
        wrong = next((card for card in handled.cards if card.asks), None) if handled.problems else None
        return dialogs.submit_answer(handled.form or wrong, self._look, filled)

    async def action_fetch(self, activity: Activity) -> dict[str, Any]:
        """The command on a message: the form that begins with its text; the body of the answer. It never raises."""
        try:
            return await self.task_fetch(await self._in_private(activity))
        except NotDone as wrong:
            log.warning("a message could not be taken further: %s", wrong)
            return dialogs.said_answer(self._sorry(activity))

    async def action_submit(self, activity: Activity) -> dict[str, Any]:
        """Its form handed in, or a press in its dialog; the body of the answer. Raises as `task_submit`."""
        return await self.task_submit(await self._in_private(activity))

    async def finish(self) -> None:
        """Waits for the answers that are being worked out; what is only accepted is picked up at the next start."""
        await self._work.finish()

    async def close(self) -> None:
        """Finishes, and takes nothing more."""
        await self._work.close()

    async def _in_private(self, activity: Activity) -> Activity:
        """The same, said in the person's own conversation with the bot: where the message stands the bot may not be,
        and nobody else is to see what comes of it. What is not for the bot stays as it is.
        """
        said = parse.said(activity)
        if said is None or said.person.bot or not said.person.account:
            return activity
        account, workspace = said.person.account, said.place.workspace
        try:
            found = await asyncio.wait_for(self._teams.open_direct(account, workspace), self._seconds)
        except TimeoutError as wrong:
            raise NotDone("Teams did not say in time where this person can be written to") from wrong
        if not isinstance(found, Place):
            raise NotDone(found.reason)
        kept = await self._work.done(lambda: self._references.conversation(workspace, found.conversation))
        # Every region has its own; that of the chat with the message may be another one.
        service = kept.reference["serviceUrl"] if kept else activity["serviceUrl"]
        return action.in_private(activity, found.conversation, service)

    async def _press(self, activity: Activity, said: Said) -> Handled:
        end = time.monotonic() + self._seconds

        def decided() -> Handled:
            keep(self._references, activity, said)
            # Whoever was told that it did not work may press again: then it must not have worked behind their back.
            return self._core.hear(said, lambda: time.monotonic() < end)

        return await self._work.done(decided, self._seconds)

    async def _submitted(self, activity: Activity, said: Said) -> None:
        """A press or a form that came as a message: its card can only be exchanged, there is nothing to answer with."""
        handled = await self._press(activity, said)
        if handled.form:
            filled = Filled(said.answers if handled.problems else {}, handled.problems)
            outcome = await self._teams.show_form(said.place, said.message, handled.form, filled)
            if isinstance(outcome, Later | Refused | Unknown):
                raise NotDone(f"a form cannot be shown: {outcome.reason}")
        elif (instead := _instead(said, handled)) and said.message:
            await self._exchange(said, instead)

    async def _answer(self, activity: Activity, heard: Heard) -> None:
        await self._around.learn(activity, heard)
        await asyncio.get_running_loop().run_in_executor(self._executor, self._core.handle, heard.said)

    async def _exchange(self, said: Said, card: Card) -> None:
        """For everybody else who sees the pressed card; who pressed it sees the answer."""
        outcome = await self._teams.edit(said.place, said.message, card)
        if isinstance(outcome, Later | Refused | Unknown):
            log.warning("a pressed card was not exchanged for all who see it: %s", outcome.reason)

    def _sorry(self, activity: Activity) -> str:
        return self._failed(parse.person(activity).locale or "en")


def _instead(said: Said, handled: Handled) -> Card | None:
    """What takes the place of the pressed card. In a direct conversation a form that was accepted makes way for what
    came of it, so that nobody hands it in again.
    """
    alone = said.how == "form" and said.place.kind == "direct"
    accepted = alone and handled.cards and not handled.problems
    return handled.instead or (replace(handled.cards[0], choices=(), asks=()) if accepted else None)
