"""`people.csv`: every kind of bad row is found on its line, and one bad row spoils no other."""

from __future__ import annotations

import time
from datetime import date
from datetime import time as clock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.people.people_file import PeopleFile, read_people

UNITS = ("corporate", "payroll", "field-sales")
HEADER = "email,name,unit,manager,locale,timezone,roles,start_date"
LONG_HEADER = HEADER + ",location,working_days,working_hours"
ANA = "ana@example.com,Ana Sousa,corporate,,pt,Europe/Lisbon,employee;admin,2019-05-01"
RUI = "rui@example.com,Rui Melo,payroll,ana@example.com,en,America/Sao_Paulo,employee,"


def people(*rows: str, header: str = HEADER) -> PeopleFile:
    return read_people("\n".join([header, *rows, ""]).encode(), UNITS)


def faults(found: PeopleFile) -> list[tuple[int, str]]:
    assert all(fault.file == "people.csv" and fault.level == "error" for fault in found.faults)
    return [(fault.line, fault.message) for fault in found.faults]


def test_good_rows_are_read_as_written() -> None:
    found = people(ANA, "", RUI)
    assert found.faults == ()
    ana, rui = found.rows
    assert (ana.email, ana.name, ana.unit, ana.manager, ana.locale) == (
        "ana@example.com",
        "Ana Sousa",
        "corporate",
        "",
        "pt",
    )
    assert (ana.timezone, ana.roles, ana.start_date, ana.line) == (
        "Europe/Lisbon",
        ("employee", "admin"),
        date(2019, 5, 1),
        2,
    )
    assert (rui.manager, rui.start_date, rui.line) == ("ana@example.com", None, 4)
    assert (rui.location, rui.working_days, rui.working_hours) == ("", (), None)


def test_working_time_and_place_are_optional_columns() -> None:
    (row,) = people(ANA + ",Lisbon,wed;mon;tue,22:00-06:00", header=LONG_HEADER).rows
    assert (row.location, row.working_days) == ("Lisbon", ("mon", "tue", "wed"))
    assert row.working_hours is not None
    assert (row.working_hours.start, row.working_hours.until) == (clock(22), clock(6))
    (row,) = people(ANA + ",Porto", header=HEADER + ",location").rows
    assert (row.location, row.working_hours) == ("Porto", None)


def test_capitals_byte_order_mark_and_line_ends_do_not_matter() -> None:
    text = f"\ufeff{HEADER}\r\nANA@Example.COM,Ana,,,,,,\r\nrui@example.com,Rui,,Ana@EXAMPLE.com,,,Employee,\r\n"
    found = read_people(text.encode(), UNITS)
    assert found.faults == ()
    assert [(row.email, row.manager, row.roles) for row in found.rows] == [
        ("ana@example.com", "", ()),
        ("rui@example.com", "ana@example.com", ("employee",)),
    ]


def test_only_the_address_is_needed_and_a_manager_may_come_later() -> None:
    found = people("rui@example.com,,,ana@example.com,,,,", "ana@example.com,,,,,,,")
    assert found.faults == ()
    assert len(found.rows) == 2


def test_unknown_units_are_not_judged() -> None:
    assert read_people(f"{HEADER}\na@example.com,A,moon,,,,,\n".encode(), None).faults == ()


BAD = [
    ("no address", ",Rui,payroll,,,,,", "the address is missing"),
    ("malformed address", "rui,Rui,payroll,,,,,", "'rui' is not an e-mail address"),
    ("address with a space", "rui melo@example.com,Rui,payroll,,,,,", "is not an e-mail address"),
    ("address too long", "r" * 250 + "@example.com,Rui,payroll,,,,,", "is not an e-mail address"),
    ("address twice", "Ana@Example.com,Ana,payroll,,,,,", "'ana@example.com' stands already on line 2"),
    ("unknown unit", "rui@example.com,Rui,pay-roll,,,,,", "no unit 'pay-roll' in units.yaml; did you mean 'payroll'?"),
    ("unknown role", "rui@example.com,Rui,payroll,,,,employee;boss,", "'boss' is none of the roles employee"),
    ("unknown zone", "rui@example.com,Rui,payroll,,,Europe/Lisboa,,", "'Europe/Lisboa' is not a time zone"),
    ("zone out of the folder", "rui@example.com,Rui,payroll,,,../../etc/passwd,,", "is not a time zone"),
    ("unknown manager", "rui@example.com,Rui,payroll,ann@example.com,,,,", "'ann@example.com' is not in this file; "),
    ("malformed manager", "rui@example.com,Rui,payroll,Ana Sousa,,,,", "the manager 'Ana Sousa' is not an e-mail"),
    ("own manager", "rui@example.com,Rui,payroll,RUI@example.com,,,,", "run in a circle"),
    ("no date", "rui@example.com,Rui,payroll,,,,,2020-02-30", "'2020-02-30' is not a date"),
    ("date in another form", "rui@example.com,Rui,payroll,,,,,01/05/2019", "'01/05/2019' is not a date"),
    ("formula =", 'rui@example.com,"=HYPERLINK(""x"")",payroll,,,,,', "begins like a formula"),
    ("formula +", "rui@example.com,+1,payroll,,,,,", "begins like a formula"),
    ("formula -", "rui@example.com,-1,payroll,,,,,", "begins like a formula"),
    ("formula @", "rui@example.com, @SUM,payroll,,,,,", "begins like a formula"),
    ("column too few", "rui@example.com,Rui,payroll,,,,", "7 columns instead of 8"),
    ("column too many", "rui@example.com,Melo, Rui,payroll,,,,,", "9 columns instead of 8"),
    ("control character", "rui@example.com,R\x00ui,payroll,,,,,", "a control character in this row"),
    ("quote in the middle", 'rui@example.com,"Rui" Melo,payroll,,,,,', 'a quote (") in the wrong place'),
    ("quote never closed", 'rui@example.com,"Rui,payroll,,,,,', "never closed"),
    ("huge field", "rui@example.com," + "x" * 200_000 + ",payroll,,,,,", "a field of more than"),
    ("lone carriage return", "rui@example.com,Rui\rMelo,payroll,,,,,", "a single carriage return"),
]


