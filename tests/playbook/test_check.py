"""The checker on broken playbooks: each is the good one with a small edit, and has exactly the fault that is named."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bot.playbook.load import Checked

Edit = Callable[..., dict[str, bytes]]
Check = Callable[[dict[str, bytes]], Checked]

YAML = "time-sheets/initiative.yaml"
FAQ = "time-sheets/faq.md"
LESSON = "time-sheets/lesson.md"
LESSON_PT = "time-sheets/lesson.pt.md"
TEMPLATE = "pulse/readiness.yaml"
PUSHBACK = "pushback/workload.md"

# file, what is replaced, by what, a part of the message, the line or what stands on it
ERRORS: list[tuple[Any, ...]] = [
    # cannot be read or understood
    (YAML, "phase: build", "phase: [build", "closed", "phase"),
    (YAML, "phase: build", "\tphase: build", "a tab", "\tphase"),
    (YAML, "name: One", "name: Time: One", "in quotes", "name: Time"),
    (YAML, "    changes: You", "   changes: You", "indented", "   changes"),
    (YAML, "phase: build", "phase: build\nphase: pilot", "key 'phase' is given twice", "phase: pilot"),
    (YAML, "phase: build", b"phase: build\n# \xe9t\xe9", "not UTF-8", 8),
    (YAML, "purpose: Three", "purpose: " + "x" * 1_000_001 + " Three", "over 1 MB", "purpose"),
    (YAML, "purpose: Three", "purpose: !!python/object/apply:os.system Three", "tags are not allowed", "purpose"),
    (YAML, "serves: [faster-service]", "serves: &a [*a]", "within itself", "serves"),
    (YAML, "phase: build", "phase: build\n---\nname: Another", "second document", "---"),
    (YAML, "purpose: Three", "purpose: \x07Three", "control character", "purpose"),
    ("units.yaml", "", "", "the file is empty", 1),
    ("units.yaml", "", "- corporate", "must hold keys", 1),
    (FAQ, "---\n# Questions", "# Questions", "never ends", 1),
    (FAQ, "owner: pm@example.com", "owner: [pm", "not YAML", "owner"),
    # an id twice, or not the name of its file
    (
        YAML,
        "id: who-pilots",
        "id: supplier",
        "decision 'supplier' is given twice, first on line 13",
        "{id: supplier, what: Who",
    ),
    (
        YAML,
        "id: first-sheet, name: Your",
        "id: first-sheet, name: A}\n    - {id: first-sheet, name: Your",
        "lesson",
        "name: Your",
    ),
    (
        "units.yaml",
        "  - id: payroll",
        "  - {id: corporate, timezone: UTC, owner: a@example.com}\n  - id: payroll",
        "unit 'corporate' is given twice, first on line 2",
        "{id: corporate",
    ),
    (
        TEMPLATE,
        "  - {id: help",
        "  - {id: can-do, text: Why?, type: text}\n  - {id: help",
        "question 'can-do' is given",
        5,
    ),
    (TEMPLATE, "id: readiness", "id: ready", "not the file's name", 1),
    (YAML, "id: time-sheets", "id: time-sheet", "not the folder's name", 1),
    # something that does not exist
    (
        YAML,
        "serves: [faster-service]",
        "serves: [fast-service]",
        "no goal 'fast-service' in strategy.yaml; did you mean",
        "serves",
    ),
    (
        YAML,
        "  - id: payroll",
        "  - id: pay-roll",
        "no unit 'pay-roll' in units.yaml; did you mean 'payroll'",
        "  - id: pay-roll",
    ),
    (
        YAML,
        "change_agents: {payroll: [agent@example.com]}",
        "change_agents: {payroll: [agent@example.com], sales: []}",
        "no unit 'sales'",
        "change_agents",
    ),
    (YAML, "    units: [payroll]", "    units: [all]", "no unit 'all'", "    units: [all]"),
    (YAML, "{units: [payroll], roles", "{units: [wages], roles", "no unit 'wages'", "payroll-users: {"),
    (YAML, "phase: build", "pilot: {units: [moon]}", "no unit 'moon'", "pilot:"),
    (
        YAML,
        "    audience: payroll-users\n    units",
        "    audience: payrol-users\n    units",
        "no audience 'payrol-users'",
        "audience: payrol",
    ),
    (YAML, "00, audience: payroll-users", "00, audience: public", "no audience 'public'", "id: basics"),
    (
        YAML,
        "template: readiness",
        "template: readyness",
        "no survey template 'readyness' in pulse/; did you mean",
        "template",
    ),
    (
        YAML,
        "page: lesson.md",
        "page: lessons.md",
        "no page 'lessons.md' in this folder; did you mean 'lesson.md'",
        "page",
    ),
    (YAML, "14 days after pilot-start", "14 days after pilot", "no milestone 'pilot' here", "schedule"),
    (YAML, "can-do < 3", "can < 3", "no question 'can' in pulse/readiness.yaml", "can < 3"),
    (TEMPLATE, "{can-do:", "{know-why:", "no question 'know-why' before this one", "Did you"),
    (LESSON, "units: [payroll]", "units: [pay]", "no unit 'pay'", "units"),
    (LESSON, "audience: payroll-users", "audience: everybody", "no audience 'everybody'", "audience"),
    (PUSHBACK, "owner: pm@example.com", "audience: everybody", "no audience 'everybody'", "audience"),
    ("units.yaml", "parent: corporate", "parent: company", "no unit 'company'", "parent"),
    ("units.yaml", "country: PT", "country: XX", "no holidays are known", "country"),
    ("policy.yaml", "{payroll:", "{wages:", "no unit 'wages'", 2),
    # a key that is missing, or holds something else
    (YAML, "name: One time sheet for everyone\n", "", "the key 'name' is missing", 1),
    (YAML, "sponsor: sponsor@example.com", "sponsor:", "the key 'sponsor' is missing", "sponsor:"),
    (YAML, "    owner: pm@example.com\n", "", "milestones 1: the key 'owner' is missing", "- id: pilot-start"),
    ("units.yaml", "    owner: lead@example.com\n", "", "units 2: the key 'owner' is missing", "- id: payroll"),
    (YAML, "serves: [faster-service]", "serves: []", "name at least one", "serves"),
    (YAML, "serves: [faster-service]", "serves: faster-service", "must be a list", "serves"),
    (YAML, "phase: build", "phase: biuld", "none of assess, align, design, prepare, build", "phase"),
    (YAML, "phase: build", "phase: build\nbudget: much", "must hold keys", "budget"),
    (YAML, "baseline: 9", "baseline: nine", "must be a number", "baseline: nine"),
    (YAML, "phase: build", "language: english", "not a language code", "language"),
    (TEMPLATE, "name: Am I ready?", "name: Am I ready?\nanonymous: no", "must be true or false", "anonymous"),
    (TEMPLATE, "name: Am I ready?", "name: Am I ready?\nminimum_group: 3", "at least 5", "minimum_group"),
    (TEMPLATE, "options: [yes, no]", "options: [yes]", "at least two different options", "Did you"),
    (TEMPLATE, "options: [yes, no]", "options: [yes, no, yes]", "the option 'yes' is given twice", "Did you"),
    (TEMPLATE, "min: 1, max: 5", "min: 1, max: 5000", "the scale has 5000 points; at most 100", "can-do, text"),
    (
        YAML,
        "schedule: 14 days after pilot-start",
        "schedule: 14 days after pilot-start\n    closes_after_days: 4000000",
        "must be at most 365",
        "closes_after_days",
    ),
    (TEMPLATE, "min: 1, max: 5", "min: 5, max: 5", "the scale runs from 5 to 5", "can-do, text"),
    ("policy.yaml", "off: [read-marks]", "off: [reed-marks]", "did you mean 'read-marks'", 1),
    # a date, zone, schedule or address that is none
    (YAML, "date: 2027-02-01", "date: 2027-02-30", "'2027-02-30' is not a date", "date: 2027-02-30"),
    (YAML, "until: 2027-02-15", "until: 15.02.2027", "write the date as YEAR-MONTH-DAY", "15.02"),
    (YAML, "when: 2027-01-25T10:00", "when: 2027-01-25", "write the moment", "2027-01-25"),
    (
        YAML,
        "sponsor: sponsor@example.com",
        "sponsor: Ana Sousa",
        "'Ana Sousa' is not an e-mail address",
        "sponsor: Ana",
    ),
    ("units.yaml", "Lisbon\n    parent", "Lisboa\n    parent", "'Europe/Lisboa' is not a time zone", "Lisboa"),
    (YAML, "14 days after pilot-start", "0 9 31 2 *", "never comes", "schedule"),
    (YAML, "14 days after pilot-start", "0 9 * * 8", "the weekday '8' is not a number from 0 to 7", "schedule"),
    (YAML, "14 days after pilot-start", "now and then", "is no schedule: write a schedule as", "schedule"),
    (YAML, "can-do < 3", "can-do is low", "write a comparison", "can-do is low"),
    (YAML, "every: 12 months", "every: other year", "no length of time", "every: other"),
    # reaching outside, executing, platform ids
    (YAML, "page: lesson.md", "page: ../../secret.md", "outside the initiative's folder", "page"),
    (FAQ, "lesson.md#first-steps", "../../etc/passwd", "leaves the playbooks folder", "The old macros"),
    (FAQ, "lesson.md#first-steps", "/etc/passwd", "leaves the playbooks folder", "The old macros"),
    (FAQ, "lesson.md#first-steps", "%2e%2e/%2e%2e/x.md", "leaves the playbooks folder", "The old macros"),
    (FAQ, "lesson.md#first-steps", "javascript:alert(1)", "remove it", "The old macros"),
    (FAQ, "lesson.md#first-steps", "file:///etc/passwd", "remove it", "The old macros"),
    (YAML, "decides: The board", "decides: U0123ABCDE", "platform id 'U0123ABCDE'", "U0123ABCDE"),
    (FAQ, "The service desk.", "Write to 19:abc123@thread.tacv2.", "platform id", "19:abc"),
    (FAQ, "The service desk.", "Ask <@U2147483697>.", "platform id", "Ask <@"),
    # the same question twice, parents in a circle, names that are taken
    (
        FAQ,
        "## Whom",
        "## what happens to MY job\nX.\n\n## Whom",
        "asked twice, first in time-sheets/faq.md:7",
        "MY job",
    ),
    (
        "units.yaml",
        "    owner: head@example.com",
        "    owner: head@example.com\n    parent: corporate",
        "in a circle",
        "parent: corporate",
    ),
    (YAML, "audiences:\n", "audiences:\n  all-affected: {}\n", "always exists", "all-affected"),
    # translations
    ("time-sheets/initiative.pt.yaml", "id: pilot-start", "id: pilot", "the original has no 'pilot' here", "id: pilot"),
    ("time-sheets/initiative.pt.yaml", "id: pilot-start", "id: [a]", "the id is missing", "id: [a]"),
    ("time-sheets/initiative.pt.yaml", "name: Uma", "kpis: soon\nname: Uma", "must be a list as in the original", 1),
    ("time-sheets/initiative.pt.yaml", "name: Uma", "phase: pilot\nname: Uma", "only texts are translated", 1),
    (
        "time-sheets/initiative.pt.yaml",
        "name: Uma",
        "nome: Uma",
        "the original has no 'nome' here; did you mean 'name'",
        1,
    ),
    ("time-sheets/initiative.pt.yaml", "", "name: [", "not YAML", 1),
    (LESSON_PT, "reviewed: 2027-01-03", "audience: public", "the audience must be that of time-sheets/lesson.md", 2),
    # files that are missing
    ("units.yaml", "", None, "there is no units.yaml", 1),
    ("strategy.yaml", "", None, "there is no strategy.yaml", 1),
    (YAML, "", None, "this folder has no initiative.yaml", 1),
]

WARNINGS: list[tuple[Any, ...]] = [
    (
        "pulse/readiness.pt.yaml",
        "",
        "id: readiness\nquestions:\n  - {id: can-do, text: Eu consigo.}\n  - {id: help, options: [sim]}\n",
        "1 of the original's 2 entries are translated here",
        4,
    ),
    (
        "pulse/readiness.pt.yaml",
        "",
        "id: readiness\nquestions:\n  - {id: help, text: Recebeu ajuda?}\n",
        "the question 'can-do' is not translated here",
        2,
    ),
    (
        YAML,
        "phase: build",
        "phase: build\nsponser: x",
        "unknown key 'sponser', nothing reads it; did you mean 'sponsor'",
        "sponser",
    ),
    (
        YAML,
        "{id: late-data, risk",
        "{id: late-data, riks: x, risk",
        "unknown key 'riks', nothing reads it; did you mean 'risk'",
        "riks",
    ),
    (LESSON, "audience: payroll-users", "topics: jobs", "unknown key 'topics'", "topics"),
    (
        YAML,
        "    baseline: 9\n    target: 5\n    due: 2027-12-31\n    owner: lead@example.com\n",
        "    target: 5\n",
        "the KPI 'close-days' has no baseline, no owner, no due date",
        "close-days",
    ),
    (
        YAML,
        "direction: down",
        "direction: up",
        "should go up, but its target 5 does not lie up from 9",
        "direction: up",
    ),
    (YAML, "    done_when: Payroll books in it.\n", "", "does not say when it is done", "- id: pilot-start"),
    (
        YAML,
        "change_agents: {payroll: [agent@example.com]}\n",
        "",
        "the unit 'payroll' has no change agent",
        "  - id: payroll",
    ),
    (YAML, "    changes: You close the month in one system.\n", "", "what changes for 'payroll'", "  - id: payroll"),
    (
        YAML,
        "risks:\n  - {id: late-data, risk: Old data arrives late., response: A rehearsal., impact: high}\n",
        "",
        "no risks",
        1,
    ),
    (YAML, "response: A rehearsal., ", "", "the risk 'late-data' has no response", "late-data"),
    (
        YAML,
        "governance:\n  decides: The board\n  obligations: [{id: works-council, name: Agreement, every: 12 months}]\n",
        "",
        "no governance",
        1,
    ),
    (YAML, ", until: 2027-02-15", "", "the open decision 'who-pilots' has no until", "who-pilots"),
    (YAML, "until: 2027-02-15", "until: 2027-01-14", "was open until 2027-01-14", "who-pilots"),
    (
        YAML,
        "phase: build",
        "phase: build\ncontacts: {harrassment: hr@example.com}",
        "did you mean 'harassment'",
        "contacts",
    ),
    (
        YAML,
        "phase: build",
        "resources: [{what: Testers, from: 2027-02-10, to: 2027-01-10}]",
        "ends before it begins",
        "resources",
    ),
    (FAQ, "reviewed: 2027-01-02", "reviewed: 2026-07-01", "more than 180 days ago", "reviewed"),
    (FAQ, "reviewed: 2027-01-02", "reviewed: 2027-02-01", "still to come", "reviewed"),
    (FAQ, "On Fridays.\n", "", "the answer to 'When will I have time for this?' is empty", "## When"),
    (FAQ, "On Fridays.", "Also asked: where is the time?", "is empty", "## When"),
    (FAQ, "## Who decided this?", "## Why this system?", "everybody asks: who decided this", (YAML, 1)),
    (FAQ, "On Fridays.", "On <b>Fridays</b>.", "HTML ('<b>') is shown as text", "<b>"),
    (FAQ, "On Fridays.", "<script>\nalert(1)\n</script>", "HTML ('<script>')", "<script>"),
    (
        FAQ,
        "lesson.md#first-steps",
        "lessons.md",
        "there is no 'time-sheets/lessons.md'; did you mean 'time-sheets/lesson.md'",
        "The old macros",
    ),
    (FAQ, "lesson.md#first-steps", "lesson.md#second-steps", "has no such heading", "The old macros"),
    (FAQ, "lesson.md#first-steps", "#the-moon", "has no such heading", "The old macros"),
    (LESSON, "Open it.\n", "", "nothing is written under 'First steps'", "## First"),
    (
        LESSON_PT,
        "reviewed: 2027-01-03",
        "reviewed: 2027-01-01",
        "reviewed before its original (2027-01-02)",
        "reviewed",
    ),
    (LESSON_PT, "## Primeiros passos\nAbra.\n", "Abra.\n", "1 headings, 2 in the original", 1),
    ("time-sheets/other.pt.md", "", "# X\n\nText.\n", "translates time-sheets/other.md, which is not there", 1),
    ("time-sheets/faq-more.md", "", "# X\n\nText.\n", "write each question as a heading with ##", 1),
    ("time-sheets/initiativ.yaml", "", "a: 1\n", "nothing reads this file; did you mean 'initiative.yaml'", 1),
    ("unit.yaml", "", "a: 1\n", "nothing reads this file; did you mean 'units.yaml'", 1),
    (PUSHBACK, "## Ask first", "## Ask", "the section 'Ask first' is missing", 1),
]


def line_of(files: dict[str, bytes], file: str, at: int | str) -> int:
    """The line that `at` names: a number, or the first line in the file that holds the text."""
    if isinstance(at, int):
        return at
    lines = files[file].decode().split("\n")
    return next(number for number, line in enumerate(lines, start=1) if at.strip("\n") in line)


def names(cases: list[tuple[Any, ...]]) -> list[str]:
    """The cases' names: a number, and what the message says."""
    return [f"{number} {case[3]}" for number, case in enumerate(cases)]


