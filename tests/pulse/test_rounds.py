"""Rounds by their schedule: begun once, by whomever; held up and missed ones; who is asked and who is not."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import select, update

from bot import pulse, retention
from bot.playbook.initiative_file import Obligation
from bot.playbook.shared_files import Policy
from bot.pulse.leading import coarse
from bot.pulse.obligations import is_met, met_until
from bot.pulse.rounds import barred
from bot.store import Store, milestones, obligations, participation, people, surveys, tables
from bot.store.erasing import erase
from bot.store.exporting import export
from bot.store.obligations import Met
from bot.store.participation import Asked
from bot.store.subject import still_readable, subject
from bot.store.surveys import Round
from bot.words import Words
from tests.transcripts.test_transcripts import HERE
from tests.world import World, world

SHOPS = HERE / "playbooks" / "shops"
MONDAY = datetime(2027, 3, 1, 15, tzinfo=UTC)
TUESDAY = datetime(2027, 3, 2, 9, 30, tzinfo=UTC)
STAFF = ("lea", "max", "otto", "uwe", "bia", "dev")
Opens = Callable[..., AbstractContextManager[World]]


@pytest.fixture
def shops(store: Store, tmp_path: Path) -> Opens:
    """Opens the shops on the Monday before the first round, with changed files, everybody known on the platform."""

    @contextmanager
    def opened(**edits: tuple[str, str]) -> Iterator[World]:
        folder = tmp_path / "playbooks"
        shutil.copytree(SHOPS, folder)
        for name, (old, new) in edits.items():
            file = folder / {"tills": "tills/initiative.yaml", "mood": "pulse/mood.yaml"}.get(name, f"{name}.yaml")
            text = file.read_text(encoding="utf-8")
            assert old in text
            file.write_text(text.replace(old, new), encoding="utf-8")
        with world(store, folder, MONDAY) as here:
            for name in (*STAFF, "pavel"):
                here.says(name, "thanks")
            due(here, MONDAY)
            yield here

    return opened


def due(here: World, now: datetime) -> int:
    """What the clock brings of surveys at this moment."""
    return pulse.due(here.store, here.library.current.playbooks, now)


def begun(here: World) -> list[Round]:
    """All rounds, the newest first."""
    with here.store.read() as tx:
        return surveys.rounds(tx)


def key_of(here: World, name: str) -> str:
    """The key of somebody."""
    with here.store.read() as tx:
        found = people.person_by_email(tx, f"{name}@example.com")
    assert found is not None
    return found.key


def asked(here: World, round: Round) -> dict[str, Asked]:
    """Who is asked, by the name of the account."""
    with here.store.read() as tx:
        by_key = participation.people_by_key(tx, [one.person for one in participation.asked(tx, round.id)])
        return {by_key[one.person].email.split("@")[0]: one for one in participation.asked(tx, round.id)}


def queued(here: World, prefix: str) -> list[str]:
    """The keys of what is queued and begins so."""
    with here.store.read() as tx:
        keys = tx.scalars(select(tables.delivery.c.key).where(tables.delivery.c.action == "post")).all()
    return [key for key in keys if key.startswith(prefix)]


def test_several_clocks_begin_a_round_once(shops: Opens) -> None:
    """However many ticks come at the same time, there is one round, and everybody is invited once."""
    with shops() as here:
        together = Barrier(3)

        def tick() -> int:
            together.wait()
            return due(here, TUESDAY)

        with ThreadPoolExecutor(3) as clocks:
            jobs = [clocks.submit(tick) for _ in range(3)]
            for job in jobs:
                job.result()
        due(here, TUESDAY + timedelta(minutes=1))

        assert len(begun(here)) == 1
        assert sorted(asked(here, begun(here)[0])) == sorted(STAFF)
        assert len([key for key in queued(here, "survey:1:") if "begun" not in key]) == len(STAFF)


def test_it_closes_by_the_clock_of_its_zone(shops: Opens) -> None:
    """Begun two hours late, it closes two weeks after the time of its schedule, at the same reading of the clock, over
    the change to summer time too."""
    with shops(tills=("closes_after_days: 14", "closes_after_days: 28")) as here:
        due(here, TUESDAY + timedelta(hours=2))

        assert begun(here)[0].closes_at == datetime(2027, 3, 30, 8, 30, tzinfo=UTC)


def test_one_that_was_missed_by_more_than_a_day_is_asked_about(shops: Opens) -> None:
    """Nobody is surprised in the night afterwards: the project manager is asked, once."""
    with shops() as here:
        due(here, TUESDAY + timedelta(hours=25))
        due(here, TUESDAY + timedelta(hours=26))

        assert begun(here) == []
        assert [key for key in queued(here, "survey:tills:mood") if key.endswith(":missed")] == [
            "survey:tills:mood:all-affected:2027-03-02T09:30:missed"
        ]


def test_it_counts_from_the_date_that_is_in_force(shops: Opens) -> None:
    """A milestone that was moved in chat takes the survey with it."""
    edit = ("every 3 weeks on Tuesday at 09:30", "5 days after tills-live")
    with shops(tills=edit) as here:
        with here.store.begin() as tx:
            milestones.move(tx, "tills", "tills-live", date(2027, 3, 10), date(2027, 9, 1))
        due(here, datetime(2027, 3, 14, 12, tzinfo=UTC))
        before = begun(here)
        due(here, datetime(2027, 3, 15, 9, 1, tzinfo=UTC))

        assert before == []
        assert len(begun(here)) == 1


@pytest.mark.parametrize(
    ("file", "edit", "told"),
    [
        ("tills", ("phase: build", "phase: build\nstatus: draft"), False),
        ("tills", ("phase: build", "phase: build\nstatus: pilot\npilot: {units: [shop]}"), True),
        ("mood", ("minimum_group: 5", "minimum_group: 7"), True),
        ("tills", ("evidence: The signed agreement", "before: [pulse], evidence: The signed agreement"), True),
    ],
)
def test_what_holds_it_up_is_told_once(shops: Opens, file: str, edit: tuple[str, str], told: bool) -> None:
    """Too few, an obligation: no round, and one word to the project manager; of a draft nobody hears anything."""
    with shops(**{file: edit}) as here:
        due(here, TUESDAY)
        due(here, TUESDAY + timedelta(minutes=1))

        assert begun(here) == []
        assert len([key for key in queued(here, "survey:tills") if key.endswith(":not")]) == int(told)


def test_names_only_where_the_policy_allows_it(shops: Opens) -> None:
    """A survey with names is not begun where the organisation has switched that off, and leaves out units that have."""
    with shops(mood=("anonymous: true", "anonymous: false")) as here:
        due(here, TUESDAY)

        (round,) = begun(here)
        assert round.named
        assert sorted(asked(here, round)) == ["dev", "lea", "max", "otto", "uwe"]


def test_names_nowhere_where_the_policy_forbids_it(shops: Opens) -> None:
    """No round at all."""
    with shops(
        mood=("anonymous: true", "anonymous: false"), policy=("off_in:", "off: [named-surveys]\noff_in:")
    ) as here:
        due(here, TUESDAY)

        assert begun(here) == []


def test_who_is_not_asked(shops: Opens) -> None:
    """Nobody who has left, wants none of this kind or none at all."""
    with shops(tills=("template: mood", "template: seats")) as here:
        with here.store.begin() as tx:
            people.mark_left(tx, [key_of(here, "uwe")], MONDAY)
            people.set_setting(tx, key_of(here, "max"), "never-surveys", "readiness,seats")
            people.set_setting(tx, key_of(here, "otto"), "off", "wins,surveys")
        due(here, TUESDAY)

        assert sorted(asked(here, begun(here)[0])) == ["dev", "lea"]


def test_nobody_is_asked_by_two_surveys_in_a_week(shops: Opens) -> None:
    """Who was asked on Tuesday is spared on the Monday after, and can be asked on the one after that."""
    second = "{template: seats, schedule: every week on Monday at 10:00, timezone: Europe/Lisbon, start: 2027-03-08}"
    with shops(tills=("closes_after_days: 14}", f"closes_after_days: 14}}\n  - {second}")) as here:
        due(here, TUESDAY)
        due(here, TUESDAY + timedelta(days=6, hours=1))
        monday = [one.template for one in begun(here)]
        due(here, TUESDAY + timedelta(days=13, hours=1))

        assert monday == ["mood"]
        assert [one.template for one in begun(here)] == ["seats", "mood"]


def test_a_round_keeps_what_it_asks(shops: Opens) -> None:
    """A file that is edited while it is open changes nothing, in no language."""
    with shops() as here:
        due(here, TUESDAY)
        (here.folder / "pulse/mood.yaml").unlink()
        (here.folder / "pulse/mood.pt.yaml").unlink()

        with here.store.read() as tx:
            kept = surveys.snapshot(tx, 1)

        assert kept is not None
        assert kept.text("en").questions[0].text == "The new tills help me."
        assert kept.text("pt-BR").name == "Como está indo?"
        assert kept.template.questions[0].labels == {1: "not at all", 5: "a lot"}


def test_reminders_go_only_to_who_has_not_answered(shops: Opens) -> None:
    """And what waits for somebody who answers is gone without a trace."""
    with shops() as here:
        due(here, TUESDAY)
        for hours in (0, 4):  # in the morning of São Paulo too
            here.time = TUESDAY + timedelta(hours=hours)
            here.core.tick(here.time)
            here.drain()
        with here.store.begin() as tx:
            assert participation.answered(tx, 1, key_of(here, "lea"))
            assert not participation.answered(tx, 1, key_of(here, "lea"))
            people.mark_left(tx, [key_of(here, "uwe")], MONDAY)
        friday = TUESDAY + timedelta(days=3, hours=6)
        due(here, friday)
        due(here, friday)
        reminded = sorted(key for key in queued(here, "survey:1:") if key.endswith(":1"))
        with here.store.begin() as tx:
            participation.answered(tx, 1, key_of(here, "max"))

        assert reminded == sorted(f"survey:1:{key_of(here, name)}:1" for name in ("max", "otto", "bia", "dev"))
        assert f"survey:1:{key_of(here, 'max')}:1" not in queued(here, "survey:1:")
        assert {asked(here, begun(here)[0])[name].state for name in ("lea", "max")} == {"answered"}


def test_the_unit_is_that_of_the_beginning(shops: Opens) -> None:
    """Whoever moves meanwhile counts where they were asked."""
    with shops() as here:
        due(here, TUESDAY)
        with here.store.begin() as tx:
            tx.execute(update(tables.person).where(tables.person.c.email == "lea@example.com").values(unit="depot"))

        assert asked(here, begun(here)[0])["lea"].unit == "shop"


def test_what_was_queued_is_not_sent_after_the_close(shops: Opens) -> None:
    """An invitation that still waits when the round closes is deleted."""
    with shops() as here:
        due(here, TUESDAY)
        waiting = len([key for key in queued(here, "survey:1:") if "begun" not in key])
        due(here, TUESDAY + timedelta(days=14))

        assert waiting == len(STAFF)
        assert [key for key in queued(here, "survey:1:") if key.count(":") == 2 and "begun" not in key] == []
        assert begun(here)[0].state in ("closed", "destroyed")


def test_participation_is_exported_and_goes_with_the_person(shops: Opens) -> None:
    """The person's rows are shown and erased; how many were asked stays as it was."""
    with shops() as here:
        due(here, TUESDAY)
        with here.store.begin() as tx:
            whose = subject(tx, "lea@example.com")
            assert whose is not None
            shown = export(tx, whose, lambda card: card.body)["short surveys"]
            erase(tx, whose, {"": "pavel@example.com"}, MONDAY)
            left = still_readable(tx, whose)

        assert shown == [{"id": 1, "initiative": "tills", "template": "mood", "unit": "shop", "state": "asked"}]
        assert left == {}
        assert sorted(asked(here, begun(here)[0])) == sorted(set(STAFF) - {"lea"})
        assert begun(here)[0].asked == len(STAFF)


