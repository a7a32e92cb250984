"""Every transcript, in front of Slack and on PostgreSQL: people write, mention and press there, and are shown what it
says.

What differs: a form opens as a window instead of being asked question by question, so the questions of the transcript
must stand in the window, and what is answered there one by one is entered into it. And what goes to different
places at once goes in no order.
"""

from __future__ import annotations

import asyncio
import html
import shutil
from collections import defaultdict
from collections.abc import Collection
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from adapters.slack.fields import name_of
from bot.cues import is_one_of, plain
from bot.library import Library
from bot.store import Store
from bot.words import LANGUAGES, Words
from tests.adapters.slack.deployment import Deployment, Way, deployed
from tests.adapters.slack.fake import Channel, FakeSlack
from tests.adapters.slack.payloads import BOT, TEAM
from tests.adapters.slack.somebody import Somebody, buttons
from tests.transcripts import test_transcripts as transcripts
from tests.transcripts.test_transcripts import ACTION, FILES, HERE
from tests.world import SAMPLE, _sample_accounts

# In a window these are Slack's own buttons, and what is typed beside it is not for it.
CANCELS = {Words(language)("form.cancel") for language in LANGUAGES}
# What a question asked by itself says beyond what stands in the window.
BY_ITSELF = tuple(
    Words(language)(key, value="").strip() for language in LANGUAGES for key in ("form.current", "form.several")
)
IMPOSSIBLE = object()
# What is typed into a window tells no language: the answer is in that of the card on which it was opened.
OTHERWISE = {
    "nuno: Yes, from 2028. Until then you send them the list.": {
        "Thank you. Your answer to question no. 1 is on its way.": (
            "Que bom, agradeço. Sua resposta à pergunta nº 1 está a caminho."
        ),
        "Add to what is written": "Acrescentar ao que está escrito",
    }
}


@dataclass
class Message:
    """One message as the transcript writes it."""

    to: str
    text: list[str]
    buttons: list[str]


@dataclass
class Step:
    """One line of what happens, and the messages below it."""

    line: str
    messages: list[Message] = field(default_factory=list)


def steps(script: str) -> list[Step]:
    """The transcript, step by step."""
    found: list[Step] = []
    for line in script.splitlines():
        if line.startswith("  to "):
            found[-1].messages.append(Message(line[5:-1], [], []))
        elif line.startswith("  ["):
            found[-1].messages[-1].buttons = line.strip()[1:-1].split("] [")
        elif line.startswith("  "):
            found[-1].messages[-1].text.append("" if line == "  ." else line[2:])
        elif line.strip() and not line.startswith("#"):
            found.append(Step(line))
    return found


@dataclass
class Filling:
    """A window that somebody fills in, and what was entered so far."""

    fields: list[dict[str, Any]]
    answers: dict[str, Any] = field(default_factory=dict)

    @property
    def next(self) -> dict[str, Any] | None:
        """The first field that nothing was entered into."""
        return next((one for one in self.fields if name_of(one["block_id"]) not in self.answers), None)


