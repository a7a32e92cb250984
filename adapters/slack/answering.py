"""What goes back to Slack in answer to a press, a form, a command or a shortcut, while it still takes an answer.

A form is opened, problems are shown at their fields, a card that has done its duty is exchanged, and who cannot be
served is told so. All else is posted by the delivery engine.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine, Mapping
from dataclasses import replace
from typing import Any

from adapters.slack import parse, views
from adapters.slack.around import Known, Payload, direct_of
from adapters.slack.inside import DONE, NOT_NOW, Ack, Decided, Inside
from adapters.slack.mrkdwn import escaped
from adapters.slack.platform import Slack
from adapters.slack.render import message
from bot.messages import Card, Said, Sent

log = logging.getLogger(__name__)

SORRY = "failed.sorry"
SENT_DIRECTLY = "welcome.sent-directly"
LATE = "form.late"
ONLY_FOR_YOU: Mapping[str, Any] = {"response_type": "ephemeral", "replace_original": False}


class Answering:
    """Answers through the acknowledgement where it can, else with one call that runs on after it."""

    def __init__(self, slack: Slack, inside: Inside) -> None:
        self._slack = slack
        self._inside = inside
        self._under_way: set[asyncio.Task[None]] = set()

    def decided(self, payload: Payload, said: Said, decided: Decided) -> Ack:
        """The acknowledgement of what the core decided."""
        if not decided.new:
            return DONE
        if decided.instead is not None:
            self.soon(self._exchange(payload, said, decided.instead))
        if payload.get("type") == "view_submission":
            return _form_answer(payload, said, decided)
        if decided.form is not None:
            self.soon(self._open(payload, said, decided.form))
        elif decided.cards and "command" in payload and payload.get("channel_id") != said.place.conversation:
            return Ack(body={"response_type": "ephemeral", "text": escaped(self._words(SENT_DIRECTLY, said))})
        return DONE

    def failed(self, payload: Payload, said: Said) -> Ack:
        """The acknowledgement of what could not be decided: the person is told, and keeps what was typed."""
        sorry = self._words(SORRY, said)
        if payload.get("type") == "view_submission":
            view = payload["view"]
            has_fields = any(block["type"] == "input" for block in view["blocks"])
            return Ack(body=views.not_saved(sorry, view)) if has_fields else NOT_NOW
        if "command" in payload:
            return Ack(body={"response_type": "ephemeral", "text": escaped(sorry)})
        self.soon(self._tell(payload, said, {"text": escaped(sorry)}))
        return DONE

    async def _open(self, payload: Payload, said: Said, form: Card) -> None:
        """Opens the form; where Slack does not take the trigger any more, a button leads to it."""
        typed = parse.typed_before(payload)
        view = views.modal(form, said.place, said.message, typed)
        asked = {"trigger_id": payload["trigger_id"], "view": view}
        answer = await self._slack.call(said.place.workspace, "views.open", asked)
        if not answer.taken:
            log.warning("a form could not be opened: %s", answer.reason())
            late = replace(form, body="\n\n".join(filter(None, (self._words(LATE, said), form.body))))
            await self._tell(payload, said, views.reopen(late, typed))

    async def _exchange(self, payload: Payload, said: Said, card: Card) -> None:
        """Puts the card in the place of the pressed one, for everybody who has it."""
        if payload.get("response_url"):
            file = await self._slack.pictures.file(said.place.workspace, card)
            for shown in dict.fromkeys((file if isinstance(file, str) else "", "")):
                told = {"replace_original": True, **message(card, shown)}
                answer = await self._slack.respond(payload["response_url"], told)
                if answer.taken:
                    return
        if not said.message:
            return
        outcome = await self._slack.edit(said.place, said.message, card)
        if not isinstance(outcome, Sent):
            log.warning("a card that has done its duty could not be exchanged: %s", outcome.reason)

    async def _tell(self, payload: Payload, said: Said, text: Mapping[str, Any]) -> None:
        """Something for this person alone: where they pressed, or else in their conversation with the bot."""
        if payload.get("response_url"):
            answer = await self._slack.respond(payload["response_url"], {**ONLY_FOR_YOU, **text})
            if answer.taken:
                return
        account = said.person.account
        place = said.place if said.place.kind == "direct" else replace(said.place, conversation=account, thread="")
        answer = await self._slack.call(place.workspace, "chat.postMessage", {"channel": place.conversation, **text})
        if not answer.taken:
            log.warning("somebody could not be told that something failed: %s", answer.reason())

    def _words(self, key: str, said: Said) -> str:
        return self._inside.words(key, said.person.locale or "en")

    def soon(self, work: Coroutine[Any, Any, None]) -> None:
        """Runs this after the acknowledgement."""
        task = asyncio.create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        if not task.cancelled() and (fault := task.exception()):
            log.error("something that was to follow an acknowledgement failed: %s", type(fault).__name__)

    async def finish(self) -> None:
        """Waits for what is under way."""
        while self._under_way:
            await asyncio.gather(*self._under_way, return_exceptions=True)


def _form_answer(payload: Payload, said: Said, decided: Decided) -> Ack:
    """Problems at their fields, or the next form in the same window, or the window closes."""
    if decided.problems:
        return Ack(body=views.errors(decided.problems, payload["view"]))
    if decided.form is not None:
        return Ack(body=views.update(decided.form, said.place, said.message))
    return DONE


def in_private(payload: Payload, said: Said, known: Known) -> Said:
    """A command is seen by nobody else, so nobody else sees its answer."""
    if "command" not in payload or said.place.kind == "direct":
        return said
    return replace(said, place=direct_of(payload, said.person.account, known))