def test_rounds_are_deleted_after_their_time(shops: Opens) -> None:
    """Closed ones when concerns are; an open one never."""
    with shops() as here:
        due(here, TUESDAY)
        later = TUESDAY + timedelta(days=800)
        with here.store.begin() as tx:
            retention.purge(tx, Policy(), later)
        still = len(begun(here))
        due(here, TUESDAY + timedelta(days=14))
        with here.store.begin() as tx:
            retention.purge(tx, Policy(), later)

        assert (still, begun(here)) == (1, [])


def test_how_far_it_is_is_told_coarsely() -> None:
    """From five on, in fives."""
    words = Words("en")

    assert coarse(words, 4, 30) == "Fewer than five of 30 have answered so far."
    assert coarse(words, 14, 30) == "At least 10 of 30 have answered."
    assert coarse(words, 0, 2) == "2 people are asked."


def test_an_obligation_that_repeats_lapses() -> None:
    """Met on the last day of January it holds until the day before the last one of February, or a year."""
    monthly = Obligation.model_validate({"id": "proof", "name": "Proof", "every": "1 month"})
    yearly = Obligation.model_validate({"id": "proof", "name": "Proof", "every": "12 months"})
    met = {"proof": Met("proof", date(2027, 1, 31), "")}

    assert met_until(monthly, date(2027, 1, 31)) == date(2027, 2, 27)
    assert is_met(yearly, met, date(2028, 1, 30))
    assert not is_met(yearly, met, date(2028, 1, 31))
    assert not is_met(yearly, {}, date(2027, 2, 1))
    assert met_until(Obligation.model_validate({"id": "proof", "name": "Proof"}), date(2027, 1, 31)) is None


def test_a_round_begins_again_once_the_obligation_is_met(shops: Opens) -> None:
    """What was held up is not made up for; the next one comes."""
    with shops(tills=("evidence: The signed agreement", "before: [pulse], evidence: The signed agreement")) as here:
        due(here, TUESDAY)
        with here.store.begin() as tx:
            obligations.report(tx, "tills", "council", "Signed.", key_of(here, "pavel"), date(2027, 3, 3))
        due(here, TUESDAY + timedelta(days=1))
        before = begun(here)
        due(here, TUESDAY + timedelta(days=21))

        assert before == []
        assert len(begun(here)) == 1


def test_who_can_answer(shops: Opens) -> None:
    """Only who is asked, has not answered and is still there, until the minute it closes."""
    with shops() as here:
        due(here, TUESDAY)
        (round,) = begun(here)
        lea = asked(here, round)["lea"]
        with here.store.read() as tx:
            person = people.person(tx, lea.person)
        assert person is not None

        assert barred(round, lea, person, round.closes_at - timedelta(seconds=1)) == ""
        assert barred(round, lea, person, round.closes_at) == "closed"
        assert barred(round, None, person, TUESDAY) == "not-asked"
