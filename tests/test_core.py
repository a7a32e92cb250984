"""The core through its entry points: many at once, far too long, failing, late, on platforms with forms, over time."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from adapters.local import parse
from bot.store import Store, audit, cases, deliveries, gaps, hearing, people
from bot.turn import Reply, Turn
from tests.world import World, world

SMALL = Path(__file__).parent / "transcripts" / "playbooks" / "small"
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
THREADS = 8


@pytest.fixture
def here(store: Store) -> Iterator[World]:
    """The small organisation, at nine in the morning."""
    with world(store, SMALL, NOW) as made:
        yield made


def texts(messages: list[dict[str, Any]]) -> str:
    """Everything that was posted, as one text."""
    return "\n".join(str(message["text"]) for message in messages)


def test_eight_threads_lose_and_double_nothing(here: World) -> None:
    """The same events on eight threads at once: each is handled once, each question is one case."""
    events = []
    for n in range(24):
        who = ("lea", "otto", "agent")[n % 3]
        events.append(parse(here.payload(who, text=f"ask-owner phones named: Question {n} of {who}?")))

    def hear(start: int) -> None:
        for said in events[start:] + events[:start]:
            assert said is not None
            here.core.accept(said)
            here.core.handle(said)

    with ThreadPoolExecutor(THREADS) as threads:
        list(threads.map(hear, range(THREADS)))

    with here.store.read() as tx:
        people_asking = [people.person_by_email(tx, f"{who}@example.com") for who in ("lea", "otto", "agent")]
        asked = [case for one in people_asking if one for case in cases.cases_asked_by(tx, one.key)]
        assert hearing.counts(tx) == {"handled": 24}
    assert sorted(case.text for case in asked) == sorted(f"Question {n} of {w}?" for n, w in numbered())
    assert len({case.number for case in asked}) == 24


def numbered() -> Iterator[tuple[int, str]]:
    """The questions of the test above."""
    return ((n, ("lea", "otto", "agent")[n % 3]) for n in range(24))


@pytest.mark.parametrize(
    "text",
    [
        "why " * 5_000,
        "x" * 20_000,
        "Can I keep my number? " + "And my colleagues ask me the same every day. " * 500,
        "\u202e\u200b\ufeff why new phones \u0000 \ud800",
        "🙂" * 3_000,
        "-" * 10_000,
        "<!channel> @everyone {name} {0} %s ${x} `rm -rf /`",
        "why {id}",
    ],
    ids=["words", "one word", "a long story", "tricks", "emoji", "dashes", "markup", "braces"],
)
def test_whatever_is_written_gets_a_short_decent_answer(text: str, here: World) -> None:
    """No text is too long or too odd; the answer is short, and nothing of a fault shows."""
    here.says("lea", "hello")

    posted = here.says("lea", text)

    assert len(posted) == 1
    assert 0 < len(posted[0]["text"]) < 2_000
    with here.store.read() as tx:
        assert hearing.counts(tx).keys() == {"handled"}


def test_other_bots_are_not_heard(here: World) -> None:
    """Two bots do not talk to each other, and nothing of it is kept."""
    here.accounts["robot"] = {"name": "Robot", "bot": True}

    assert here.says("robot", "why new phones") == []
    assert here.hear(here.payload("robot", press="why phones")) is not None
    with here.store.read() as tx:
        assert hearing.counts(tx) == {}
        assert here.platform.posted == []


@dataclass(frozen=True)
class Broken:
    """A capability that fails until it is mended."""

    name: str = "why"

    def takes(self, rest: str, turn: Turn) -> bool:
        """Always."""
        return True

    def hear(self, turn: Turn, rest: str) -> Reply:
        """Fails with what was written in its message."""
        raise RuntimeError(f"cannot do: {turn.said.text}")


def test_what_fails_is_tried_again_and_given_up_with_an_apology(here: World, caplog: pytest.LogCaptureFixture) -> None:
    """Nothing accepted is lost: it is tried over hours, then the person is told. The log quotes nobody."""
    here.says("lea", "hello")
    here.core._deciding._capabilities = {**here.core._deciding._capabilities, "why": Broken()}
    said = parse(here.payload("lea", text="why my-secret-worry"))
    assert said is not None
    before = len(here.platform.posted)

    here.core.accept(said)
    here.core.handle(said)
    for _ in range(12):
        here.time += timedelta(hours=1)
        here.core.tick(here.time)
    here.drain()

    with here.store.read() as tx:
        assert hearing.counts(tx) == {"handled": 1, "failed": 1}
    assert [m["text"][:20] for _, m in here.platform.posted[before:]] == ["Something went wrong"]
    assert "RuntimeError" in caplog.text
    assert "my-secret-worry" not in caplog.text


def test_what_fails_once_is_answered_later(here: World) -> None:
    """A passing fault costs time, not the answer."""
    here.says("lea", "hello")
    whole = here.core._deciding._capabilities
    here.core._deciding._capabilities = {**whole, "why": Broken()}
    said = parse(here.payload("lea", text="why new phones"))
    assert said is not None
    here.core.accept(said)
    here.core.handle(said)
    here.core._deciding._capabilities = whole

    here.time += timedelta(minutes=1)
    here.core.tick(here.time)
    here.drain()

    assert "no security updates" in here.platform.posted[-1][1]["text"]


def test_a_press_that_fails_records_nothing_and_is_told_to_the_platform(here: World) -> None:
    """The platform's own error reaches the person, and pressing again works."""
    whole = here.core._deciding._capabilities
    here.core._deciding._capabilities = {**whole, "why": Broken()}
    press = here.payload("lea", press="why phones")
    with pytest.raises(RuntimeError):
        here.hear(press)
    here.core._deciding._capabilities = whole

    handled = here.hear(press)

    assert handled is not None
    assert handled.new


