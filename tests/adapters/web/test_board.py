"""The pages over HTTP: scanners use nothing up, foreign sites come to nothing, and the cookie is what was promised."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from adapters.web.board import Board
from bot.board.page import File
from bot.store import Store
from tests.board.house import SMALL, House

Client = TestClient[Any, Any]
HOME = "https://pages.example.com"
OWN = {"Origin": HOME, "Sec-Fetch-Site": "same-origin"}


def visit(house: Any, visiting: Callable[[Client], Coroutine[Any, Any, None]], address: str = HOME) -> None:
    """Serves the pages under this address, and visits them."""

    async def serve() -> None:
        app = web.Application()
        with ThreadPoolExecutor(1) as pool:
            Board(house.door, address, not address.startswith("https"), pool).add_to(app)
            async with TestClient(TestServer(app), headers={"Connection": "close"}) as client:
                await visiting(client)

    asyncio.run(serve())


@pytest.fixture
def house(store: Store) -> House:
    """The small organisation."""
    return House(store, SMALL)


async def entered(client: Client, house: House, who: str) -> dict[str, str]:
    """What the browser of this person sends after it opened a link."""
    answer = await client.post(f"/board/enter/{house.link(who)}", headers=OWN, allow_redirects=False)
    assert answer.status == 303, await answer.text()
    return {"Cookie": answer.headers["Set-Cookie"].partition(";")[0]}


def test_looking_at_a_link_uses_nothing_up(house: House) -> None:
    async def visiting(client: Client) -> None:
        address = f"/board/enter/{house.link('pm')}?to=kit/phones/phones-out"
        for look in (client.get, client.head, client.get):
            answer = await look(address)
            assert answer.status == 200
            assert "Set-Cookie" not in answer.headers
        page = await (await client.get(address)).text()
        assert f'action="{address}"' in page
        assert "<script" not in page

        answer = await client.post(address, headers=OWN, allow_redirects=False)

        assert answer.status == 303
        assert answer.headers["Location"] == "/board/kit/phones/phones-out"
        assert (await client.post(address, headers=OWN, allow_redirects=False)).status == 404
        assert "new one" in await (await client.get(address)).text()

    visit(house, visiting)


def test_the_cookie_is_for_this_host_alone_encrypted_and_out_of_reach_of_scripts(house: House) -> None:
    async def visiting(client: Client) -> None:
        answer = await client.post(f"/board/enter/{house.link('pm')}", headers=OWN, allow_redirects=False)
        name, _, rest = answer.headers["Set-Cookie"].partition("=")

        assert name == "__Host-throughline-board"
        assert {"HttpOnly", "Secure", "SameSite=Lax", "Path=/", "Max-Age=28800"} <= set(rest.split("; "))
        assert "Domain" not in rest

    visit(house, visiting)


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "http://pages.example.com"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Origin": HOME},
    ],
)
def test_another_site_can_neither_open_nor_end_a_visit(house: House, headers: dict[str, str]) -> None:
    async def visiting(client: Client) -> None:
        token = house.link("pm")
        assert (await client.post(f"/board/enter/{token}", headers=headers)).status == 403
        assert house.door.greet(token), "it was not used up"

        cookie = await entered(client, house, "pm")
        assert (await client.post("/board/leave", headers={**cookie, **headers})).status == 403
        assert (await client.get("/board/overview", headers=cookie)).status == 200

    visit(house, visiting)


def test_without_a_visit_nothing_is_shown(house: House) -> None:
    async def visiting(client: Client) -> None:
        for path in ("/board/", "/board/overview", "/board/kit/phones/phones-out", "/board/nonsense"):
            for cookie in ("", "__Host-throughline-board=x", f"__Host-throughline-board={'0' * 64}"):
                answer = await client.get(path, headers={"Cookie": cookie})
                page = await answer.text()
                assert answer.status == 403
                assert "personal link" in page
                assert "phone" not in page.lower()

    visit(house, visiting)


def test_each_page_says_that_it_is_not_to_be_kept_and_runs_no_script(house: House) -> None:
    async def visiting(client: Client) -> None:
        cookie = await entered(client, house, "pm")
        for path in (
            "/board/",
            "/board/kit/phones/phones-out",
            "/board/nonsense",
            "/board/ask",
            "/board/enter/" + "0" * 64,
        ):
            answer = await client.get(path, headers=cookie)
            assert answer.headers["Cache-Control"] == "no-store"
            assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
            assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            page = await answer.text()
            assert "<script" not in page
            assert " style=" not in page

    visit(house, visiting)


def test_a_page_of_somebody_elses_part_is_not_there(house: House) -> None:
    async def visiting(client: Client) -> None:
        cookie = await entered(client, house, "agent")
        assert (await client.get("/board/kit", headers=cookie)).status == 200
        for path in ("/board/overview", "/board/overview/phones", "/board/broadcasts/1", "/board/coverage"):
            answer = await client.get(path, headers=cookie)
            assert answer.status == 404
            assert "New phones" not in await answer.text()

    visit(house, visiting)


def test_after_leaving_the_cookie_opens_nothing(house: House) -> None:
    async def visiting(client: Client) -> None:
        cookie = await entered(client, house, "pm")
        answer = await client.post("/board/leave", headers={**cookie, **OWN})

        assert answer.status == 200
        assert 'throughline-board="";' in answer.headers["Set-Cookie"]
        assert (await client.get("/board/", headers=cookie)).status == 403

    visit(house, visiting)


def test_a_link_leads_to_no_other_site(house: House) -> None:
    async def visiting(client: Client) -> None:
        for to in ("//evil.example", "https://evil.example", "../as/lea", "a//b", "kit?x=1", "\\evil", "ä"):
            answer = await client.post(
                f"/board/enter/{house.link('pm')}", params={"to": to}, headers=OWN, allow_redirects=False
            )
            assert answer.headers["Location"] == "/board/", to

    visit(house, visiting)


def test_where_to_ask_is_open_to_everybody_in_their_language(house: House) -> None:
    async def visiting(client: Client) -> None:
        answer = await client.get("/board/ask", headers={"Accept-Language": "pt-BR,en;q=0.5"})
        page = await answer.text()

        assert answer.status == 200
        assert '<html lang="pt">' in page
        assert "Throughline" in page
        assert "phone" not in page.lower()

    visit(house, visiting)


def test_the_kit_has_a_sheet_with_a_code(house: House) -> None:
    async def visiting(client: Client) -> None:
        cookie = await entered(client, house, "agent")
        page = await (await client.get("/board/kit/phones/phones-out", headers=cookie)).text()

        assert '<svg xmlns="http://www.w3.org/2000/svg"' in page
        assert 'class="code"' in page
        assert "pages.example.com" not in page.partition("<svg")[2].partition("</svg>")[0]

    visit(house, visiting)


def test_in_local_mode_the_cookie_needs_no_encryption_and_other_names_come_to_nothing(house: House) -> None:
    async def visiting(client: Client) -> None:
        here = f"http://127.0.0.1:{client.port}"
        link = f"/board/enter/{house.link('pm')}"
        board_at = {"Origin": "http://127.0.0.1:3978"}
        assert (await client.get(link, headers={"Host": "evil.example"})).status == 403
        assert (await client.get(link, headers={"X-Forwarded-For": "10.0.0.1"})).status == 403
        assert (await client.post(link, headers={"Origin": here}, allow_redirects=False)).status == 403

        answer = await client.post(link, headers=board_at, allow_redirects=False)

        assert answer.status == 303
        assert "Secure" not in answer.headers["Set-Cookie"]
        assert answer.headers["Set-Cookie"].startswith("throughline-board=")

    visit(house, visiting, "http://127.0.0.1:3978")


def test_a_file_is_downloaded_and_opens_as_utf8() -> None:
    async def visiting(client: Client) -> None:
        answer = await client.get("/board/broadcasts/1?as=csv", headers={"Cookie": "__Host-throughline-board=s"})

        assert answer.headers["Content-Disposition"] == 'attachment; filename="brief1.csv"'
        assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
        assert (await answer.read()) == b"\xef\xbb\xbfgr\xc3\xbcn\r\n"
        assert asked == [("somebody", "broadcasts", {"as": "csv", "of": "1"})]

    asked: list[Any] = []

    def show(*what: Any) -> File:
        asked.append(what)
        return File('brief1"\r\n.csv', "text/csv", "grün\r\n")

    visit(SimpleNamespace(door=SimpleNamespace(visitor=lambda _: "somebody", show=show)), visiting)
