"""One good, minimal playbook in memory, from which the tests make broken ones by small edits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType

import pytest

from bot.playbook.load import Checked, check

TODAY = date(2027, 1, 15)

GOOD = {
    "strategy.yaml": """\
goals:
  - {id: faster-service, name: Answer the same day, description: Customers wait too long.}
""",
    "units.yaml": """\
units:
  - id: corporate
    name: Corporate functions
    timezone: Europe/Lisbon
    owner: head@example.com
  - id: payroll
    name: Payroll
    timezone: Europe/Lisbon
    parent: corporate
    owner: lead@example.com
    country: PT
    holidays: [2027-05-01]
""",
    "policy.yaml": """\
off: [read-marks]
off_in: {payroll: [interaction-counts]}
""",
    "people.csv": """\
email,name,unit,manager,locale,timezone,roles,start_date
lead@example.com,Lea Dias,payroll,,en,Europe/Lisbon,employee,2020-01-01
agent@example.com,Rui Melo,payroll,lead@example.com,pt,Europe/Lisbon,employee,
""",
    "pulse/readiness.yaml": """\
id: readiness
name: Am I ready?
questions:
  - {id: can-do, text: I can do it., type: scale, min: 1, max: 5, labels: {1: no, 5: fully}}
  - {id: help, text: Did you get help?, type: choice, options: [yes, no], if: {can-do: "<= 2"}}
""",
    "pushback/workload.md": """\
---
owner: pm@example.com
reviewed: 2027-01-02
---
# Too much to do

## How it sounds
- When should I do that?

## Ask first
What could wait?

## What helps
A substitute.
""",
    "time-sheets/initiative.yaml": """\
id: time-sheets
name: One time sheet for everyone
purpose: Three systems keep us from closing the month.
serves: [faster-service]
sponsor: sponsor@example.com
project_manager: pm@example.com
phase: build
units:
  - id: payroll
    changes: You close the month in one system.
change_agents: {payroll: [agent@example.com]}
decisions:
  - {id: supplier, what: Which supplier, status: made, when: 2026-09-01, by: sponsor@example.com}
  - {id: who-pilots, what: Who pilots, status: open, until: 2027-02-15, by: pm@example.com}
audiences:
  payroll-users: {units: [payroll], roles: [employee]}
channels: [leaders]
kpis:
  - id: close-days
    name: Days to close
    unit: days
    direction: down
    baseline: 9
    target: 5
    due: 2027-12-31
    owner: lead@example.com
milestones:
  - id: pilot-start
    name: Pilot starts
    date: 2027-02-01
    owner: pm@example.com
    done_when: Payroll books in it.
    audience: payroll-users
    units: [payroll]
risks:
  - {id: late-data, risk: Old data arrives late., response: A rehearsal., impact: high}
governance:
  decides: The board
  obligations: [{id: works-council, name: Agreement, every: 12 months}]
pulses:
  - template: readiness
    schedule: 14 days after pilot-start
    audience: payroll-users
    rules: [{when: "can-do < 3", propose: training session}]
learning:
  sessions:
    - {id: basics, name: The basics, when: 2027-01-25T10:00, audience: payroll-users}
  lessons:
    - {id: first-sheet, name: Your first sheet, page: lesson.md}
""",
    "time-sheets/initiative.pt.yaml": """\
name: Uma folha de horas para todos
milestones:
  - {id: pilot-start, name: Início do piloto}
""",
    "time-sheets/faq.md": """\
---
owner: pm@example.com
reviewed: 2027-01-02
---
# Questions

## What happens to my job?
Nothing.

## Who decided this?
The board.

## Is it final?
Yes.

## What happened last time?
It failed.

## What if it fails?
We go back.

## What do I lose?
The old macros. More in [the lesson](lesson.md#first-steps).

## What is recorded about me?
Your hours.

## When will I have time for this?
On Fridays.

## Whom do I call?
The service desk.
""",
    "time-sheets/lesson.md": """\
---
reviewed: 2027-01-02
audience: payroll-users
units: [payroll]
---
# Your first sheet

## First steps
Open it.
""",
    "time-sheets/lesson.pt.md": """\
---
reviewed: 2027-01-03
---
# A primeira folha

## Primeiros passos
Abra.
""",
}

Edit = Callable[..., dict[str, bytes]]


def edited(file: str, old: str = "", new: str | bytes | None = None) -> dict[str, bytes]:
    """The good playbook with one file changed: `old` replaced by `new`, or the whole file if `old` is empty."""
    files = {name: text.encode() for name, text in GOOD.items()}
    if old:
        assert files[file].count(old.encode()) == 1, f"{old!r} does not stand once in {file}"
        files[file] = files[file].replace(old.encode(), new if isinstance(new, bytes) else (new or "").encode())
    elif new is None:
        del files[file]
    else:
        files[file] = new if isinstance(new, bytes) else new.encode()
    return files


@pytest.fixture
def good() -> dict[str, bytes]:
    return {name: text.encode() for name, text in GOOD.items()}


@pytest.fixture(scope="session")
def pristine() -> Mapping[str, bytes]:
    """The good playbook for tests that run many times and change nothing of it."""
    return MappingProxyType({name: text.encode() for name, text in GOOD.items()})


@pytest.fixture
def edit() -> Edit:
    return edited


@pytest.fixture
def checked() -> Callable[[dict[str, bytes]], Checked]:
    return lambda files: check(files, TODAY)
