"""Whole conversations as text files: what people do, and below it exactly what the bot posts.

A file is read from top to bottom. Lines at the margin are what happens, indented lines what is posted then:

    @playbooks NAME            the sample playbooks ('sample') or a folder of tests/transcripts/playbooks
    @now 2026-11-23 09:00 Europe/Lisbon
    @later 7 days              time passes (days or hours)
    @restart                   the process ends and another one begins
    @person eva name="Eva Stone" guest=yes   somebody who is not in people.csv
    @edit FILE: OLD => NEW     a playbook file is changed while the bot runs
    @import                    people.csv is imported again: who is missing in it has left
    lena: hello                Lena writes to the bot directly
    lena in sales: when        Lena mentions the bot in a channel (…-shared: guests read there)
    lena presses: More         Lena presses the newest button of this name
    lena presses again: More   the same event is delivered once more (a retry)
    lena submits answer 14: text=Yes.; name=named    Lena hands in a form

Here they run on SQLite, before Slack on PostgreSQL, and before Teams on SQLite (tests/adapters).

`UPDATE_TRANSCRIPTS=1 make test ARGS=tests/transcripts` writes what was posted into the files: read it aloud.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.serving import import_sample_people
from bot.store import Store
from tests.world import SAMPLE, World, world

HERE = Path(__file__).parent
FILES = sorted(HERE.glob("*.txt"))
UPDATE = os.environ.get("UPDATE_TRANSCRIPTS") == "1"
ACTION = re.compile(r"^(\w+)(?: in ([\w-]+))?(?: (presses again|presses|submits [^:]+))?: ?(.*)$", re.DOTALL)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_transcript_is_what_is_said(file: Path, store: Store, tmp_path: Path) -> None:
    """Every line the bot says in the file is what it says today, and it says nothing else."""
    written = file.read_text(encoding="utf-8")

    said = replay(written, store, tmp_path)

    if by_place(written) == by_place(said):
        return
    if UPDATE:
        file.write_text(said, encoding="utf-8")
    assert written == said


def by_place(script: str) -> list[str]:
    """The script with what is posted at once put in order by where it goes, since what goes to several people at once
    goes in no order."""
    steps: list[list[list[str]]] = []
    for line in script.splitlines():
        if not line.startswith("  "):
            steps.append([[line]])
        elif re.fullmatch(r"  to [\w-]+:", line):
            steps[-1].append([line])
        else:
            steps[-1][-1].append(line)
    return [line for step in steps for part in (step[0], *sorted(step[1:], key=lambda one: one[0])) for line in part]


def replay(script: str, store: Store, scratch: Path) -> str:
    """The script with what is posted now below each line."""
    lines = [line for line in script.splitlines() if not line.startswith("  ")]
    settings = [line for line in lines if line.startswith(("@playbooks", "@now"))]
    folder = scratch / "playbooks"
    name = next((line.split()[1] for line in settings if line.startswith("@playbooks")), "sample")
    shutil.copytree(SAMPLE if name == "sample" else HERE / "playbooks" / name, folder)
    now = next((line for line in settings if line.startswith("@now")), "@now 2026-11-23 09:00 Europe/Lisbon")
    out: list[str] = []
    with world(store, folder, _moment(now)) as here:
        for line in lines:
            if not line.strip() and out and not out[-1].strip():
                continue
            out.append(line)
            posted = [] if line.startswith("#") or line in settings or not line.strip() else _do(here, line)
            out += [f"  {text}".rstrip() if text else "  ." for message in posted for text in _shown(message)]
    return "\n".join(out).rstrip() + "\n"


def _moment(line: str) -> datetime:
    _, day, time, zone = line.split()
    return datetime.fromisoformat(f"{day}T{time}").replace(tzinfo=ZoneInfo(zone))


def _do(here: World, line: str) -> list[dict[str, Any]]:
    if line.startswith("@"):
        _direct(here, line)
        return []
    found = ACTION.match(line)
    assert found, f"this line says nothing: {line!r}"
    who, where, how, text = found[1], found[2] or "", found[3] or "", found[4].replace("\\n", "\n")
    if how == "presses":
        return here.presses(who, text, where)
    if how == "presses again":
        says = here.button(who, text, where)
        again = here.payload(who, where, press=says)
        here.hear(again)
        before = len(here.platform.posted)
        here.hear(again)
        return [{"to": p.conversation, **m} for p, m in here.platform.posted[before:]]
    if how.startswith("submits"):
        answers = dict(part.strip().split("=", 1) for part in text.split(";"))
        return here.fills(who, how.removeprefix("submits "), answers, where)
    return here.says(who, text, where)


def _direct(here: World, line: str) -> None:
    word, _, rest = line[1:].partition(" ")
    if word == "later":
        count, unit = rest.split()
        here.time += timedelta(**{unit: int(count)})
        here.core.tick(here.time)
    elif word == "restart":
        here.start()
    elif word == "person":
        name, *fields = shlex.split(rest)
        known = dict(field.split("=", 1) for field in fields)
        here.accounts[name] = {k: v == "yes" if v in ("yes", "no") else v for k, v in known.items()}
        here.platform.accounts.add(name)
    elif word == "edit":
        file, _, change = rest.partition(": ")
        old, new = change.split(" => ")
        path = here.folder / file
        content = path.read_text(encoding="utf-8")
        assert old in content, f"{file} does not hold {old!r}"
        path.write_text(content.replace(old, new), encoding="utf-8")
        here.library.refresh(here.time)
    elif word == "import":
        import_sample_people(here.store, here.library, here.folder, here.time)
    else:
        raise AssertionError(f"unknown direction: {line}")


def _shown(message: dict[str, Any]) -> list[str]:
    buttons = " ".join(f"[{button['label']}]" for button in message["buttons"])
    text = [line if line.strip() else "" for line in message["text"].splitlines()]
    return [f"to {message['to'].removeprefix('direct:')}:", *text, *([buttons] if buttons else [])]
