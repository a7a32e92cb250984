"""Every transcript in Teams: the same people do the same things there, and see the same words and buttons.

What the core asks one by one elsewhere is a dialog here: what a transcript answers step by step fills its fields, and
the last answer hands it in. A dialog that is cancelled is closed, which says nothing.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from bot.answers.language import detect
from bot.store import Store
from bot.words import LANGUAGES, Words
from tests.adapters.teams.actors import Message
from tests.adapters.teams.deployment import Answer, Deployment, buttons, deployment, texts
from tests.transcripts.test_transcripts import ACTION, FILES, HERE, _direct, _moment
from tests.world import SAMPLE

OWN_LABELS = {"Fill in", "Send", "Details"}
INPUT = "Input."
CANCEL = {"Cancel", "Cancelar", "Abbrechen"}
SKIP = {"Skip", "Pular", "Überspringen", "Omitir"}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_transcript_in_teams(file: Path, file_store: Store, tmp_path: Path) -> None:
    script = file.read_text(encoding="utf-8")
    name = next((line.split()[1] for line in script.splitlines() if line.startswith("@playbooks")), "sample")
    folder = tmp_path / "playbooks"
    shutil.copytree(SAMPLE if name == "sample" else HERE / "playbooks" / name, folder)
    now = next((line for line in script.splitlines() if line.startswith("@now")), "@now 2026-11-23 09:00 Europe/Lisbon")

    with deployment(file_store, folder, _moment(now)) as teams:
        play = _Play(teams)
        for line, expected in _steps(script):
            play.do(line, expected)


@dataclass
class _Shown:
    """One message as a transcript has it."""

    to: str
    text: str = ""
    buttons: list[str] = field(default_factory=list)


@dataclass
class _Dialog:
    """A form that stands open on somebody's screen."""

    card: dict[str, Any]
    message: Message
    answers: dict[str, str] = field(default_factory=dict)

    @property
    def fields(self) -> list[dict[str, Any]]:
        return [e for e in self.card["body"] if e.get("type", "").startswith(INPUT)]

    @property
    def waiting(self) -> dict[str, Any] | None:
        return next((f for f in self.fields if f["id"] not in self.answers), None)

    def fill(self, said: str) -> None:
        """The next field as somebody would fill it in who says this."""
        waiting = self.waiting
        assert waiting is not None
        self.answers[waiting["id"]] = _value(waiting, said) if said else waiting.get("value", "")

    def keep(self, before: _Dialog) -> None:
        """What was answered in the dialog before it and stands below what is asked now is not asked again."""
        if [f["id"] for f in self.fields] != [f["id"] for f in before.fields]:
            below = [f for f in self.fields[1:] if f["id"] in before.answers]
            self.answers |= {f["id"]: f.get("value", "") for f in below}


def _value(asked: dict[str, Any], said: str) -> str:
    if asked["type"] != "Input.ChoiceSet":
        return said
    titles = {c["title"].lower(): c["value"] for c in asked["choices"]} | {
        c["value"]: c["value"] for c in asked["choices"]
    }
    parts = [part.strip() for part in said.split(",")] if asked.get("isMultiSelect") else [said]
    return ",".join(titles.get(part.lower(), quote(part, safe="")) for part in parts if part)


def _steps(script: str) -> Iterator[tuple[str, list[_Shown]]]:
    """Each thing that happens, and what is shown then."""
    line, shown = "", list[_Shown]()
    for raw in script.splitlines():
        if raw.startswith("  "):
            _add(shown, raw[2:])
        elif raw.strip() and not raw.startswith(("#", "@playbooks", "@now")):
            if line:
                yield line, shown
            line, shown = raw, []
    if line:
        yield line, shown


def _add(shown: list[_Shown], text: str) -> None:
    if found := re.fullmatch(r"to ([\w-]+):", text):
        shown.append(_Shown(found[1]))
    elif text.startswith("[") and text.endswith("]"):
        shown[-1].buttons = text[1:-1].split("] [")
    else:
        shown[-1].text += text + "\n"