def test_on_a_platform_with_forms_the_form_comes_as_one(store: Store) -> None:
    """The asks arrive together; what is wrong is named at the field, and what was typed is kept."""
    with world(store, SMALL, NOW, forms=frozenset({"local"})) as here:
        opened = here.hear(here.payload("lea", press="ask-owner phones"))
        wrong = here.hear(here.payload("lea", form="ask-owner phones", answers={"text": "", "name": "unnamed"}))
        right = here.hear(here.payload("lea", form="ask-owner phones", answers={"text": "Why?", "name": "named"}))

        assert opened is not None
        assert [ask.name for ask in opened.cards[-1].asks] == ["text", "name"]
        assert wrong is not None
        assert set(wrong.problems) == {"text"}
        assert [ask.value for ask in wrong.cards[-1].asks] == ["", "unnamed"]
        assert right is not None
        assert right.problems == {}
        with store.read() as tx:
            assert [case.text for case in cases.cases_of(tx, "pm@example.com")] == ["Why?"]


def test_a_press_on_a_form_that_has_closed_offers_it_again(here: World) -> None:
    """A week later the button still says what it meant."""
    here.says("lea", "ask-owner phones")
    here.says("lea", "Why?")
    says = here.button("lea", "Without my name")
    here.presses("lea", "Cancel")
    here.time += timedelta(days=8)

    posted = here._new(lambda: here.hear(here.payload("lea", press=says)))

    assert "had closed" in texts(posted)
    assert here.presses("lea", "Open the form again")


def test_a_question_without_a_name_leaves_no_trace_of_who_asked(here: World) -> None:
    """No row names the asker, and the owner is told no name; the answer comes back all the same."""
    here.says("pm", "hello")
    here.says("lea", "new phones: will there be cake?")
    posted = here.presses("lea", "Ask without my name")
    with here.store.read() as tx:
        case = cases.cases_of(tx, "pm@example.com")[0]
        asker = people.person_by_email(tx, "lea@example.com")
        assert asker is not None
        trail = [line.actor for line in audit.lines(tx)]

    assert case.asker is None
    assert case.unit == ""
    assert asker.key not in trail
    assert "Lea" not in texts([m for m in posted if m["to"] == "direct:pm"])
    assert "no. " in texts(here.says("pm", f"answer {case.number} Yes, on Fridays."))
    assert "on Fridays" in here.platform.posted[-1][1]["text"]
    assert here.platform.posted[-1][0].conversation == "direct:lea"


def test_gaps_count_askers_and_forget_who_they_are(here: World) -> None:
    """Two people who ask the same in other words of courtesy are two askers of one gap; one person is one."""
    for who in ("lea", "otto", "lea"):
        here.says(who, "Will there be cake on Fridays?")

    with here.store.read() as tx:
        found = gaps.gaps(tx)

    assert [(gap.text, gap.askers) for gap in found] == [("Will there be cake on Fridays?", 2)]


def test_what_is_for_a_person_is_kept_nowhere(here: World) -> None:
    """Harassment, health, jobs: no gap, no case, no card left in the outbox."""
    for text in ("my boss is bullying me", "i have a burnout", "will i lose my job?"):
        here.says("lea", text)

    with here.store.read() as tx:
        assert gaps.gaps(tx) == []
        assert cases.cases_of(tx, "pm@example.com") == []
        assert deliveries.counts(tx).keys() == {"sent"}


@pytest.mark.parametrize(
    ("chosen", "directory", "text", "language"),
    [
        ("de", "pt", "what changes for me and when?", "de"),
        ("", "pt", "what changes for me and when?", "en"),
        ("", "pt", "why", "pt"),
        ("", "", "why", "en"),
        ("", "pt-BR", "?", "pt"),
        ("", "fr", "why", "en"),
    ],
)
def test_the_language_of_an_answer(chosen: str, directory: str, text: str, language: str, here: World) -> None:
    """Chosen, else the text's where that is sure, else the directory's, else English."""
    here.says("lea", "hello")
    with here.store.begin() as tx:
        found = people.person_by_email(tx, "lea@example.com")
        assert found is not None
        people.set_setting(tx, found.key, "language", chosen)
        people.set_setting(tx, found.key, "welcomed", "")
    here.set_locale("lea@example.com", directory)

    welcome = here.says("lea", text)[0]["text"]

    greeting = {"en": "Hi Lea", "de": "Hallo Lea", "pt": "Oi, Lea"}
    assert welcome.startswith(greeting[language])


def test_old_rows_go_when_their_time_has_come(here: World) -> None:
    """Events after a day, gaps after the days the policy says; the audit trail tells how many."""
    here.says("lea", "Will there be cake on Fridays?")

    here.time += timedelta(days=100)
    here.core.tick(here.time)
    here.core.tick(here.time)

    with here.store.read() as tx:
        assert gaps.gaps(tx) == []
        assert hearing.counts(tx) == {}
        assert [line.action for line in audit.lines(tx)].count("purged") == 1
        assert audit.verify(tx) is None
