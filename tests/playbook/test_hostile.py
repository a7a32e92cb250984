"""Whatever is in the files, checking returns: no exception, bounded time, and faults that can be printed."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.playbook.load import Checked, assemble, check

TODAY = date(2027, 1, 15)
NAMES = (
    "strategy.yaml",
    "units.yaml",
    "policy.yaml",
    "people.csv",
    "pulse/readiness.yaml",
    "pulse/readiness.pt.yaml",
    "pushback/workload.md",
    "time-sheets/initiative.yaml",
    "time-sheets/initiative.pt.yaml",
    "time-sheets/faq.md",
    "time-sheets/lesson.pt.md",
)
NASTY = (
    *(b"", b"\x00", b"\xff", b"\xef\xbb\xbf", b"\r", b"\t", b"---\n", b"...\n", b"```", b"## ", b"# \n", b"- ", b"? "),
    *(b"[", b"]", b"{", b"}", b": ", b"&a ", b"*a", b"!!x ", b"<<: ", b"|\n", b">\n", b"'", b'"', b"%", b"@", b"null"),
    *(b"true", b"-1", b"1e99", b"9" * 30, b"<b>", b"[a](", b"](//[)", b"[a](../../x.md)", b"[a](http://[)", b"<@U1>"),
    *(b"Also asked: ", b"|", b"\xe2\x80\xa8", b"\xc2\x9b", b"\xe2\x80\xae", b",,,", b"id: x\n", b"\n  - {id: x}\n"),
    *(b"0 0 31 2 *", b"every 0 weeks on X at 99:99", b"99999 days after x", b"a < b", b"[[" * 40, b"{a: " * 40),
)
WORDS = st.text(max_size=8) | st.sampled_from(["a", "x-y", "2027-01-01"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=12,
)
EDITS = st.lists(st.tuples(st.integers(0, 3000), st.integers(0, 9), st.sampled_from(NASTY)), max_size=4)
KEYS = (
    *("units", "serves", "milestones", "kpis", "risks", "decisions", "audiences", "channels", "pulses", "learning"),
    *("governance", "change_agents", "pilot", "scope", "systems", "support", "contacts", "resources", "budget", "sla"),
    *("id", "name", "phase", "language", "messaging", "after", "goals", "questions", "off", "off_in", "keep_days"),
)


def holds(files: Mapping[str, bytes]) -> Checked:
    """What is true of every check, whatever the files."""
    result = check(files, TODAY)
    assert list(result.faults) == sorted(result.faults)
    for fault in result.faults:
        assert fault.line >= 1
        assert fault.message
        assert str(fault).isprintable()
    for initiative in result.playbooks.initiatives.values():
        assert initiative.id not in result.broken
        assert all("\0" not in passage.body + passage.heading for passage in initiative.passages)
    assemble(files)
    return result


@given(st.sampled_from(NAMES), st.binary(max_size=300))
@settings(max_examples=100, deadline=None)
def test_random_bytes_in_any_file(pristine: Mapping[str, bytes], name: str, content: bytes) -> None:
    holds({**pristine, name: content})


@given(st.sampled_from(NAMES), EDITS)
@settings(max_examples=250, deadline=None)
def test_random_edits_of_a_good_playbook(
    pristine: Mapping[str, bytes], name: str, edits: list[tuple[int, int, bytes]]
) -> None:
    content = pristine.get(name, b"id: time-sheets\n")
    for place, cut, token in edits:
        at = place % (len(content) + 1)
        content = content[:at] + token + content[at + cut :]
    holds({**pristine, name: content})


@given(
    st.sampled_from([name for name in NAMES if name.endswith(".yaml")]),
    st.dictionaries(st.sampled_from(KEYS), JSON, max_size=3),
)
@settings(max_examples=200, deadline=None)
def test_any_value_behind_any_key(pristine: Mapping[str, bytes], name: str, added: dict[str, object]) -> None:
    lines = [line for line in pristine.get(name, b"").decode().split("\n") if line.split(":")[0] not in added]
    text = "\n".join([*lines, *(f"{key}: {json.dumps(value)}" for key, value in added.items())])
    holds({**pristine, name: text.encode("utf-8", errors="replace")})


@given(st.dictionaries(st.sampled_from([*NAMES, "x.md", "x/y.md", "x/y/z.yaml", ".", "x"]), st.binary(max_size=40)))
@settings(max_examples=100, deadline=None)
def test_any_set_of_files(files: dict[str, bytes]) -> None:
    holds(files)


BIG = {
    "a hundred thousand headings": ("time-sheets/why.md", b"# h\n" * 99_999),
    "more lines than a page has": ("time-sheets/why.md", b"# h\n\nx\n\n" * 100_000),
    "five megabytes of brackets": ("time-sheets/why.md", b"[" * 5_000_000),
    "brackets on many lines": ("time-sheets/why.md", (b"[" * 80 + b"\n") * 20_000),
    "links into nothing": ("time-sheets/why.md", b"".join(b"[a](b%d.md)\n\n" % n for n in range(20_000))),
    "deep quotes": ("time-sheets/why.md", b"> " * 20_000 + b"a"),
    "deep lists": ("time-sheets/why.md", b"\n".join(b" " * n + b"- a" for n in range(800))),
    "one long heading": ("time-sheets/why.md", b"# " + b"*a ![" * 100_000),
    "questions alike": ("time-sheets/faq.md", b"## q\n\nx\n\n" * 10_000),
    "questions like patterns": ("time-sheets/faq.md", b"## " + b"if when who where " * 20_000 + b"\nx\n"),
    "yaml of brackets": ("time-sheets/initiative.yaml", (b"[" * 80 + b"\n") * 60_000),
    "units above units": (
        "units.yaml",
        b"units:\n" + b"".join(b"  - {id: u%d, parent: u%d}\n" % (n, n + 1) for n in range(15_000)),
    ),
    "unknown keys": ("policy.yaml", b"".join(b"k%d: 1\n" % n for n in range(20_000))),
    "an address without end": ("units.yaml", b"units: [{id: a, timezone: UTC, owner: a@" + b".a" * 400_000 + b"@}]"),
    "quotes in people": ("people.csv", b'"' * 4_000_000),
    "people above people": (
        "people.csv",
        b"email,name,unit,manager,locale,timezone,roles,start_date\n"
        + b"".join(b"a%d@x.de,,,a%d@x.de,,,,\n" % (n, n + 1) for n in range(20_000)),
    ),
}


@pytest.mark.parametrize("case", list(BIG))
def test_big_files_take_bounded_time(pristine: Mapping[str, bytes], case: str) -> None:
    name, content = BIG[case]
    begun = time.process_time()
    result = check({**pristine, name: content}, TODAY)
    assert time.process_time() - begun < 30
    assert result.broken or "time-sheets" in result.playbooks.initiatives