@pytest.mark.parametrize(("file", "old", "new", "message", "at"), ERRORS, ids=names(ERRORS))
def test_an_error_is_the_only_one_and_names_its_line(
    edit: Edit, checked: Check, file: str, old: str, new: str, message: str, at: int | str
) -> None:
    files = edit(file, old, new)
    result = checked(files)
    errors = [fault for fault in result.faults if fault.level == "error"]
    assert len(errors) == 1, [str(fault) for fault in result.faults]
    (fault,) = errors
    assert (fault.file, fault.line) == (file, line_of(files, file, at)), str(fault)
    assert message in fault.message
    assert result.broken == {"time-sheets" if file.startswith("time-sheets/") else ""}


@pytest.mark.parametrize(("file", "old", "new", "message", "at"), WARNINGS, ids=names(WARNINGS))
def test_a_warning_is_the_only_fault_and_breaks_nothing(
    edit: Edit, checked: Check, file: str, old: str, new: str, message: str, at: int | str | tuple[str, int]
) -> None:
    files = edit(file, old, new)
    result = checked(files)
    assert [fault.level for fault in result.faults] == ["warning"], [str(fault) for fault in result.faults]
    (fault,) = result.faults
    there, line = at if isinstance(at, tuple) else (file, line_of(files, file, at))
    assert (fault.file, fault.line) == (there, line), str(fault)
    assert message in fault.message
    assert not result.broken
    assert set(result.playbooks.initiatives) == {"time-sheets"}


