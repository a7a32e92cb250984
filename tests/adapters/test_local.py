"""The in-memory platform takes the exam of all adapters first."""

from __future__ import annotations

from typing import Any, ClassVar

from adapters.local import BOT, LONGEST_TEXT, Local, parse, render
from bot.messages import Card, escape
from tests.adapters.contract import NASTY, AdapterContract, Platform


def payload(event: str, kind: str = "direct", account: str = "ana", **said: Any) -> dict[str, Any]:
    """What the in-memory platform would send."""
    place = "direct:ana" if kind == "direct" else "sales"
    return {"id": event, "from": {"account": account}, "conversation": {"id": place, "kind": kind}, **said}


class TestLocal(AdapterContract):
    """The laws, on the in-memory platform."""

    platform: ClassVar[Platform] = Platform(
        parse=parse,
        render=render,
        shown=lambda rendered: str(rendered["text"]),
        longest=LONGEST_TEXT,
        adapter=lambda: Local(accounts={"ana"}),
        typed=lambda event, text: payload(event, text=text),
        mentioned=lambda event, text: payload(event, "channel", text=f"@{BOT} {text}"),
        pressed=lambda event, says: payload(event, press=says),
        handed_in=lambda event, form, answers: payload(event, form=form, answers=answers),
        own=lambda text: payload("e9", account=BOT, text=text),
    )


def test_what_people_wrote_is_shown_as_they_wrote_it() -> None:
    """Escaped text comes out letter for letter: no markup of theirs takes effect and nothing is lost."""
    shown = render(Card(body=f"Ana says: {escape(NASTY)}"))["text"]

    assert shown == f"Ana says: {NASTY}".rstrip()


def test_lists_and_quotes_keep_their_shape() -> None:
    """A list under a heading stands close to it, numbered lists count, quotations are marked."""
    body = "**Head**\n- one\n- two\n\n1. first\n2. second\n\n> said\n> twice"

    shown = render(Card(body=body))["text"]

    assert shown == "Head\n- one\n- two\n\n1. first\n2. second\n\n> said\n> twice"
