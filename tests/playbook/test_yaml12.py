"""YAML as YAML 1.2: what is a word, where it stands, and what is refused in bounded time."""

from __future__ import annotations

import time

import pytest

from bot.playbook.text import Unreadable
from bot.playbook.yaml12 import DEEPEST, MOST_VALUES, Decimal, read


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("off", "off"),
        ("no", "no"),
        ("on", "on"),
        ("yes", "yes"),
        ("True", "True"),
        ("y", "y"),
        ("true", True),
        ("false", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("19:00", "19:00"),
        ("1:20:30", "1:20:30"),
        ("2027-03-15", "2027-03-15"),
        ("2027-03-15T10:00", "2027-03-15T10:00"),
        ("012", "012"),
        ("0o14", "0o14"),
        ("0x1F", "0x1F"),
        ("1_000", "1_000"),
        (".inf", ".inf"),
        (".nan", ".nan"),
        ("<<", "<<"),
        ("=", "="),
        ("5", 5),
        ("-5", -5),
        ("0", 0),
        ("1.5", 1.5),
        ("1e3", 1000.0),
        ("1.", "1."),
        ("9" * 5000, "9" * 5000),
        ('"5"', "5"),
        ("'true'", "true"),
        ("a\u2028b", "a b"),
    ],
)
def test_what_a_plain_value_means(written: str, meant: object) -> None:
    value = read(f"key: {written}\n".encode()).value
    assert value == {"key": meant}
    assert isinstance(value, dict)
    assert isinstance(value["key"], type(meant))


def test_a_number_remembers_how_it_was_written() -> None:
    value = read(b"version: 1.10").value
    assert value == {"version": 1.1}
    assert isinstance(value, dict)
    assert isinstance(value["version"], Decimal)
    assert str(value["version"]) == "1.10"


def test_numbers_are_numbers_as_keys_too_and_everything_else_is_a_word() -> None:
    assert read(b"{1: a, true: b, 2027-01-01: c, on: d}").value == {1: "a", "true": "b", "2027-01-01": "c", "on": "d"}


def test_every_value_knows_its_line() -> None:
    document = read(b"# units\nunits:\n  - id: a\n    name: >\n      long\n      text\n  - {id: b,\n     name: B}\n")
    assert [
        document.line(*path) for path in [("units",), ("units", 0), ("units", 0, "name"), ("units", 1, "name")]
    ] == [2, 3, 4, 8]
    assert document.line("units", 1, "owner") == 7
    assert document.line("nothing") == 2
    assert read(b"", first_line=3).line("nothing") == 1


def test_the_line_counts_from_where_the_text_begins() -> None:
    assert read("a: 1\nb: 2\n", first_line=10).line("b") == 11
    with pytest.raises(Unreadable) as caught:
        read("a: 1\nb: [", first_line=10)
    assert caught.value.line == 11


def test_a_byte_order_mark_and_any_line_end_are_accepted() -> None:
    document = read(b"\xef\xbb\xbfa: 1\r\nb: 2\rc: 3\n")
    assert document.value == {"a": 1, "b": 2, "c": 3}
    assert document.line("c") == 3


def test_an_alias_repeats_a_value_and_its_lines() -> None:
    document = read(b"a: &x\n  k: 1\nb: *x\n")
    assert document.value == {"a": {"k": 1}, "b": {"k": 1}}
    assert document.line("b") == 3
    assert document.line("b", "k") == 2


BOMB = b"a: &a [x,x,x,x,x,x,x,x,x,x]\n" + b"".join(
    b"%c: &%c [%s]\n" % (98 + n, 98 + n, b",".join([b"*%c" % (97 + n)] * 10)) for n in range(12)
)


@pytest.mark.parametrize(
    ("content", "line", "message"),
    [
        (BOMB, 5, f"more than {MOST_VALUES} values"),
        (b"a: &a " + b"x" * 900_000 + b"\nb: [" + b"*a, " * 50_000 + b"*a]", 2, "or too long ones"),
        (b"a: &a [*a]", 1, "within itself"),
        (b"a: 1\nb: *c", 2, "not written above"),
        (b"a: 1\nb: !!python/object/apply:os.system [ls]", 2, "tags are not allowed"),
        (b"a: !!str 5", 1, "tags are not allowed"),
        (b"a: !mine 5", 1, "tags are not allowed"),
        (b"%TAG ! tag:example.com,2000:\n---\na: !x 5", 3, "tags are not allowed"),
        (b"a: 1\nb: 2\na: 3\n", 3, "'a' is given twice"),
        (b"? [a, b]\n: c", 1, "a key must be one plain word"),
        (b"a: 1\n---\nb: 2\n", 2, "second document"),
        (b"a:\n\tb: 1\n", 2, "a tab"),
        (b"a: 1\nb: x: y\n", 2, "in quotes"),
        (b"a: 1\nb: 'x\nc: 3\n", 2, "not closed"),
        (b"a: 1\nb: [x\nc: 3\n", 2, "not closed"),
        (b"a:\n  b: 1\n c: 2\n", 3, "indented"),
        (b"a: 1\nb: \xe9\n", 2, "not UTF-8"),
        ("a: 1\n".encode("utf-16"), 1, "not UTF-8"),
        (b"a: 1\nb: x\x00y\n", 2, "control character"),
        (b'a: "\\0"', 1, "control character"),
        (b'a: "\\ud800"', 1, "not YAML"),
        ("a: \x9c".encode(), 1, "not allowed"),
        (b"a: 1\nb: " + b"x" * 1_000_001, 2, "over 1 MB"),
        (b"[" * 5_000_000, 1, "over 1 MB"),
        ((b"[" * 80 + b"\n") * 60_000, 1, f"more than {DEEPEST} levels"),
        (b"- " * 400_000, 1, f"more than {DEEPEST} levels"),
        (b"{a: " * 200_000, 1, f"more than {DEEPEST} levels"),
        (b"\n".join(b" " * n + b"a:" for n in range(1200)), DEEPEST + 1, f"more than {DEEPEST} levels"),
        (b"- a\n" * 1_000_000, MOST_VALUES, f"more than {MOST_VALUES} values"),
        (b"a0: &a0 [x]\n" + b"".join(b"a%d: &a%d [*a%d]\n" % (n, n, n - 1) for n in range(1, 400)), DEEPEST, "levels"),
    ],
)
def test_what_is_refused_and_where_in_bounded_time(content: bytes, line: int, message: str) -> None:
    begun = time.process_time()
    with pytest.raises(Unreadable) as caught:
        read(content)
    assert time.process_time() - begun < 5
    assert caught.value.line == line
    assert message in caught.value.message