class Town:
    """The people and places of a transcript in Slack, under the names that it uses."""

    def __init__(self, store: Store, folder: Path, now: str, runner: asyncio.Runner) -> None:
        self.store, self.folder, self.runner = store, folder, runner
        self.time = transcripts._moment(now)
        self.fake = FakeSlack()
        self.accounts: dict[str, dict[str, Any]] = _sample_accounts(folder)
        self.platform = SimpleNamespace(accounts=set())
        self.core = SimpleNamespace(tick=self._tick)
        self.filling: dict[tuple[str, str], Filling] = {}
        self._threads: dict[tuple[str, str], str] = {}
        self._process: AsyncExitStack | None = None
        self._seen: set[str] = set()
        self._drawn = 0
        self.here: Deployment

    @property
    def library(self) -> Library:
        """For a playbook that is changed while the bot runs."""
        return self.here.library

    def start(self) -> None:
        """A process begins; Slack goes on."""
        self.runner.run(self._start())

    async def _start(self) -> None:
        if self._process:
            await self._process.aclose()
        self._process = AsyncExitStack()
        if not self.fake.address:
            self._slack = AsyncExitStack()
            await self._slack.enter_async_context(self.fake.serving())
            self.fake.team(TEAM, "xoxb-home", BOT)
        way = Way(draw=self._draw)
        process = deployed(self.store, self.folder, lambda: self.time, self.fake, way)
        self.here = await self._process.enter_async_context(process)

    async def stop(self) -> None:
        """The end."""
        if self._process:
            await self._process.aclose()
            await self._slack.aclose()

    def _draw(self, below: int) -> int:
        self._drawn += 1
        return self._drawn % below

    def _tick(self, now: Any) -> None:
        self.runner.run(asyncio.to_thread(self.here.core.tick, now))

    def somebody(self, who: str) -> Somebody:
        """Somebody, whom Slack knows as the transcript describes them."""
        known = self.accounts.get(who, {})
        id = f"U0{who.upper()}"
        profile = {"real_name": known.get("name", ""), "email": known.get("email", "")}
        self.fake.users[id] = {
            "id": id,
            "team_id": TEAM,
            "locale": known.get("locale", ""),
            "tz": known.get("timezone", ""),
            "is_restricted": known.get("guest", False),
            "is_bot": known.get("bot", False),
            "profile": profile,
        }
        return Somebody(self.fake, self.here.side, id)

    def channel(self, where: str, somebody: Somebody) -> str:
        """The channel of this name, '' for the direct conversation."""
        if not where:
            return ""
        id = f"C0{where.upper()}"
        shared = where.endswith("-shared")
        self.fake.channels.setdefault(id, Channel(id, {BOT}, TEAM, shared=shared)).members.add(somebody.account)
        return id

    async def mentions(self, somebody: Somebody, channel: str, text: str) -> None:
        """In the thread in which they mentioned the bot before, since a new one is a new conversation."""
        key = (somebody.account, channel)
        text = text.removeprefix("@throughline").lstrip(" ,:")
        await somebody.mentions(channel, text, self._threads.get(key, ""))
        self._threads.setdefault(key, self.fake.channels[channel].messages[-1]["ts"])

    async def posted(self) -> list[Message]:
        """What was posted since the last time, by place."""
        await self.here.settle()
        assert self.fake.refused == []
        found: list[Message] = []
        for id, channel in self.fake.channels.items():
            for one in self.fake.posted(id):
                if one["ts"] not in self._seen:
                    self._seen.add(one["ts"])
                    found.append(_as_message(channel, one))
        return found


def _as_message(channel: Channel, one: dict[str, Any]) -> Message:
    text = html.unescape(one["text"])
    lines = [line.rstrip() if line.strip() else "" for line in text.splitlines()]
    return Message(channel.id[2:].lower(), lines, [found["text"]["text"] for found in buttons(one)])


def by_place(messages: list[Message]) -> dict[str, list[Message]]:
    """The messages of each place, in order."""
    found: dict[str, list[Message]] = defaultdict(list)
    for message in messages:
        found[message.to].append(replace(message, text=[line.strip() for line in message.text]))
    return dict(found)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_transcript_is_what_is_shown_in_slack(file: Path, store: Store, tmp_path: Path) -> None:
    """Line by line, with forms as windows."""
    script = file.read_text(encoding="utf-8")
    settings = [line for line in script.splitlines() if line.startswith(("@playbooks", "@now"))]
    folder = tmp_path / "playbooks"
    name = next((line.split()[1] for line in settings if line.startswith("@playbooks")), "sample")
    shutil.copytree(SAMPLE if name == "sample" else HERE / "playbooks" / name, folder)
    now = next((line for line in settings if line.startswith("@now")), "@now 2026-11-23 09:00 Europe/Lisbon")
    with asyncio.Runner() as runner:
        town = Town(store, folder, now, runner)
        town.start()
        try:
            for step in steps(script):
                if step.line.startswith("@"):
                    if step.line not in settings:
                        transcripts._direct(town, step.line)  # type: ignore[arg-type]  # it has what directions need
                    continue
                runner.run(play(town, step))
        finally:
            runner.run(town.stop())


