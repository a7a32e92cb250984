"""The commands of an operator: check, doctor, gaps, audit, new-key and migrate."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.library import Library
from bot.store import Seal, Store, api_keys, audit, feedback
from bot.store.gaps import record_gap
from tests.commands.conftest import Run
from tests.commands.deployment import PEOPLE_HEADER

SECRET = "x" * 32
NOW = datetime(2027, 3, 15, 9, tzinfo=UTC)


@pytest.fixture
def env(place: Path) -> dict[str, str]:
    return {"DATABASE_URL": f"sqlite:///{place}/t.db", "THROUGHLINE_SECRET": SECRET}


@pytest.fixture
def store(place: Path, env: dict[str, str]) -> Iterator[Store]:
    """The database of the commands, with the playbooks in force."""
    with closing(Store.open(env["DATABASE_URL"], secret=Seal([SECRET]))) as opened:
        opened.migrate()
        Library(opened, place / "playbooks").refresh(NOW)
        yield opened


def gap(store: Store, words: str, askers: int, initiative: str = "time-sheets", locale: str = "en") -> None:
    with store.begin() as tx:
        for asker in range(askers):
            record_gap(
                tx,
                initiative=initiative,
                locale=locale,
                text=words,
                words=words,
                passage="",
                person=f"p{asker}",
                today=NOW.date(),
            )


# check


def test_check_names_every_fault_by_file_and_line_on_standard_output(run: Run, place: Path) -> None:
    (place / "playbooks/parking/initiative.yaml").write_text(
        "id: parking\nname: Parking\npurpose: Why\nserves: [nothing]\nsponsor: nobody\n", encoding="utf-8"
    )
    ended = run("check")
    assert ended.status == 1
    lines = ended.out.splitlines()
    assert any(line.startswith("parking/initiative.yaml:4: error: ") and "nothing" in line for line in lines)
    assert any(line.startswith("parking/initiative.yaml:5: error: ") and "nobody" in line for line in lines)
    for line in lines:
        file, number, level, message = line.split(":", 3)
        assert (place / "playbooks" / file).is_file()
        assert number.isdigit()
        assert level in {" error", " warning"}
        assert message.strip()
    assert ended.err.startswith("1 initiative usable, ")


def test_check_with_only_warnings_is_status_0(run: Run) -> None:
    ended = run("check")
    assert ended.status == 0
    assert ": warning: " in ended.out
    assert ": error: " not in ended.out


@pytest.mark.parametrize("folder", ["nowhere", "empty", "file"])
def test_check_without_a_playbook_is_an_error(run: Run, place: Path, folder: str) -> None:
    (place / "empty").mkdir()
    (place / "file").touch()
    ended = run("check", "--playbooks", folder)
    assert ended.status == 1
    assert ": error: " in ended.out
    assert ended.err == "0 initiatives usable, 1 error, 0 warnings\n"


def test_check_names_a_file_that_is_not_utf8(run: Run, place: Path) -> None:
    (place / "playbooks/parking/faq.md").write_bytes(b"# Fragen\n\n## W\xe4r's das?\n\nJa.\n")
    ended = run("check")
    assert ended.status == 1
    assert "parking/faq.md:3: error: this is not UTF-8" in ended.out


# doctor


def test_a_healthy_deployment_has_nothing_bad(run: Run, place: Path, env: dict[str, str], store: Store) -> None:
    (place / "people.csv").write_text(
        PEOPLE_HEADER + "pm@example.com,Pat,stores,,en,Europe/Lisbon,,\n", encoding="utf-8"
    )
    run("import-people", "people.csv", **env)
    ended = run("doctor", **env)
    assert (ended.status, ended.err) == (0, "")
    assert not [line for line in ended.out.splitlines() if line[:4] not in {"ok  ", "note"}]
    assert "ok    playbooks: parking (live), time-sheets (live); " in ended.out
    assert "ok    database: reachable and up to date (SQLite, for one machine)" in ended.out
    assert "ok    people: 1 in the directory, 0 have left" in ended.out
    assert "note  people: sponsor@example.com is sponsor in a playbook, but not in the directory" in ended.out
    assert "note  people: a playbook makes pm@example.com project-manager, people.csv does not say so" in ended.out


def test_what_is_wrong_comes_with_its_cure(run: Run, place: Path, env: dict[str, str]) -> None:
    (place / "playbooks/parking/initiative.yaml").write_text("id: parking\n", encoding="utf-8")
    (place / "file").touch()
    ended = run("doctor", DATABASE_URL=f"sqlite:///{place}/file/t.db", THROUGHLINE_SECRET="short")
    assert ended.status == 1
    bad = [line for line in ended.out.splitlines() if line.startswith("BAD ")]
    assert any("secret: THROUGHLINE_SECRET is short and can be guessed; use 32" in line for line in bad)
    assert any("playbooks: parking/initiative.yaml:1: error: " in line for line in bad)
    assert any("database: the database file" in line and "Check DATABASE_URL" in line for line in bad)
    assert "note  platforms: none configured; set the variables of Slack or Teams" in ended.out


def test_a_configuration_that_does_not_fit_is_a_finding(run: Run) -> None:
    ended = run("doctor", SLACK_BOT_TOKEN="half")
    assert (ended.status, ended.err) == (1, "")
    assert ended.out.startswith("BAD   configuration: Slack is half configured: SLACK_SIGNING_SECRET is missing")


def test_the_doctor_finds_a_secret_that_opens_nothing(run: Run, env: dict[str, str], store: Store) -> None:
    with store.begin() as tx:
        audit.note(tx, "", "test", "one", NOW)
        audit.chain(tx)
    ended = run("doctor", **{**env, "THROUGHLINE_SECRET": "y" * 32})
    assert ended.status == 1
    assert [line for line in ended.out.splitlines() if line.startswith("BAD ") and "THROUGHLINE_SECRET" in line]


def test_the_doctor_finds_a_broken_audit_trail(run: Run, env: dict[str, str], store: Store) -> None:
    tamper(store)
    ended = run("doctor", **env)
    assert ended.status == 1
    assert "BAD   audit: line 2 was changed or is missing: see 'throughline audit'" in ended.out


# gaps


def test_gaps_are_listed_by_number_of_askers(run: Run, env: dict[str, str], store: Store) -> None:
    gap(store, "who repairs the barrier?", 2, "parking")
    gap(store, "can I pay with gold?", 5)
    ended = run("gaps", **env)
    assert ended.status == 0
    assert [line.split() for line in ended.out.splitlines()] == [
        ["5", "time-sheets", "[en]", "can", "I", "pay", "with", "gold?"],
        ["2", "parking", "[en]", "who", "repairs", "the", "barrier?"],
    ]
    only = run("gaps", "--initiative", "parking", **env)
    assert "barrier" in only.out
    assert "gold" not in only.out


def test_gaps_come_as_a_patch_for_the_faq_of_each_language(run: Run, env: dict[str, str], store: Store) -> None:
    gap(store, "can I pay with gold?", 2)
    gap(store, "# posso pagar\ncom ouro?\x1b[31m", 1, locale="pt")
    ended = run("gaps", "--patch", "--initiative", "time-sheets", **env)
    assert ended.status == 0
    english, portuguese = ended.out.split("<!-- for time-sheets, language pt -->")
    assert english.startswith("<!-- for time-sheets, language en -->\n\n## can I pay with gold?\n")
    assert "## posso pagar com ouro? [31m\n" in portuguese
    assert "\x1b" not in ended.out


def test_gaps_show_which_answers_help(run: Run, env: dict[str, str], store: Store, place: Path) -> None:
    library = Library(store, place / "playbooks")
    library.refresh(NOW)
    passage = next(p for p in library.current.playbooks.initiatives["parking"].passages if p.file.endswith("faq.md"))
    with store.begin() as tx:
        feedback.vote(tx, passage=passage.id, hash=passage.hash, person="p1", helpful=False)
    ended = run("gaps", **env)
    assert "0 / 1    parking/faq.md: How do I register a rental car?" in ended.out


def test_without_gaps_it_says_so(run: Run, env: dict[str, str]) -> None:
    assert run("gaps", **env).out == "No unanswered question is recorded.\n"


def test_gaps_of_an_unknown_initiative_name_those_in_force(run: Run, env: dict[str, str], store: Store) -> None:
    ended = run("gaps", "--initiative", "nope", **env)
    assert (ended.status, ended.out) == (1, "")
    assert ended.err == "throughline: no initiative 'nope' is in force; there is: parking, time-sheets\n"


def test_gaps_never_put_the_folder_of_this_machine_into_force(
    run: Run, env: dict[str, str], store: Store, place: Path
) -> None:
    file = place / "playbooks/parking/initiative.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("Parking by", "Edited"), encoding="utf-8")
    run("gaps", **env)
    library = Library(store, place / "none")
    library.refresh(NOW)
    assert library.current.playbooks.initiatives["parking"].written.name == "Parking by number plate"


# audit


def tamper(store: Store) -> None:
    with store.begin() as tx:
        for day in (1, 2, 3):
            audit.note(tx, "", f"did.{day}", "something", datetime(2027, 3, day, 23, 59, tzinfo=UTC))
        audit.chain(tx)
    with store.begin() as tx:
        tx.execute(text("UPDATE audit SET subject = 'something else' WHERE action = 'did.2'"))


def test_the_audit_trail_says_who_did_what_and_that_it_is_whole(run: Run, env: dict[str, str], store: Store) -> None:
    with store.begin() as tx:
        audit.note(tx, "", "key.made", "dashboard", NOW)
        audit.chain(tx)
        audit.note(tx, "f" * 32, "case.closed", "14", NOW)
    ended = run("audit", **env)
    assert ended.status == 0
    assert ended.out.splitlines() == [
        "     1  2027-03-15 09:00:00Z  (the system)  key.made  dashboard",
        "     -  2027-03-15 09:00:00Z  (erased ffffffff)  case.closed  14",
    ]
    assert ended.err == "The audit trail is whole: 1 line chained, 1 more waiting for the clock to chain them.\n"


def test_the_audit_trail_from_a_day_on(run: Run, env: dict[str, str], store: Store) -> None:
    with store.begin() as tx:
        for day in (14, 15, 16):
            audit.note(tx, "", f"did.{day}", "", datetime(2027, 3, day, 0, 0, tzinfo=UTC))
    out = run("audit", "--since", "2027-03-15", **env).out
    assert [word for word in out.split() if word.startswith("did.")] == ["did.15", "did.16"]


def test_a_changed_line_is_found_and_the_status_is_1(run: Run, env: dict[str, str], store: Store) -> None:
    tamper(store)
    for arguments in ((), ("--since", "2027-03-03")):
        ended = run("audit", *arguments, **env)
        assert ended.status == 1
        assert ended.err.startswith("throughline: The audit trail is broken at line 2: ")
        assert "did.3" in ended.out


def test_a_cut_end_is_found(run: Run, env: dict[str, str], store: Store) -> None:
    tamper(store)
    with store.begin() as tx:
        tx.execute(text("DELETE FROM audit WHERE seq >= 2"))
    assert run("audit", **env).status == 1


# new-key


def test_a_new_key_is_printed_once_and_only_its_fingerprint_is_kept(
    run: Run, env: dict[str, str], store: Store, place: Path
) -> None:
    ended = run("new-key", "--name", "dashboard of finance", **env)
    assert (ended.status, ended.err) == (0, "")
    (key,) = ended.out.splitlines()
    assert len(key) > 40
    with store.read() as tx:
        assert api_keys.key_known(tx, key)
        assert not api_keys.key_known(tx, key[:-1])
    for file in place.glob("t.db*"):
        assert key.encode() not in file.read_bytes()
    assert "key.made  dashboard of finance" in run("audit", **env).out
    assert run("new-key", **env).out != ended.out


# migrate


def test_migrate_makes_the_database_and_does_nothing_the_second_time(run: Run, place: Path) -> None:
    for _ in range(2):
        ended = run("migrate")
        assert (ended.status, ended.out, ended.err) == (0, "The database is up to date.\n", "")
    assert sorted(p.name for p in (place / "var").iterdir()) == ["secret", "throughline.db"]
    for file in (place / "var").iterdir():
        assert file.stat().st_mode & 0o077 == 0