@pytest.mark.parametrize(("row", "message"), [case[1:] for case in BAD], ids=[case[0] for case in BAD])
def test_a_bad_row_is_named_by_its_line_and_left_out(row: str, message: str) -> None:
    found = people(ANA, row)
    assert [line for line, _ in faults(found)] == [3], faults(found)
    assert message in faults(found)[0][1]
    assert [person.email for person in found.rows] == ["ana@example.com"]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (RUI + ",,tuesday,", "'tuesday' is not a weekday"),
        (RUI + ",,,9-17", "'9-17' are no working hours"),
        (RUI + ",,,09:00-25:00", "'09:00-25:00' are no working hours"),
    ],
)
def test_bad_working_time_is_named(row: str, message: str) -> None:
    found = people(ANA + ",,,", row, header=LONG_HEADER)
    assert [line for line, _ in faults(found)] == [3]
    assert message in faults(found)[0][1]


def test_a_row_that_is_not_utf8_is_bad_and_no_other() -> None:
    content = f"{HEADER}\n{ANA}\njo\xe3o@example.com,Jo\xe3o,payroll,,,,,\n".encode("latin-1") + RUI.encode()
    found = read_people(content, UNITS)
    assert faults(found) == [(3, "this row is not UTF-8; save the file as UTF-8")]
    assert [row.email for row in found.rows] == ["ana@example.com", "rui@example.com"]


def test_everybody_in_a_circle_of_managers_is_named_and_those_below_are_not() -> None:
    found = people(
        "a@example.com,,,b@example.com,,,,",
        "b@example.com,,,c@example.com,,,,",
        "c@example.com,,,a@example.com,,,,",
        "d@example.com,,,a@example.com,,,,",
        "e@example.com,,,,,,,",
    )
    assert [line for line, message in faults(found) if "circle" in message] == [2, 3, 4]
    assert [row.email for row in found.rows] == ["d@example.com", "e@example.com"]


def test_a_manager_on_a_bad_row_is_known_all_the_same() -> None:
    for bad in ("ana@example.com,Ana,moon,,,,,", "ana@example.com,Ana", 'ana@example.com,"A"na,,,,,,'):
        found = people(bad, RUI)
        assert [line for line, _ in faults(found)] == [2]
        assert [row.email for row in found.rows] == ["rui@example.com"]


def test_every_problem_of_a_row_is_one_fault() -> None:
    found = people("rui@example.com,=Rui,moon,ana@example.com,,Mars,boss,soon")
    assert [line for line, _ in faults(found)] == [2] * 6


def test_a_row_begins_where_its_first_field_does() -> None:
    found = people('ana@example.com,"Ana\n\nSousa",moon,,,,,', "rui@example.com,Rui,sun,,,,,")
    assert [line for line, _ in faults(found)] == [2, 5]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "the first line must be the header"),
        (f"{ANA}\n{RUI}\n".encode(), "the first line must be the header"),
        (HEADER.replace(",", ";").encode(), "the first line must be the header"),
        (HEADER.replace("roles,", "").encode(), "the first line must be the header"),
        (f"{HEADER},email\n".encode(), "a column stands twice"),
        (f"{HEADER},locations\n".encode(), "unknown column 'locations'; did you mean 'location'?"),
        (f"{HEADER}\n{ANA}\n".encode("utf-16"), "the first line must be the header"),
        (f"{HEADER}\r{ANA}\r".encode(), "the first line must be the header"),
    ],
)
def test_a_file_without_its_header_is_refused_whole(content: bytes, message: str) -> None:
    found = read_people(content, UNITS)
    assert found.rows == ()
    assert [fault.line for fault in found.faults] == [1]
    assert message in found.faults[0].message


def test_faults_name_the_file_that_was_given() -> None:
    assert read_people(b"", UNITS, file="staff.csv").faults[0].file == "staff.csv"


@given(st.binary(max_size=200) | st.text(alphabet='a@.,"\n\r;=-\x00\xff', max_size=200).map(str.encode))
@settings(max_examples=200, deadline=None)
def test_any_bytes_below_the_header_are_read_without_an_exception(content: bytes) -> None:
    found = read_people(HEADER.encode() + b"\n" + content, UNITS)
    assert all(fault.line >= 1 for fault in found.faults)
    assert {row.line for row in found.rows}.isdisjoint(fault.line for fault in found.faults)


@pytest.mark.parametrize(
    "rows",
    [
        b'"' * 4_000_000,
        b"," * 4_000_000,
        b"".join(b"a%d@x.de,,,a%d@x.de,,,,\n" % (n, n + 1) for n in range(30_000)),
        b"".join(b"a%d@x.de,,y,,,Z%d,boss,\n" % (n, n) for n in range(15_000)),
    ],
    ids=["quotes", "commas", "a chain of managers", "bad rows"],
)
def test_big_files_take_bounded_time(rows: bytes) -> None:
    begun = time.process_time()
    assert read_people(HEADER.encode() + b"\n" + rows, UNITS).faults
    assert time.process_time() - begun < 20
