"""The commands export-person and erase-person."""

from __future__ import annotations

import json
import sqlite3
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.commands import persons
from bot.library import Library
from bot.messages import Card, Person, Place, Post
from bot.store import Seal, Session, Store, accounts, audit, case_history, cases, deliveries, people, tables
from tests.commands.conftest import Run
from tests.commands.deployment import PEOPLE_HEADER
from tests.world import SAMPLE, World

SECRET = "x" * 32
NOW = datetime(2027, 3, 15, 9, tzinfo=UTC)
ANA = Person("slack", "T1", "UANA", name="Ana Souza", email="ana@example.com")
HERE = Place("slack", "T1", "DANA")
PEOPLE = PEOPLE_HEADER + (
    "ana@example.com,Ana Souza,payroll,,en,Europe/Lisbon,employee,2020-01-01\n"
    "pm@example.com,Pia Mendes,payroll,,en,Europe/Lisbon,project-manager,2020-01-01\n"
)


@pytest.fixture
def env(place: Path) -> dict[str, str]:
    return {"DATABASE_URL": f"sqlite:///{place}/t.db", "THROUGHLINE_SECRET": SECRET}


@pytest.fixture
def store(place: Path, env: dict[str, str], run: Run) -> Iterator[Store]:
    """The database of the commands, with the playbooks in force and two people."""
    (place / "people.csv").write_text(PEOPLE, encoding="utf-8")
    assert run("import-people", "people.csv", **env).status == 0
    with closing(Store.open(env["DATABASE_URL"], secret=Seal([SECRET]))) as opened:
        Library(opened, place / "playbooks").refresh(NOW)
        with opened.begin() as tx:
            accounts.identify(tx, ANA, NOW)
        yield opened


def key_of(tx: Session, address: str) -> str:
    found = people.person_by_email(tx, address)
    assert found
    return found.key


def raise_case(store: Store, text: str, named: bool, owner: str = "pm@example.com") -> None:
    """Ana asks something; its owner gets a card, answers, and that is noted as the bot does."""
    with store.begin() as tx:
        ana, leader = key_of(tx, "ana@example.com"), key_of(tx, owner)
        case = case_history.open_case(
            tx,
            kind="concern",
            initiative="time-sheets",
            unit="",
            text=text,
            asker=ana if named else None,
            reply_to=HERE,
            owner=owner,
            due_at=NOW,
            now=NOW,
        )
        if named:
            audit.note(tx, ana, "case.opened", f"case {case.number}", NOW)
        audit.note(tx, leader, "case.answered", f"case {case.number}", NOW)
        card = Card(body=text)
        answer = Post(key=f"answer:{case.number}", card=card, place=HERE, reply=True)
        deliveries.enqueue(tx, [Post(key=f"case:{case.number}:asked", card=card, person=leader), answer], NOW)


def test_an_export_is_json_with_what_is_stored(run: Run, store: Store, env: dict[str, str]) -> None:
    raise_case(store, "Who pays the old macro?", named=True)
    ended = run("export-person", " Ana@Example.com ", **env)
    assert ended.status == 0, ended.err
    found = json.loads(ended.out)
    assert found["directory"][0]["name"] == "Ana Souza"
    assert found["accounts"][0]["account"] == "UANA"
    (case,) = found["questions and concerns raised"]
    assert case["text"] == "Who pays the old macro?"
    assert found["audit trail"] == [{"on": "2027-03-15", "did": "case.opened"}]


def test_an_export_goes_to_a_file_that_only_its_user_can_read(
    run: Run, store: Store, place: Path, env: dict[str, str]
) -> None:
    out = place / "ana.json"
    out.write_text("before")
    out.chmod(0o644)
    ended = run("export-person", "ana@example.com", "--out", str(out), **env)
    assert (ended.status, ended.out) == (0, "")
    assert json.loads(out.read_text())["person"] == "ana@example.com"
    assert stat.S_IMODE(out.stat().st_mode) == 0o600