def test_the_good_playbook_has_no_fault(good: dict[str, bytes], checked: Check) -> None:
    result = checked(good)
    assert result.faults == ()
    assert result.broken == frozenset()
    assert list(result.playbooks.initiatives) == ["time-sheets"]


def test_a_broken_initiative_leaves_the_other_loaded(good: dict[str, bytes], checked: Check) -> None:
    second = {
        name.replace("time-sheets/", "crm/"): content.replace(b"id: time-sheets", b"id: crm")
        for name, content in good.items()
        if name.startswith("time-sheets/")
    }
    broken = {**good, **second, "time-sheets/initiative.yaml": b"id: ["}
    result = checked(broken)
    assert result.broken == {"time-sheets"}
    assert list(result.playbooks.initiatives) == ["crm"]
    assert {fault.file for fault in result.faults} == {"time-sheets/initiative.yaml"}
    assert len(result.playbooks.initiatives["crm"].passages) > 10


def test_a_broken_shared_file_is_reported_once(good: dict[str, bytes], checked: Check) -> None:
    result = checked({**good, "units.yaml": b"units: [", "strategy.yaml": b"\xff", "pulse/readiness.yaml": b"id: ["})
    assert [fault.file for fault in result.faults] == ["pulse/readiness.yaml", "strategy.yaml", "units.yaml"]
    assert result.broken == {""}
    assert list(result.playbooks.initiatives) == ["time-sheets"]


