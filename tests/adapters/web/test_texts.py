"""The privacy text and the terms over HTTP: in the reader's language, out of the policy, for anybody."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from adapters.web.texts import Text, Texts, wished
from bot import privacy
from bot.playbook.model import Organisation, Playbooks
from bot.playbook.shared_files import Policy, Unit

Client = TestClient[Any, Any]
POLICY = Policy.model_validate(
    {
        "off": ["read-marks"],
        "off_in": {"x": ["attendance"]},
        "keep_days": {"questions": 33},
        "word_for": {"unit": "Team"},
    }
)
UNITS = {"x": Unit(id="x", name="<script>alert(1)</script>", timezone="UTC", owner="a@example.com")}
PLAYBOOKS = Playbooks(Organisation(policy=POLICY, units=UNITS))


def visit(visiting: Callable[[Client], Coroutine[Any, Any, None]]) -> None:
    """Serves the two texts of an organisation, and visits them."""

    async def serve() -> None:
        app = web.Application()
        with ThreadPoolExecutor(1) as pool:
            Texts(lambda kind, locales: Text(*privacy.page(kind, locales, PLAYBOOKS)), pool).add_to(app)
            async with TestClient(TestServer(app)) as client:
                await visiting(client)

    asyncio.run(serve())


def test_the_privacy_text_says_what_the_policy_says() -> None:
    async def visiting(client: Client) -> None:
        answer = await client.get("/privacy")
        page = await answer.text()

        assert answer.status == 200
        assert "33 days" in page
        assert "your name, address, Team" in page
        assert "noting who has read a message" in page
        assert "recording who attended training" in page
        assert "<script>" not in page
        assert "&lt;script&gt;" in page
        assert "unsafe" not in answer.headers["Content-Security-Policy"]

    visit(visiting)


def test_the_terms_say_what_it_is_not_for() -> None:
    async def visiting(client: Client) -> None:
        assert "passwords" in await (await client.get("/terms")).text()

    visit(visiting)


@pytest.mark.parametrize(
    ("header", "query", "language"),
    [
        ("", "", "en"),
        ("de-CH,de;q=0.9,en;q=0.5", "", "de"),
        ("fr,pt-BR;q=0.8,en;q=0.7", "", "pt"),
        ("en;q=0.1,es", "", "es"),
        ("fr,da", "", "en"),
        ("de", "?lang=pt", "pt"),
        ("*;q=zero,,;;", "", "en"),
        ("de;q=0", "", "en"),
    ],
)
def test_it_comes_in_the_language_that_the_browser_asks_for(header: str, query: str, language: str) -> None:
    async def visiting(client: Client) -> None:
        answer = await client.get(f"/privacy{query}", headers={"Accept-Language": header})

        assert answer.headers["Content-Language"] == language
        assert f'lang="{language}"' in await answer.text()

    visit(visiting)


def test_a_long_wish_is_cut() -> None:
    """Somebody who asks for ten thousand languages gets one."""
    assert len(wished(",".join(["xx"] * 10_000))) < 100
