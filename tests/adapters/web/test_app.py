"""The HTTP face by itself, over real HTTP: what each path answers to whom."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import aiohttp
import pytest
from aiohttp.test_utils import TestClient, TestServer
from prometheus_client import CollectorRegistry, Gauge

from adapters.web.app import Face, Running, application, listen

KEY = "throughline_key"
Client = TestClient[Any, Any]
NASTY = Running("<script>alert(1)</script>", 'A "summary" & <b>more</b>', "draft")


def visit(
    visiting: Callable[[Client], Coroutine[Any, Any, None]],
    ready: tuple[str, Sequence[str]] = ("", ()),
    running: Sequence[Running] = (NASTY,),
    local: bool = True,
) -> None:
    """Serves a face, and visits it."""
    registry = CollectorRegistry()
    Gauge("something_counted", "What is counted", registry=registry).set(7)

    async def serve() -> None:
        with ThreadPoolExecutor(1) as pool:
            face = Face(lambda: ready, lambda: running, lambda key: key == KEY, registry, pool, "books", local)
            async with TestClient(TestServer(application(face))) as client:
                await visiting(client)

    asyncio.run(serve())


def test_health_is_200_even_while_nothing_is_ready() -> None:
    async def visiting(client: Client) -> None:
        answer = await client.get("/healthz")
        assert (answer.status, await answer.text()) == (200, "ok\n")
        assert answer.headers["Cache-Control"] == "no-store"

    visit(visiting, ready=("no database", ()))


def test_readiness_names_what_is_broken_and_stays_200_while_something_answers() -> None:
    async def visiting(client: Client) -> None:
        answer = await client.get("/readyz")
        assert (answer.status, await answer.text()) == (200, "ready\nbroken: a\nbroken: b\n")

    visit(visiting, ready=("", ("broken: a", "broken: b")))


def test_readiness_is_503_with_the_reason_first() -> None:
    async def visiting(client: Client) -> None:
        answer = await client.get("/readyz")
        assert (answer.status, await answer.text()) == (503, "no playbook\nbroken: a\n")

    visit(visiting, ready=("no playbook", ("broken: a",)))


@pytest.mark.parametrize("forwarded", ["X-Forwarded-For", "Forwarded", "X-Real-IP"])
@pytest.mark.parametrize(
    ("authorization", "status"),
    [
        ("", 401),
        ("Bearer ", 401),
        ("Bearer wrong", 401),
        (KEY, 401),
        (f"Basic {KEY}", 401),
        (f"Bearer {KEY}", 200),
        (f"bearer {KEY}", 200),
    ],
)
def test_metrics_are_for_this_machine_or_with_a_key(forwarded: str, authorization: str, status: int) -> None:
    async def visiting(client: Client) -> None:
        answer = await client.get("/metrics", headers={forwarded: "203.0.113.9", "Authorization": authorization})
        assert answer.status == status
        assert ("something_counted 7.0" in await answer.text()) is (status == 200)

    visit(visiting)


def test_metrics_are_given_to_loopback_without_a_key() -> None:
    async def visiting(client: Client) -> None:
        answer = await client.get("/metrics")
        assert answer.status == 200
        assert answer.headers["Content-Type"].startswith("text/plain; version=")
        assert "something_counted 7.0" in await answer.text()

    visit(visiting, local=False)


def test_the_page_shows_what_runs_with_every_text_escaped() -> None:
    async def visiting(client: Client) -> None:
        answer = await client.get("/")
        html = await answer.text()
        assert answer.status == 200
        assert answer.content_type == "text/html"
        assert "<script" not in html
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
        assert "A &#34;summary&#34; &amp; &lt;b&gt;more&lt;/b&gt;" in html
        assert '<span class="tag">draft</span>' in html
        assert "&lt;i&gt;broken" in html
        assert "Ready to answer." in html

    visit(visiting, ready=("", ("<i>broken",)))


def test_the_page_says_why_it_is_not_ready_and_where_playbooks_go() -> None:
    async def visiting(client: Client) -> None:
        html = await (await client.get("/")).text()
        assert "Not ready: no &lt;playbook&gt;" in html
        assert "<code>books</code>" in html

    visit(visiting, ready=("no <playbook>", ()), running=())


def test_the_page_allows_nothing_but_its_own_style_scripts_and_pictures() -> None:
    async def visiting(client: Client) -> None:
        answer = await client.get("/")
        policy = dict(part.split(" ", 1) for part in answer.headers["Content-Security-Policy"].split("; "))
        assert policy == {
            "default-src": "'none'",
            "script-src": "'self'",
            "style-src": "'self'",
            "img-src": "'self' data:",
            "connect-src": "'self'",
            "base-uri": "'none'",
            "form-action": "'self'",
            "frame-ancestors": "'none'",
        }
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "same-origin"
        html = await answer.text()
        assert "style=" not in html
        assert "<style" not in html
        for path, kind in (("/static/page.css", "text/css"), ("/static/icon.svg", "image/svg+xml")):
            assert path in html
            static = await client.get(path)
            assert (static.status, static.content_type) == (200, kind)

    visit(visiting)


@pytest.mark.parametrize("path", ["/static/../app.py", "/static/%2e%2e/app.py", "/static/", "/static/..%2fapp.py"])
def test_nothing_beside_the_static_files_is_served(path: str) -> None:
    async def visiting(client: Client) -> None:
        answer = await client.get(path)
        assert answer.status in {403, 404}

    visit(visiting)


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1", 200),
        ("127.0.0.1:3978", 200),
        ("127.0.0.2:3978", 200),
        ("localhost", 200),
        ("LOCALHOST:80", 200),
        ("[::1]", 200),
        ("[::1]:3978", 200),
        ("evil.example", 403),
        ("evil.example:3978", 403),
        ("localhost.evil.example", 403),
        ("127.0.0.1.evil.example", 403),
        ("127.0.0.1@evil.example", 403),
        ("evil.example#localhost", 403),
        ("192.168.1.5:3978", 403),
        ("[::1", 403),
        ("[evil]", 403),
    ],
)
def test_the_page_is_served_only_under_a_name_of_this_machine(host: str, status: int) -> None:
    async def visiting(client: Client) -> None:
        answer = await client.get("/", headers={"Host": host})
        assert answer.status == status
        assert ("alert(1)" in await answer.text()) is (status == 200)

    visit(visiting)


def test_the_page_is_not_for_those_behind_a_proxy() -> None:
    async def visiting(client: Client) -> None:
        assert (await client.get("/", headers={"X-Forwarded-For": "203.0.113.9"})).status == 403

    visit(visiting)


def test_without_local_mode_there_is_no_page() -> None:
    async def visiting(client: Client) -> None:
        assert (await client.get("/")).status == 404
        assert (await client.get("/static/page.css")).status == 404

    visit(visiting, local=False)


def test_a_request_that_never_ends_does_not_hold_up_the_end() -> None:
    async def serve(pool: ThreadPoolExecutor) -> float:
        stop, listening = asyncio.Event(), asyncio.get_running_loop().create_future()
        face = Face(lambda: ("", ()), lambda: (), lambda _: False, CollectorRegistry(), pool)
        served = asyncio.create_task(listen(application(face), "127.0.0.1", 0, stop, listening.set_result))
        _, writer = await asyncio.open_connection("127.0.0.1", await listening)
        writer.write(b"POST /healthz HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nhalf")
        await writer.drain()
        async with aiohttp.ClientSession() as session:
            async with session.get(f"http://127.0.0.1:{listening.result()}/healthz") as answer:
                assert answer.status == 200
            began = asyncio.get_running_loop().time()
            stop.set()
            await served
        writer.close()
        return asyncio.get_running_loop().time() - began

    with ThreadPoolExecutor(1) as pool:
        assert asyncio.run(serve(pool)) < 8