class _Play:
    def __init__(self, teams: Deployment) -> None:
        self._teams = teams
        self._open: dict[tuple[str, str], _Dialog] = {}
        self._threads: dict[tuple[str, str], str] = {}
        self._last: dict[str, Any] = {}
        self._handed_in: _Dialog | None = None
        # What was posted because time passed is compared with what somebody does next, as transcripts write it.
        self._by_itself: list[Message] = []

    def do(self, line: str, expected: list[_Shown]) -> None:
        """Does one line, and compares what is shown then."""
        before = len(self._teams.fake.messages)
        if line.startswith("@"):
            _direct(self._teams, line)
            self._teams.drain()
            self._by_itself += self._teams.fake.messages[before:]
            return
        found = ACTION.match(line)
        assert found, line
        who, where, how, said = found[1], found[2] or "", found[3] or "", found[4].replace("\\n", "\n")
        if where:
            self._visit(where)
        before = len(self._teams.fake.messages)
        self._handed_in = None
        screen = self._act(who, where, how, said, expected)
        if screen is not None:
            self._compare_screen(line, screen, expected)
            return
        posted, self._by_itself = [*self._teams.fake.messages[before:], *self._by_itself], []
        self._compare(line, who, expected, posted)

    def _visit(self, where: str) -> None:
        if f"19:{where}@thread.tacv2" not in self._teams.fake.channels:
            self._teams.add_to_team(where)

    def _act(self, who: str, where: str, how: str, said: str, expected: list[_Shown]) -> str | None:
        """Does it. Gives what stands on the screen where nothing is posted because a dialog is open."""
        dialog = self._open.get((who, where))
        if how == "presses again":
            self._teams.posted(self._last)
        elif dialog is not None and (how in ("", "presses")) and self._belongs(dialog, how, said, who, where):
            return self._answer(who, where, dialog, "" if said in SKIP else said, expected)
        elif how == "presses" and said in CANCEL and self._find(who, where, said) is None:
            # The dialog was closed before; here nothing is left that could be pressed.
            return "\n".join(shown.text for shown in expected)
        elif how == "presses":
            self._press(who, where, said)
        elif how.startswith("submits"):
            # Whatever stood open before is handed in now, or given up.
            self._open.pop((who, where), None)
            fields = dict(part.strip().split("=", 1) for part in said.split(";"))
            data = {"submits": how.removeprefix("submits "), **_guessed(fields)}
            answer = self._teams.invoke(who, "task/submit", {"data": data}, None)
            if answer.body:
                self._asked_more(who, where, fields, answer)
                return _screen(answer)
        else:
            self._type(who, where, said)
        return None

    def _belongs(self, dialog: _Dialog, how: str, said: str, who: str, where: str) -> bool:
        """Whether this is said into the dialog: text always, a press where no message has such a button."""
        return how == "" or self._find(who, where, said) is None or said in _titles(dialog.waiting)

    def _answer(self, who: str, where: str, dialog: _Dialog, said: str, expected: list[_Shown]) -> str | None:
        cancelled = not any(shown.buttons for shown in expected) and said.capitalize() in CANCEL
        if cancelled:
            del self._open[who, where]
            return "\n".join(shown.text for shown in expected)
        dialog.fill(said)
        told = "\n".join(shown.text for shown in expected)
        while (left := dialog.waiting) and not left.get("isRequired") and left.get("label", "") not in told:
            # What need not be answered, and is not asked where asks are put one by one, stays empty.
            dialog.fill("")
        if dialog.waiting is not None:
            return texts(dialog.card)
        answer = self._hand_in(who, dialog)
        self._handed_in = dialog
        if answer.body:
            following = _Dialog(answer.body["task"]["value"]["card"]["content"], dialog.message)
            following.keep(dialog)
            if following.fields:
                self._open[who, where] = following
            else:
                # What is said in confidence ends in the dialog, and is posted nowhere.
                del self._open[who, where]
            return _screen(answer)
        del self._open[who, where]
        return None

    def _asked_more(self, who: str, where: str, fields: dict[str, str], answer: Answer) -> None:
        """A form that asks something else first than what was handed in stands open from now on."""
        card = answer.body["task"]["value"]["card"]["content"] if answer.body else {"body": []}
        following = _Dialog(card, self._teams.fake.messages[-1])
        names = [f["id"].partition(".")[2] for f in following.fields]
        if names and names[0] not in fields:
            below = [f for f, name in zip(following.fields, names, strict=True) if name in fields]
            following.answers = {f["id"]: f.get("value", "") for f in below}
            self._open[who, where] = following

    def _hand_in(self, who: str, dialog: _Dialog) -> Answer:
        send = next(a for a in dialog.card["actions"] if "submits" in a["data"])
        value = {"data": {**send["data"], **dialog.answers}, "context": {"theme": "default"}}
        answer = self._teams.invoke(who, "task/submit", value, dialog.message)
        assert answer.status == 200
        return answer

    def _type(self, who: str, where: str, said: str) -> None:
        thread = self._threads.get((who, where), "")
        activity = self._teams.typed(who, said, where, **({"thread": thread} if thread else {}))
        if where:
            self._threads[who, where] = activity["conversation"]["id"].partition("=")[2]
        self._teams.posted(activity)

    def _press(self, who: str, where: str, label: str) -> None:
        found = self._find(who, where, label)
        assert found, f"{who} sees no button {label!r}"
        message, action = found
        value = {"action": {"type": "Action.Execute", "verb": "says", "data": action["data"]}, "trigger": "manual"}
        channel = message.conversation.partition(";messageid=")[2]
        self._last = self._teams.activity(
            who, "invoke", where, channel, name="adaptiveCard/action", value=value, replyToId=message.id
        )
        assert self._teams.send(self._last).status == 200
        self._teams.drain()

    def _find(self, who: str, where: str, label: str) -> tuple[Message, dict[str, Any]] | None:
        place = f"19:{where}@thread.tacv2" if where else self._teams.account(who).conversation
        for message in reversed(self._teams.fake.shown_in(place)):
            if label in buttons(message.card):
                return message, buttons(message.card)[label]
        return None

    def _compare(self, line: str, who: str, expected: list[_Shown], posted: list[Message]) -> None:
        places = {shown.to for shown in expected} | {self._place(message) for message in posted}
        for place in places:
            wanted = [shown for shown in expected if shown.to == place]
            seen = [message for message in posted if self._place(message) == place]
            assert len(wanted) == len(seen), f"{line}: to {place}: {[texts(m.card) for m in seen]}"
            for one, message in zip(wanted, seen, strict=True):
                self._compare_message(line, who, one, message)

    def _compare_message(self, line: str, who: str, wanted: _Shown, message: Message) -> None:
        opener = next((a for a in message.card.get("actions", ()) if "msteams" in a.get("data", {})), None)
        if opener is None:
            if self._in_its_own_language(message, wanted):
                assert len(buttons(message.card)) >= len(wanted.buttons), line
                return
            _holds(line, texts(message.card), wanted.text)
            assert [b for b in buttons(message.card) if b not in OWN_LABELS] == wanted.buttons, line
            return
        channel = message.conversation.startswith("19:")
        reader = who if channel else wanted.to
        answer = self._teams.fetch(reader, opener, message)
        dialog = _Dialog(answer.body["task"]["value"]["card"]["content"], message)
        self._open[reader, wanted.to if channel else ""] = dialog
        # A dialog has its own order: a value stands in its field, a hint below it.
        self._compare_screen(line, texts(message.card) + "\n" + texts(dialog.card), [wanted])
        assert set(_titles(dialog.waiting)) <= set(wanted.buttons), line

    def _in_its_own_language(self, message: Message, wanted: _Shown) -> bool:
        """A dialog is answered in its language, whatever is written into it; typed text in the language it is in."""
        if self._handed_in is None or self._place(message) != self._place(self._handed_in.message):
            return False
        shown: str = message.card["lang"]
        return bool(shown == self._handed_in.card["lang"] != detect(wanted.text, LANGUAGES))

    def _compare_screen(self, line: str, screen: str, expected: list[_Shown]) -> None:
        for shown in expected:
            missing = set(_words(_without_how_to(shown.text))) - set(_words(screen))
            assert not missing, f"{line}: {missing} are not in {screen!r}"

    def _place(self, message: Message) -> str:
        conversation = message.conversation.partition(";")[0]
        if conversation.startswith("19:"):
            return conversation.partition("@")[0].removeprefix("19:")
        return next(n for n, account in self._teams.fake.accounts.items() if account.conversation == conversation)


def _screen(answer: Answer) -> str:
    """What a dialog shows, its bar at the top too."""
    shown = answer.body["task"]["value"]
    return f"{shown['title']}\n{texts(shown['card']['content'])}"


def _titles(asked: dict[str, Any] | None) -> list[str]:
    return [choice["title"] for choice in (asked or {}).get("choices", ())]


def _without_how_to(text: str) -> str:
    """How to answer with words what can be ticked in a dialog, and that a value stands in the field already."""
    for words in map(Words, LANGUAGES):
        text = text.replace(words("form.several"), "").replace(words("form.current", value=""), "")
    return text


def _guessed(fields: dict[str, str]) -> dict[str, str]:
    return {(f"choice.{name}" if name == "name" else f"text.{name}"): value for name, value in fields.items()}


def _holds(line: str, screen: str, wanted: str) -> None:
    """All words that are wanted stand on the screen, in this order."""
    words = iter(_words(screen))
    missing = next((word for word in _words(wanted) if word not in words), None)
    assert missing is None, f"{line}: {missing!r} of {wanted!r} is not in {screen!r}"


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.lower())