@pytest.mark.parametrize("address", ["ana@example.com", "pm@example.com"], ids=["author", "owner"])
def test_without_a_name_changes_nothing_in_an_export(
    run: Run, store: Store, env: dict[str, str], address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.cli.clock.now", lambda: NOW)
    raise_case(store, "Who pays the old macro?", named=True)
    before = run("export-person", address, **env).out
    raise_case(store, "My manager hides the numbers.", named=False)
    assert run("export-person", address, **env).out == before


def test_a_talk_without_a_name_changes_nothing_in_an_export_of_anybody_in_it(tmp_path: Path) -> None:
    def exports() -> list[str]:
        with talking.store.begin() as tx:
            found = (persons.known(tx, f"{name}@example.com") for name in ("brian.kowalczyk", "nuno.falcao"))
            return [persons.exported(tx, whose, lambda card: card.body, talking.time) for whose in found]

    with (
        closing(Store.open(f"sqlite:///{tmp_path}/w.db", secret=Seal([SECRET]))) as opened,
        ThreadPoolExecutor(2) as pool,
    ):
        opened.migrate()
        talking = World(opened, SAMPLE, NOW, pool)
        talking.says("brian", "is there a canteen near the training room?")
        talking.says("nuno", "questions")
        before = exports()
        talking.presses("brian", "Ask without my name")
        talking.says("nuno", "answer 10001 On the second floor.")
        talking.presses("brian", "Thanks, that answers it")
        with opened.read() as tx:
            case = cases.case_by_number(tx, 10001)
        assert case
        assert case.state == "resolved"
        assert exports() == before


@pytest.mark.parametrize("address", ["ana@example.com", "pm@example.com"], ids=["author", "owner"])
def test_without_a_name_changes_nothing_in_what_an_erasure_says(
    run: Run, store: Store, env: dict[str, str], place: Path, address: str
) -> None:
    raise_case(store, "Who pays the old macro?", named=True)
    with closing(sqlite3.connect(place / "t.db")) as connection:
        connection.execute("VACUUM INTO ?", [str(place / "other.db")])
    raise_case(store, "My manager hides the numbers.", named=False)
    other = {**env, "DATABASE_URL": f"sqlite:///{place}/other.db"}
    with_one, without = run("erase-person", address, "--yes", **env), run("erase-person", address, "--yes", **other)
    assert with_one.status == 0, with_one.err
    assert with_one == without
    with store.read() as tx:
        (number,) = tx.scalars(
            select(tables.case.c.number)
            .where(tables.case.c.asker.is_(None))
            .order_by("number")
            .offset(address == "ana@example.com")
        )
        case = cases.case_by_number(tx, number)
    assert case
    assert (case.text, case.reply_to) == ("My manager hides the numbers.", HERE)


def test_an_erasure_says_what_to_hand_over_and_where_to_edit(
    run: Run, store: Store, place: Path, env: dict[str, str]
) -> None:
    (place / "playbooks/people.csv").write_text(PEOPLE, encoding="utf-8")
    raise_case(store, "Who pays the old macro?", named=True)
    ended = run("erase-person", "PM@example.com", "--yes", **env)
    assert ended.status == 0, ended.err
    assert any(line.startswith("  Parking by number plate: ") for line in ended.err.splitlines())
    assert "1 open case with a name" in ended.err
    assert "  parking/initiative.yaml:7 (project_manager)" in ended.out.splitlines()
    assert "  people.csv:3" in ended.out.splitlines()


def test_the_trail_verifies_afterwards_and_names_nobody(run: Run, store: Store, env: dict[str, str]) -> None:
    raise_case(store, "Who pays the old macro?", named=True)
    with store.begin() as tx:
        audit.chain(tx)
    assert run("erase-person", "ana@example.com", "--yes", **env).status == 0
    ended = run("audit", **env)
    assert ended.status == 0, ended.err
    assert "ana@example.com" not in ended.out
    assert "person.erased" in ended.out


def test_a_second_run_deletes_earlier_versions_of_edited_playbooks(
    run: Run, store: Store, place: Path, env: dict[str, str]
) -> None:
    assert run("erase-person", "pm@example.com", "--yes", **env).status == 0
    for file in place.glob("playbooks/*/initiative.yaml"):
        file.write_text(file.read_text().replace("pm@example.com", "sponsor@example.com"), encoding="utf-8")
    Library(store, place / "playbooks").refresh(NOW)
    ended = run("erase-person", "pm@example.com", "--yes", **env)
    assert (ended.status, ended.out) == (0, "2 earlier versions of playbooks that named pm@example.com deleted.\n")
    assert b"pm@example.com" not in (place / "t.db").read_bytes()
    assert run("erase-person", "pm@example.com", "--yes", **env).status == 1


def test_nobody_is_erased_without_a_word(run: Run, store: Store, env: dict[str, str]) -> None:
    ended = run("erase-person", "ana@example.com", **env)
    assert ended.status == 2
    assert "--yes" in ended.err
    with store.read() as tx:
        assert people.person_by_email(tx, "ana@example.com")


@pytest.mark.parametrize("command", ["export-person", "erase-person"])
def test_an_unknown_address_is_status_1_and_a_plain_line(
    run: Run, store: Store, env: dict[str, str], command: str
) -> None:
    ended = run(command, "nobody@example.com", **env)
    assert (ended.status, ended.out, len(ended.err.splitlines())) == (1, "", 1)
    assert "nobody@example.com" in ended.err


def test_somebody_of_the_same_name_is_pointed_out(run: Run, store: Store, place: Path, env: dict[str, str]) -> None:
    renamed = PEOPLE.replace("ana@example.com", "ana.souza@example.com")
    (place / "people.csv").write_text(renamed, encoding="utf-8")
    assert run("import-people", "people.csv", **env).status == 0
    assert json.loads(run("export-person", "ana@example.com", **env).out)["of the same name"] == [
        "ana.souza@example.com"
    ]
    assert "ana.souza@example.com" in run("erase-person", "ana@example.com", "--yes", **env).err