def test_a_fault_in_one_unit_is_no_fault_of_those_who_name_it(edit: Edit, checked: Check) -> None:
    result = checked(edit("units.yaml", "timezone: Europe/Lisbon\n    parent", "timezone: Moon\n    parent"))
    assert [(fault.file, fault.line) for fault in result.faults] == [("units.yaml", 8)]


def test_an_unreadable_page_is_no_unanswered_question(edit: Edit, checked: Check) -> None:
    result = checked(edit("time-sheets/faq.md", "", b"\xff"))
    assert [(fault.file, fault.level) for fault in result.faults] == [("time-sheets/faq.md", "error")]


def test_all_kinds_of_schedule_and_file_are_accepted(good: dict[str, bytes], checked: Check) -> None:
    for schedule in ("30 9 * * 2", "every 3 weeks on Tuesday at 09:30", "3 days before pilot-start"):
        text = good["time-sheets/initiative.yaml"].replace(b"14 days after pilot-start", schedule.encode())
        files = {**good, "time-sheets/initiative.yaml": text, "README.md": b"# How we work\n"}
        assert checked(files).faults == ()


def test_the_same_question_in_another_language_is_no_repetition(good: dict[str, bytes], checked: Check) -> None:
    files = {
        **good,
        "time-sheets/faq.pt.md": good["time-sheets/faq.md"],
        "time-sheets/faq.de.md": b"# X\n\n## Ja?\nJa.\n",
    }
    faults = [str(fault) for fault in checked(files).faults]
    assert faults == ["time-sheets/faq.de.md:1: warning: 1 questions, 9 in the original; translate the missing ones"]


def test_a_milestone_in_the_past_is_only_odd_while_the_phase_is_early(good: dict[str, bytes], checked: Check) -> None:
    late = good["time-sheets/initiative.yaml"].replace(b"2027-02-01", b"2027-01-14")
    assert checked({**good, "time-sheets/initiative.yaml": late}).faults == ()
    early = late.replace(b"phase: build", b"phase: align")
    (fault,) = checked({**good, "time-sheets/initiative.yaml": early}).faults
    assert (fault.line, fault.level) == (30, "warning")
    assert "lies in the past, but the phase is still align" in fault.message


def test_an_initiative_in_a_language_the_product_does_not_speak_is_not_asked_for_topics(
    edit: Edit, checked: Check
) -> None:
    files = edit("time-sheets/initiative.yaml", "id: time-sheets", "id: time-sheets\nlanguage: ja")
    files["time-sheets/faq.md"] = b"# Q\n\n## Why?\nBecause.\n"
    assert checked(files).faults == ()


def test_nothing_at_all_is_an_error(checked: Check) -> None:
    result = checked({})
    assert [str(fault) for fault in result.faults] == [
        ".:1: error: no initiative here; make a folder with an initiative.yaml"
    ]
    assert result.broken == {""}
