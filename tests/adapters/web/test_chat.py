"""The local page over real HTTP, on both databases: what a conversation on it is like, from the first page on."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from adapters.web.view import size_of
from bot.messages import Ask, Card, Choice, Option, escape
from bot.moved_clock import MovedClock
from bot.store import Store
from tests.adapters.web.site import LEA, NOW, PAVEL, Site, as_read, events, hidden, site

NASTY = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
UNKNOWN = "new phones: is there a canteen near the training room?"


def visit(store: Store, visiting: Callable[[Site], Coroutine[Any, Any, None]]) -> None:
    """Opens the page, and visits it."""

    async def open_and_visit() -> None:
        async with site(store) as opened:
            await visiting(opened)

    asyncio.run(open_and_visit())


def test_one_can_be_anybody(store: Store) -> None:
    """The first page names everybody, first who is worth trying; searching finds by unit and role."""

    async def visiting(opened: Site) -> None:
        page = await (await opened.client.get("/")).text()
        for name in ("Lea Lang", "Pavel Manager", "Otto Ort", "Guest from a partner", "Somebody not in the directory"):
            assert name in page
        assert "Employee in Sales" in as_read(page).title().replace("In", "in")
        assert page.index("Lea Lang") < page.index("Pavel Manager")
        found = await (await opened.client.get("/", params={"q": "manager PHONES"})).text()
        assert "Pavel Manager" in found
        assert "Lea Lang" not in found
        assert "Nobody." in await (await opened.client.get("/", params={"q": NASTY})).text()

    visit(store, visiting)


def test_a_conversation_and_its_history(store: Store) -> None:
    """What is asked is answered, stands there when the page is opened again, and buttons go on from it."""

    async def visiting(opened: Site) -> None:
        lea = opened.at(LEA)
        assert "Ask Throughline what is changing" in await lea.sees()
        await lea.says("can I keep my number?", hears="moves to the new phone")
        assert "can I keep my number?" in as_read(await lea.sees())
        await lea.presses("Who sees what?", hears="nobody")
        assert "pressed Who sees what?" in as_read(await lea.sees())

    visit(store, visiting)


def test_history_outlives_the_process(store: Store) -> None:
    """Another process shows what the one before kept, and does not send it again."""

    async def first(opened: Site) -> None:
        await opened.at(LEA).says("can I keep my number?", hears="moves to the new phone")

    async def second(opened: Site) -> None:
        before = opened.stage.newest()
        assert "can I keep my number?" in as_read(await opened.at(LEA).sees())
        assert before == opened.stage.newest() >= 2

    visit(store, first)
    visit(store, second)


def test_a_question_goes_to_the_owner_and_the_answer_comes_back(store: Store) -> None:
    """Nobody wrote it; Lea passes it on; Pavel, who never wrote to the bot, gets it and answers in a form."""

    async def visiting(opened: Site) -> None:
        lea, pavel = opened.at(LEA), opened.at(PAVEL)
        await lea.says(UNKNOWN, hears="Shall I ask Pavel Manager?")
        await lea.presses("Ask Pavel", hears="Pavel Manager")
        await pavel.hears("canteen")
        label = re.findall(r">(Answer[^<]*)<", await pavel.sees())[-1]
        before = opened.stage.newest()
        await pavel.presses(label, hears="Your answer")
        number = hidden(await pavel.sees(), "message")
        refused = await pavel.posts("form", {"message": number, "event": "f1", "field.text": " "})
        page = await refused.text()
        assert refused.status == 422
        assert 'aria-invalid="true"' in page
        assert "needs another look" in page
        done = await pavel.posts("form", {"message": number, "event": "f2", "field.text": "Yes, on the ground floor."})
        assert done.status == 303
        assert "Handed in" in as_read(await pavel.sees())
        await lea.hears("on the ground floor", before)

    visit(store, visiting)


def test_what_was_typed_stays_in_a_form_that_is_refused(store: Store) -> None:
    """The other fields keep their input, and the fault stands at its field."""

    async def visiting(opened: Site) -> None:
        lea = opened.at(LEA)
        card = Card(
            "Fill in",
            asks=(
                Ask("text", "What?", hint="In a sentence", longest=100),
                Ask("name", "With your name?", "choice", (Option("named", "Yes"), Option("unnamed", "No"))),
            ),
            submits="ask-owner phones",
        )
        number = opened.stage.post_card(f"direct:{LEA}", key="k", thread=0, card=card)
        answer = await lea.posts("form", {"message": str(number), "event": "x1", "field.name": "unnamed"})
        page = await answer.text()
        assert answer.status == 422
        assert re.search(r'value="unnamed" checked', page)
        described = re.search(r'aria-describedby="([^"]+)" aria-invalid="true"', page)
        assert described
        assert all(f'id="{one}"' in page for one in described[1].split())

    visit(store, visiting)


def test_in_a_channel_only_a_mention_is_heard_and_answered_in_its_thread(store: Store) -> None:
    """Colleagues talk without the bot; a mention is answered where it stands; others read it too."""

    async def visiting(opened: Site) -> None:
        lea, otto = opened.at(LEA, "general"), opened.at("otto@example.com", "general")
        assert (await lea.posts("say", {"text": "anybody for lunch?", "event": "a"})).status == 303
        await lea.says("can I keep my number?", hears="moves to the new phone", mention="yes")
        page = await otto.sees()
        assert "@throughline can I keep my number?" in as_read(page)
        root = re.findall(r'id="m-(\d+)" data-thread="0"', page)
        assert len(root) == 2
        replies = page[page.index(f'id="replies-{root[1]}"') :]
        assert "moves to the new phone" in as_read(replies)
        assert f'data-thread="{root[1]}"' in replies
        before = opened.stage.newest()
        assert (await otto.posts("say", {"text": "good", "event": "b", "thread": root[1]})).status == 303
        (reply,) = opened.stage.since(before, ["channel:general"])
        assert (reply.thread, reply.text) == (int(root[1]), "good")
        assert "Replying in a thread" in await otto.sees(f"?thread={root[1]}")

    visit(store, visiting)


def test_a_guest_reads_only_where_guests_read(store: Store) -> None:
    """The shared channel is open, the others are not there."""

    async def visiting(opened: Site) -> None:
        page = await opened.at("guest").sees()
        assert "/as/guest/partners" in page
        assert "/as/guest/general" not in page
        assert (await opened.client.get("/as/guest/general")).status == 404
        unknown = await opened.client.get("/as/nobody/direct")
        assert unknown.status == 404
        assert "Nobody of this name is in the directory. Choose who to be" in as_read(await unknown.text())
        assert (await opened.client.get(f"/as/{LEA}/no-such-room")).status == 404

    visit(store, visiting)


def test_the_same_sending_twice_is_said_once(store: Store) -> None:
    """A browser that repeats a request after a lost answer says nothing new."""

    async def visiting(opened: Site) -> None:
        lea = opened.at(LEA)
        for _ in range(2):
            assert (await lea.posts("say", {"text": "can I keep my number?", "event": "once"})).status == 303
        await lea.hears("moves to the new phone")
        page = as_read(await lea.sees())
        assert page.count("can I keep my number?") == 1

    visit(store, visiting)


def test_open_pages_are_told_and_after_a_loss_miss_nothing(store: Store) -> None:
    """Every message is told once with its number; whoever comes back names the last and gets the rest, in order."""

    async def visiting(opened: Site) -> None:
        lea, pavel = opened.at(LEA, "general"), opened.at(PAVEL, "general")
        async with opened.client.get(lea.address + "/live?after=0") as stream:
            assert stream.headers["Content-Type"] == "text/event-stream"
            told = events(stream)
            assert (await anext(told)).event == "clock"
            await pavel.posts("say", {"text": "first\nsecond line", "event": "1"})
            message = await anext(told)
            assert (message.event, message.id) == ("message", "1")
            assert "first\nsecond line" in message.data
        for n in range(2, 6):
            await pavel.posts("say", {"text": f"message {n}", "event": str(n)})
        async with opened.client.get(lea.address + "/live?after=0", headers={"Last-Event-ID": "2"}) as stream:
            told = events(stream)
            came = [await anext(told) for _ in range(4)]
            assert [t.id for t in came if t.event == "message"] == ["3", "4", "5"]
        async with opened.client.get(f"/as/{LEA}/direct/live?after=4") as stream:
            told = events(stream)
            first = await anext(told)
            assert (first.event, first.data, first.id) == ("elsewhere", "general", "5")
        async with opened.client.get(f"/as/{LEA}/direct/live?after=999") as stream:
            assert (await anext(events(stream))).event == "reload"

    visit(store, visiting)


def test_open_streams_do_not_hold_up_the_end(store: Store) -> None:
    """When the process stops, whoever listens is told by the end of the stream, at once."""

    async def visiting(opened: Site) -> None:
        async with opened.client.get(opened.at(LEA).address + "/live") as stream:
            assert (await anext(events(stream))).event == "clock"
            began = asyncio.get_running_loop().time()
            await opened.client.server.close()
            await stream.content.read()
            assert asyncio.get_running_loop().time() - began < 2

    visit(store, visiting)


def test_a_fault_is_a_sentence_and_not_a_traceback(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    """Where the database fails, the person learns that nothing was done, and nothing of how it is built.

    The log says where, and quotes nobody.
    """

    async def visiting(opened: Site) -> None:
        lea = opened.at(LEA)
        token = await lea.token()
        with store.begin() as tx:
            tx.execute(text("DROP TABLE web_message"))
        answer = await lea.posts("say", {"token": token, "text": "hello", "event": "1"})
        assert (answer.status, await answer.text()) == (503, "That could not be done just now. Try again.")

    visit(store, visiting)
    assert "a request to a page failed" in caplog.text
    assert "web_message" not in caplog.text


def test_another_process_takes_over_the_moved_clock(store: Store) -> None:
    """The one that sends and the one that ticks have the same time as the page, within seconds."""
    page, worker = MovedClock(store, lambda: NOW), MovedClock(store, lambda: NOW)
    page.move_to(NOW + timedelta(days=2))
    page.move_to(NOW + timedelta(days=1))
    worker.refresh()
    assert (page(), worker()) == (NOW + timedelta(days=2),) * 2


def test_many_messages_are_shown_a_page_at_a_time(store: Store) -> None:
    """The newest are there at once, the others on demand, none twice."""

    async def visiting(opened: Site) -> None:
        for n in range(150):
            opened.stage.post("channel:general", key=f"k{n}", thread=0, sender=PAVEL, text=f"message {n}.")
        lea = opened.at(LEA, "general")
        query, found = "?", list[str]()
        while query:
            page = await lea.sees(query)
            found = re.findall(r"message (\d+)\.", page) + found
            query = "".join(re.findall(r'href="[^"]*(\?before=\d+)"', page))
            assert "message" in as_read(page.partition('role="log"')[2])
        assert found == [str(n) for n in range(150)]
        part = await opened.client.get(lea.address + "?before=51", headers={"HX-Request": "true"})
        assert (await part.text()).lstrip().startswith('<div id="earlier">')

    visit(store, visiting)


def test_the_clock_is_moved_and_what_is_due_is_done(store: Store) -> None:
    """It is next Monday at nine for the one who moved it; the core is told; a new process goes on from there."""

    async def visiting(opened: Site) -> None:
        otto = opened.at("otto@example.com")
        assert "Mon 23 Nov, 10:00 in Berlin" in as_read(await otto.sees())
        assert (await otto.posts("clock", {"move": "monday"})).status == 303
        monday = datetime(2026, 11, 30, 8, tzinfo=UTC)
        assert opened.page.clock() == monday
        assert opened.ticks == [monday]
        assert "Monday, 30 November 2026, 09:00 in Berlin moved" in as_read(await otto.sees())
        assert (await otto.posts("clock", {"move": "hour"})).status == 303
        assert (await otto.posts("clock", {"move": "nonsense"})).status == 303

    async def later(opened: Site) -> None:
        assert opened.page.clock() == datetime(2026, 11, 30, 9, tzinfo=UTC)
        assert (await opened.at(LEA).posts("clock", {"move": "back"})).status == 303
        assert (opened.page.clock(), opened.page.clock.ahead) == (NOW, timedelta())

    visit(store, visiting)
    visit(store, later)


def test_a_message_is_shown_as_other_platforms_get_it(store: Store) -> None:
    """Each way that was handed in is offered; what it gives is shown as text."""

    async def visiting(opened: Site) -> None:
        lea = opened.at(LEA)
        card = Card(body=f"Hello **{escape(NASTY)}**", choices=(Choice("Go", "why"),))
        number = opened.stage.post_card(f"direct:{LEA}", key="k", thread=0, card=card)
        shown = await (await opened.client.get(f"{lea.address}/message/{number}")).text()
        assert "Plain text" in shown
        assert f"Hello {NASTY}" in as_read(shown).replace("& lt;", "<")
        data = await (await opened.client.get(f"{lea.address}/message/{number}?as=Card+as+data")).text()
        assert "&#34;says&#34;: &#34;why&#34;" in data
        assert re.search(r"\d{3} characters, \d{3} bytes as sent · 9,000 at most", as_read(data))
        other = await opened.client.get(f"/as/{PAVEL}/direct/message/{number}")
        assert other.status == 404

    visit(store, visiting)


def test_json_is_measured_as_it_is_sent() -> None:
    """Without the spaces that make it readable, in characters and in bytes; other text as it is."""
    assert size_of('{\n  "a": "é"\n}') == "9 characters, 10 bytes as sent"
    assert size_of("é " * 1000) == "2,000 characters, 3,000 bytes as sent"
