"""Somebody in front of Slack: writes, mentions, presses buttons, fills in forms, and reads what is shown."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from adapters.slack.fields import name_of
from tests.adapters.slack import payloads as slack
from tests.adapters.slack.fake import Channel, FakeSlack
from tests.adapters.slack.payloads import BOT, TEAM
from tests.adapters.slack.side import Acked, Side

RETRIES = 3


@dataclass
class Somebody:
    """One account. `screen` is the form that is open on it, None without one; `errors` stand at its fields."""

    fake: FakeSlack
    side: Side
    account: str
    screen: dict[str, Any] | None = None
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def direct(self) -> Channel:
        """The conversation with the bot."""
        return self.fake.direct(self.account, TEAM)

    def _event(self) -> str:
        return f"Ev{uuid4().hex}"

    def _who(self) -> dict[str, Any]:
        return {"id": self.account, "team_id": self.fake.users[self.account].get("team_id", TEAM)}

    async def says(self, text: str) -> Acked:
        """Writes to the bot directly."""
        ts = self._kept(self.direct, text)
        where = {"user": self.account, "channel": self.direct.id, "ts": ts}
        return await self.side.event(slack.typed(self._event(), text, **where), RETRIES)

    async def mentions(self, channel: str, text: str, thread: str = "") -> Acked:
        """Mentions the bot in a channel."""
        place = self.fake.channels[channel]
        whole = f"<@{BOT}> {text}"
        where: dict[str, Any] = {"user": self.account, "channel": channel, "ts": self._kept(place, whole)}
        where |= {"thread_ts": thread} if thread else {}
        return await self.side.event(slack.mentioned(self._event(), text, place.shared, **where), RETRIES)

    def _kept(self, channel: Channel, text: str) -> str:
        ts = self.fake.timestamp()
        channel.messages.append({"type": "message", "user": self.account, "ts": ts, "text": text})
        return ts

    def button(self, label: str, channel: str = "") -> tuple[dict[str, Any], dict[str, Any]]:
        """The newest message with a button of this name, and the button."""
        place = self.fake.channels[channel] if channel else self.direct
        for one in reversed(place.messages):
            for found in buttons(one):
                if found["text"]["text"] == label:
                    return one, found
        raise AssertionError(f"{self.account} sees no button {label!r} in {place.id}")

    def pressing(self, label: str, channel: str = "") -> dict[str, Any]:
        """What Slack sends when this button is pressed now."""
        message, button = self.button(label, channel)
        return self.saying(button["value"], message, channel)

    def saying(self, says: str, message: dict[str, Any], channel: str = "") -> dict[str, Any]:
        """What Slack sends when a button that says this is pressed on this message."""
        place = channel or self.direct.id
        name = "directmessage" if place == self.direct.id else "sales"
        container = {"type": "message", "message_ts": message["ts"], "channel_id": place, "is_ephemeral": False}
        pressed = slack.pressed(self.fake.trigger(self.account), says)
        return pressed | {
            "user": self._who(),
            "channel": {"id": place, "name": name},
            "container": container,
            "message": {k: v for k, v in message.items() if k in ("type", "user", "ts", "text", "thread_ts")},
            "response_url": self.fake.response_address(self.account, place, message["ts"]),
        }

    async def presses(self, label: str, channel: str = "") -> Acked:
        """Presses the newest button of this name; a form that is opened by it is then on the screen."""
        return await self.sends(self.pressing(label, channel))

    async def sends(self, payload: dict[str, Any]) -> Acked:
        """Does what this payload says, once more perhaps."""
        return await self.side.interact(payload)

    def looks(self) -> dict[str, Any] | None:
        """The newest form that was opened for this person and is still open."""
        mine = [view for view in self.fake.views.values() if view["user"] == self.account]
        self.screen = mine[-1] if mine else None
        return self.screen

    async def commands(self, text: str, channel: str = "") -> Acked:
        """`/throughline` with this text."""
        place = channel or self.direct.id
        more = {
            "user_id": self.account,
            "channel_id": place,
            "channel_name": "sales" if channel else "directmessage",
            "response_url": self.fake.response_address(self.account, place),
        }
        return await self.side.command(slack.command(self.fake.trigger(self.account), text, **more))

    async def shortcut(self, callback: str, text: str | None = None) -> Acked:
        """A global shortcut, or one on a message with this text."""
        payload = slack.shortcut(self.fake.trigger(self.account), callback, text) | {"user": self._who()}
        return await self.side.interact(payload)

    def handing_in(self, **answers: Any) -> dict[str, Any]:
        """What Slack sends when the open form is handed in with these answers, by the name of the ask."""
        view = self.looks()
        assert view is not None, f"{self.account} has no form open"
        values = {}
        for block in view["blocks"]:
            if block["type"] == "input":
                given = answers.get(name_of(block["block_id"]))
                values[block["block_id"]] = {block["element"]["action_id"]: entered(block["element"], given)}
        handed = {**view, "state": {"values": values}}
        user = {"user": self._who(), "team": {"id": TEAM}, "trigger_id": self.fake.trigger(self.account)}
        return {"type": "view_submission", "view": handed, **user}

    async def hands_in(self, **answers: Any) -> Acked:
        """Hands in the open form; it closes, goes on to another, or shows what is wrong."""
        payload = self.handing_in(**answers)
        acked = await self.side.interact(payload)
        view = payload["view"]
        self.errors = {}
        body = acked.body if isinstance(acked.body, dict) else {}
        if acked.status != 200 or body.get("response_action") == "errors":
            self.errors = body.get("errors", {"": "Slack's own words: trouble connecting"})
        elif body.get("response_action") == "update":
            self.fake.shown(body["view"], self.account, TEAM, view["id"])
        else:
            del self.fake.views[view["id"]]
        self.looks()
        return acked

    async def opens_home(self) -> Acked:
        """Opens the app's own page."""
        inner = {"type": "app_home_opened", "user": self.account, "channel": self.direct.id, "tab": "home"}
        return await self.side.event(slack.event(self._event(), None, **inner), RETRIES)


def buttons(message: dict[str, Any]) -> list[dict[str, Any]]:
    """The buttons of a message or a view, in order."""
    rows = [block for block in message.get("blocks", ()) if block["type"] == "actions"]
    return [element for row in rows for element in row["elements"] if element["type"] == "button"]


def entered(element: dict[str, Any], given: Any) -> dict[str, Any]:
    """What Slack says of a field: what was entered, else what stood in it."""
    kind = element["type"]
    options = [*element.get("options", ()), *(o for g in element.get("option_groups", ()) for o in g["options"])]
    if kind in ("checkboxes", "multi_static_select"):
        chosen = [o for o in options if o["value"] in (given or ())]
        return {"type": kind, "selected_options": chosen or element.get("initial_options", [])}
    if kind in ("radio_buttons", "static_select"):
        picked = next((o for o in options if o["value"] == given), element.get("initial_option"))
        return {"type": kind, "selected_option": picked}
    if kind == "datepicker":
        return {"type": kind, "selected_date": given or element.get("initial_date")}
    return {"type": kind, "value": element.get("initial_value") if given is None else given}