async def play(town: Town, step: Step) -> None:
    """One thing that somebody does, and what is shown then."""
    found = ACTION.match(step.line)
    assert found, step.line
    who, where, how, text = found[1], found[2] or "", found[3] or "", found[4].replace("\\n", "\n")
    somebody = town.somebody(who)
    channel = town.channel(where, somebody)
    filling = town.filling.get((who, where))
    if text in CANCELS or (filling and is_one_of(plain(text), "cue.cancel")):
        # The window closes, or is closed long since: Slack tells nobody, and nobody is told.
        town.filling.pop((who, where), None)
        town.fake.views.clear()
        return
    if filling and not how.startswith("submits"):
        await fill(town, step, somebody, filling, text)
        return
    twice: list[Message] | None = None
    given: dict[str, str] = {}
    if how.startswith("submits"):
        town.filling.pop((who, where), None)
        says, old = how.removeprefix("submits "), {"type": "message", "user": BOT, "ts": town.fake.timestamp()}
        given = dict(part.strip().split("=", 1) for part in text.split(";"))
        if says not in str(somebody.looks()):
            # Unless it is the second page of what stands open.
            town.fake.views = {id: one for id, one in town.fake.views.items() if one["user"] != somebody.account}
            await somebody.sends(somebody.saying(says, old, channel))
            await town.here.settle()
        if any(block["type"] == "input" for block in (somebody.looks() or {}).get("blocks", ())):
            await town.posted()
            await somebody.hands_in(**given)
    elif how == "presses again":
        payload = somebody.pressing(text, channel)
        await somebody.sends(payload)
        await town.posted()
        await somebody.sends(payload)
        twice = await town.posted()
    elif how == "presses":
        await somebody.presses(text, channel)
    elif channel:
        await town.mentions(somebody, channel, text)
    else:
        await somebody.says(text)
    await shown(town, step, somebody, twice, given)


async def shown(
    town: Town,
    step: Step,
    somebody: Somebody,
    posted: list[Message] | None = None,
    answered: Collection[str] = (),
) -> None:
    """What was posted is what the transcript says, the first question of a form aside: that one opens as a window.
    `answered` are the fields of the window before it, where one follows another.
    """
    posted = await town.posted() if posted is None else posted
    who, where = _place(step)
    expected = list(step.messages)
    before: list[str] = []
    if somebody.looks() is None and (leading := _leads_to_a_form(expected, posted)):
        await somebody.presses(leading.buttons[0], town.channel(where, somebody))
        await town.here.settle()
        posted = [one for one in posted if one is not leading]
        before = leading.text
    view = somebody.looks()
    fields = [block for block in view["blocks"] if block["type"] == "input"] if view else []
    if view is not None and not fields:
        # What is said in confidence ends in the window, and is posted nowhere; then it is closed.
        last = next(one for one in expected if one.to == who and not where)
        expected.remove(last)
        assert [line for line in last.text if line and line not in _words(view)] == []
        town.fake.views.clear()
    if view is not None and fields:
        # In confidence the transcript shows a form as a whole, and no question of it.
        asked = next((one for one in reversed(expected) if _asks(one, fields[0])), expected[-1])
        expected.remove(asked)
        # What was wrong with what one typed stands in the message that leads to the form.
        said = {*_words(view), *before}
        assert [
            line for line in asked.text if line and line.lstrip("> ") not in said and not _is_of_the_dialogue(line)
        ] == []
        # What was answered on an earlier page stands below what is asked now.
        below = [name_of(one["block_id"]) for one in fields[1:]]
        town.filling[who, where] = Filling(fields, {name: None for name in below if name in answered})
    otherwise = OTHERWISE.get(step.line, {})
    expected = [
        replace(
            one,
            text=[otherwise.get(line, line) for line in one.text],
            buttons=[otherwise.get(label, label) for label in one.buttons],
        )
        for one in expected
    ]
    assert by_place(posted) == by_place(expected), step.line


