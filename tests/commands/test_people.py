"""`throughline import-people`: the file is the whole directory, and a bad row never does harm."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.store import Seal, Store
from bot.store.people import PersonRecord, directory
from tests.commands.conftest import Run
from tests.commands.deployment import PEOPLE_HEADER, Ended

ANA = "ana@example.com,Ana Reis,payroll,,pt,Europe/Lisbon,,2024-01-08\n"
BEN = "ben@example.com,Ben Ohm,stores,ana@example.com,en,Europe/Lisbon,employee;admin,\n"
CARA = "cara@example.com,Cara Dey,stores,,en,Europe/Lisbon,,\n"
People = Callable[[], dict[str, PersonRecord]]
Import = Callable[..., Ended]


@pytest.fixture
def env(database_url: str) -> dict[str, str]:
    return {"DATABASE_URL": database_url, "THROUGHLINE_SECRET": "x" * 32}


@pytest.fixture
def people(env: dict[str, str]) -> Iterator[People]:
    """Everybody in the database, by address."""
    with closing(Store.open(env["DATABASE_URL"], secret=Seal([env["THROUGHLINE_SECRET"]]))) as store:

        def people() -> dict[str, PersonRecord]:
            with store.read() as tx:
                return {record.email: record for record in directory(tx)}

        yield people


@pytest.fixture
def take(run: Run, place: Path, env: dict[str, str]) -> Import:
    """Imports a file with these rows."""

    def take(*rows: str | bytes, options: tuple[str, ...] = ()) -> Ended:
        raw = b"".join(row if isinstance(row, bytes) else row.encode() for row in rows)
        (place / "staff.csv").write_bytes(raw)
        return run("import-people", "staff.csv", *options, **env)

    return take


def test_people_come_in_with_all_that_is_written_of_them(take: Import, people: People) -> None:
    ended = take(PEOPLE_HEADER, BEN, ANA)
    assert (ended.status, ended.err) == (0, "")
    assert ended.out == "2 people imported, 0 marked as left, 0 rows rejected\n"
    ben = people()["ben@example.com"]
    assert (ben.name, ben.unit, ben.manager, ben.locale) == ("Ben Ohm", "stores", "ana@example.com", "en")
    assert (ben.timezone, ben.roles, ben.listed) == ("Europe/Lisbon", ("employee", "admin"), True)


def test_who_is_missing_is_marked_as_left_and_listed_but_never_deleted(take: Import, people: People) -> None:
    take(PEOPLE_HEADER, ANA, BEN, CARA)
    before = people()
    ended = take(PEOPLE_HEADER, ANA)
    assert ended.status == 0
    assert ended.out.splitlines() == [
        "left: ben@example.com",
        "left: cara@example.com",
        "1 people imported, 2 marked as left, 0 rows rejected",
    ]
    after = people()
    assert {address: person.listed for address, person in after.items()} == {
        "ana@example.com": True,
        "ben@example.com": False,
        "cara@example.com": False,
    }
    assert after["ben@example.com"].key == before["ben@example.com"].key
    assert take(PEOPLE_HEADER, ANA, BEN).out.splitlines()[0] == "2 people imported, 0 marked as left, 0 rows rejected"
    assert people()["ben@example.com"].listed


def test_with_one_bad_row_nothing_at_all_is_imported(take: Import, people: People) -> None:
    take(PEOPLE_HEADER, ANA, BEN)
    before = people()
    ended = take(PEOPLE_HEADER, ANA.replace("Reis", "Changed"), BEN.replace("stores", "nowhere"), CARA)
    assert (ended.status, ended.out) == (1, "")
    assert ended.err.splitlines()[0].startswith("staff.csv:3: error: no unit 'nowhere' in units.yaml")
    assert ended.err.splitlines()[-1] == ("throughline: nothing was imported; mend the rows above, or use --skip-bad")
    assert people() == before


def test_every_bad_row_is_named_with_its_line(take: Import) -> None:
    ended = take(
        PEOPLE_HEADER, ANA, "x,,,,,,,\n", BEN, "=y@example.com,=1+1,payroll,,,Mars/Base,king,soon\n", b"\xff,,\n"
    )
    lines = [line.split(": ")[0] for line in ended.err.splitlines()[:-1]]
    assert sorted(set(lines)) == ["staff.csv:3", "staff.csv:5", "staff.csv:6"]
    assert len([line for line in lines if line == "staff.csv:5"]) >= 4


def test_with_skip_bad_who_stands_on_a_bad_row_stays_as_before(take: Import, people: People) -> None:
    take(PEOPLE_HEADER, ANA, BEN, CARA)
    before = people()
    ended = take(
        PEOPLE_HEADER, ANA.replace("payroll", "stores"), BEN.replace("stores", "nowhere"), options=("--skip-bad",)
    )
    assert ended.status == 0
    assert ended.err.startswith("staff.csv:3: error: ")
    assert ended.out.splitlines() == ["left: cara@example.com", "1 people imported, 1 marked as left, 1 row rejected"]
    after = people()
    assert after["ben@example.com"] == before["ben@example.com"]
    assert after["ana@example.com"].unit == "stores"
    assert not after["cara@example.com"].listed


def test_a_file_without_a_good_row_never_empties_the_directory(take: Import, people: People) -> None:
    take(PEOPLE_HEADER, ANA)
    for rows, says in [
        ((PEOPLE_HEADER,), "the file has no row"),
        ((PEOPLE_HEADER, ANA.replace("payroll", "nowhere")), "mend the rows above"),
        (("a,b\n", "1,2\n"), "mend the rows above"),
        ((), "mend the rows above"),
    ]:
        ended = take(*rows, options=("--skip-bad",))
        assert ended.status == 1
        assert ended.err.splitlines()[-1] == f"throughline: nothing was imported; {says}"
    assert people()["ana@example.com"].listed


def test_a_file_from_a_spreadsheet_is_read(take: Import, people: People) -> None:
    ended = take(
        b"\xef\xbb\xbf",
        PEOPLE_HEADER.replace("\n", "\r\n"),
        ANA.replace("Ana Reis", '"Reis, Ana"').replace("\n", "\r\n"),
    )
    assert ended.status == 0
    assert people()["ana@example.com"].name == "Reis, Ana"


def test_without_units_nothing_can_be_checked_and_nothing_is_imported(run: Run, place: Path) -> None:
    (place / "staff.csv").write_text(PEOPLE_HEADER + ANA, encoding="utf-8")
    ended = run("import-people", "staff.csv", "--playbooks", "nowhere")
    assert (ended.status, ended.out) == (1, "")
    assert "there are no units in nowhere/units.yaml" in ended.err


def test_an_import_stands_in_the_audit_trail(take: Import, run: Run, env: dict[str, str]) -> None:
    take(PEOPLE_HEADER, ANA, BEN)
    assert "people.imported  2 people, 0 left" in run("audit", **env).out
