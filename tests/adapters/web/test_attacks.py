"""Other sites in the same browser, other names for this machine, forged and oversized requests come to nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from io import BytesIO
from typing import Any

import aiohttp
import pytest

from bot.messages import Ask, Card, Choice
from bot.store import Store
from tests.adapters.web.site import LEA, PAVEL, Site, as_read, site

NASTY = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
CARD = Card("Yes?", choices=(Choice("Go", "why"),), asks=(Ask("text", "What?"),), submits="answer 1")
POSTS = {
    "say": {"text": "hello", "event": "e1"},
    "press": {"message": "1", "choice": "0"},
    "form": {"message": "1", "event": "e1", "field.text": "hello"},
    "clock": {"move": "week"},
}


def visit(store: Store, visiting: Callable[[Site], Coroutine[Any, Any, None]]) -> None:
    """Opens the page with one card on it, and visits it."""

    async def open_and_visit() -> None:
        async with site(store) as opened:
            opened.stage.post_card(f"direct:{LEA}", key="k", thread=0, card=CARD)
            await visiting(opened)

    asyncio.run(open_and_visit())


async def nothing_came_of_it(opened: Site) -> None:
    """No message but the first, and the clock stands where it stood."""
    assert opened.stage.newest() == 1
    assert not opened.page.clock.ahead
    assert opened.ticks == []


FOREIGN = [
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://127.0.0.1:1"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "none"},
    {"Host": "evil.example"},
    {"Host": "evil.example", "Origin": "http://evil.example"},
    {"X-Forwarded-For": "203.0.113.9"},
]


def test_another_site_can_post_nothing_and_listen_to_nothing(store: Store) -> None:
    """Whatever a foreign page, another port or another name for this machine sends is refused, token or not."""

    async def visiting(opened: Site) -> None:
        lea = opened.at(LEA)
        token = await lea.token()
        for headers in FOREIGN:
            for what, fields in POSTS.items():
                answer = await lea.posts(what, {"token": token, **fields}, headers)
                assert answer.status == 403, (headers, what)
            assert (await opened.client.get(lea.address + "/live", headers=headers)).status == 403, headers
        await nothing_came_of_it(opened)

    visit(store, visiting)


def test_another_name_for_this_machine_reads_nothing(store: Store) -> None:
    """So the token cannot be read either."""

    async def visiting(opened: Site) -> None:
        for path in ("/", f"/as/{LEA}/direct", f"/as/{LEA}/direct/message/1", f"/as/{LEA}/"):
            for host in ("evil.example", "localhost.evil.example", "192.168.0.7"):
                answer = await opened.client.get(path, headers={"Host": host}, allow_redirects=False)
                assert answer.status == 403
                assert "token" not in await answer.text()

    visit(store, visiting)


@pytest.mark.parametrize("token", ["", "0" * 64, "é", "of another"])
def test_a_missing_or_forged_token_is_refused(store: Store, token: str) -> None:
    """Also one of another person."""

    async def visiting(opened: Site) -> None:
        lea = opened.at(LEA)
        given = await opened.at(PAVEL).token() if token == "of another" else token
        for what, fields in POSTS.items():
            answer = await lea.posts(what, {"token": given, **fields})
            assert answer.status == 403, what
            assert "reload" in await answer.text()
        await nothing_came_of_it(opened)

    visit(store, visiting)


def test_the_page_itself_may(store: Store) -> None:
    """What a browser sends from our own page is taken."""

    async def visiting(opened: Site) -> None:
        own = {"Origin": str(opened.client.make_url("/")).rstrip("/"), "Sec-Fetch-Site": "same-origin"}
        assert (await opened.at(LEA).posts("say", {"text": "hi", "event": "1"}, own)).status == 303

    visit(store, visiting)


def test_too_much_is_refused(store: Store) -> None:
    """In length, in size, in number, and as a file."""

    async def visiting(opened: Site) -> None:
        lea = opened.at(LEA)
        token = await lea.token()
        long = await lea.posts("say", {"token": token, "text": "x" * 20_001, "event": "1"})
        assert long.status == 422
        assert "too long" in as_read(await long.text())
        assert (await lea.posts("say", {"token": token, "text": "x" * 50_000, "event": "1"})).status == 413
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        huge = BytesIO(f"token={token}&event=1&text=".encode() + b"x" * 1_200_000)
        assert (await opened.client.post(lea.address + "/say", data=huge, headers=form)).status == 413
        many = [("token", token), ("event", "1"), ("text", "x"), *[(f"f{n}", "") for n in range(300)]]
        assert (await lea.posts("say", many)).status == 413
        upload = aiohttp.FormData({"token": token, "event": "1"})
        upload.add_field("text", b"x", filename="x.txt")
        assert (await opened.client.post(lea.address + "/say", data=upload)).status == 413
        assert (await lea.posts("say", {"token": token, "text": "  ", "event": "1"})).status == 422
        await nothing_came_of_it(opened)

    visit(store, visiting)


def test_what_is_not_there_cannot_be_pressed(store: Store) -> None:
    """Messages of others, choices and forms that are not there, numbers that are none."""

    async def visiting(opened: Site) -> None:
        lea, pavel = opened.at(LEA), opened.at(PAVEL)
        opened.stage.post(f"direct:{LEA}", key="t", thread=0, sender=LEA, text="x")
        for message, choice in (
            ("1", "1"),
            ("1", "-1"),
            ("1", NASTY),
            ("2", "0"),
            ("99", "0"),
            (NASTY, "0"),
            ("9" * 30, "0"),
        ):
            assert (await lea.posts("press", {"message": message, "choice": choice})).status == 404
        assert (await pavel.posts("press", {"message": "1", "choice": "0"})).status == 404
        assert (await pavel.posts("form", {"message": "1", "event": "1"})).status == 404
        assert (await lea.posts("form", {"message": "2", "event": "1"})).status == 404
        assert (await lea.posts("say", {"text": "x", "event": "1", "thread": "99"})).status == 404
        assert opened.stage.newest() == 2

    visit(store, visiting)


def test_script_in_every_field_stays_text(store: Store) -> None:
    """What people write, and what they put where nothing belongs, comes back escaped or not at all."""

    async def visiting(opened: Site) -> None:
        lea, channel = opened.at(LEA), opened.at(LEA, "general")
        assert (
            await lea.posts("say", {"text": NASTY, "event": NASTY, "thread": NASTY, "mention": NASTY})
        ).status == 303
        assert (await channel.posts("say", {"text": NASTY, "event": NASTY, "mention": NASTY})).status == 303
        refused = await lea.posts(
            "form", {"message": "1", "event": NASTY, "field.text": NASTY, f"field.{NASTY}": NASTY}
        )
        long = await lea.posts("say", {"text": NASTY + "x" * 20_000, "event": NASTY})
        pages = [await lea.sees(), await channel.sees(), await refused.text(), await long.text()]
        for query in ("before", "thread", "as", "q"):
            pages.append(await (await opened.client.get(lea.address, params={query: NASTY})).text())
            pages.append(await (await opened.client.get("/", params={query: NASTY})).text())
        pages.append(await (await opened.client.get(lea.address + "/message/1", params={"as": NASTY})).text())
        assert NASTY in as_read(pages[0].replace("&lt;", "&amp;lt;")).replace("&lt;", "<")
        for page in pages:
            assert "<script>" not in page
            assert "<img src=x" not in page

    visit(store, visiting)


def test_no_page_asks_another_site_for_anything(store: Store) -> None:
    """No address of another site in any element, nothing inline, and a policy that forbids both."""

    async def visiting(opened: Site) -> None:
        for path in ("/", f"/as/{LEA}/direct", f"/as/{LEA}/general"):
            answer = await opened.client.get(path)
            page = await answer.text()
            assert "http://" not in page.replace("http://www.w3.org", "")
            assert "https://" not in page
            assert "style=" not in page
            assert " on" + "click=" not in page
            assert "unsafe" not in answer.headers["Content-Security-Policy"]
            assert answer.headers["Cache-Control"] == "no-store"

    visit(store, visiting)