def _place(step: Step) -> tuple[str, str]:
    found = ACTION.match(step.line)
    assert found
    return found[1], found[2] or ""


def _leads_to_a_form(expected: list[Message], posted: list[Message]) -> Message | None:
    """A card whose first button, which the transcript does not have, opens the form that is asked there at once."""
    for one in posted:
        lead = one.text[:-2] if one.text[-2:] == ["", "…"] else one.text
        alike = [other for other in expected if other.to == one.to and other.text[: len(lead)] == lead]
        if one.buttons and alike and not any(other.buttons == one.buttons for other in alike):
            return one
    return None


def _asks(message: Message, field: dict[str, Any]) -> bool:
    return any(line in message.text for line in field["label"]["text"].splitlines())


def _words(found: Any) -> list[str]:
    """Every line of text in a view, a rich text's runs joined."""
    if isinstance(found, list):
        return [line for one in found for line in _words(one)]
    if not isinstance(found, dict):
        return []
    if found.get("type", "").startswith("rich_text_"):
        parts = found["elements"]
        if all("text" in part for part in parts):
            return [line.strip() for line in "".join(part["text"] for part in parts).splitlines()]
    own = found["text"].splitlines() if isinstance(found.get("text"), str) else []
    return [line.strip() for line in own] + [line for value in found.values() for line in _words(value)]


def _is_of_the_dialogue(line: str) -> bool:
    return line.startswith(BY_ITSELF)


async def fill(town: Town, step: Step, somebody: Somebody, filling: Filling, text: str) -> None:
    """Enters one answer; with the last one the window is handed in."""
    who, where = _place(step)
    field = filling.next
    assert field is not None
    element = field["element"]
    given = None if "presses" in step.line and text not in _labels(element) else _entered(element, text)
    if given is IMPOSSIBLE:
        assert any(_asks(message, field) for message in step.messages), step.line
        return
    filling.answers[name_of(field["block_id"])] = given
    while (left := filling.next) and left.get("optional") and not any(_asks(one, left) for one in step.messages):
        # What need not be answered, and is not asked where asks are put one by one, stays empty.
        filling.answers[name_of(left["block_id"])] = None
    if (following := filling.next) is not None:
        assert any(_asks(message, following) for message in step.messages), step.line
        return
    del town.filling[who, where]
    await somebody.hands_in(**filling.answers)
    if somebody.errors:
        told = "\n".join(line for message in step.messages for line in message.text)
        assert all(error in told for error in somebody.errors.values()), somebody.errors
        wrong = {name_of(block) for block in somebody.errors}
        kept = {name: value for name, value in filling.answers.items() if name not in wrong}
        town.filling[who, where] = Filling(filling.fields, kept)
        return
    await shown(town, step, somebody, answered=filling.answers)


def _labels(element: dict[str, Any]) -> dict[str, str]:
    return {one["text"]["text"]: one["value"] for one in element.get("options", ())}


def _entered(element: dict[str, Any], text: str) -> Any:
    """What is entered when this is the answer: what cannot be chosen in a window, it does not take."""
    if "options" not in element:
        return text
    known = {label.lower(): value for label, value in _labels(element).items()}
    known |= {value.lower(): value for value in known.values()}
    known |= {str(number): value for number, value in enumerate(_labels(element).values(), 1)}
    parts = text.split(",") if element["type"] in ("checkboxes", "multi_static_select") else [text]
    chosen = [known.get(part.strip().lower()) for part in parts]
    if None in chosen:
        return IMPOSSIBLE
    return chosen if element["type"] in ("checkboxes", "multi_static_select") else chosen[0]
