"""What the documents show: files, commands and what they print, taken out of the Markdown as a reader sees them."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
_FILE = re.compile(r"^`playbooks/(?P<name>[^`]+)`:\n\n```\w*\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_CONSOLE = re.compile(r"^```console\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_ROW = re.compile(r"^\| *`(?P<name>[^`]+)`", re.MULTILINE)


def document(name: str) -> str:
    """The text of a document of this project."""
    return (ROOT / name).read_text(encoding="utf-8")


def files_in_order(text: str) -> list[tuple[int, str, bytes]]:
    """The playbook files that a document shows whole: where each stands, its path in the folder, and its content."""
    return [(found.start(), found["name"], found["text"].encode()) for found in _FILE.finditer(text)]


def consoles(text: str) -> list[tuple[int, str, str]]:
    """The commands with their output: where each stands, the command without its `$`, and what is printed."""
    shown = []
    for found in _CONSOLE.finditer(text):
        command, _, printed = found["text"].partition("\n")
        shown.append((found.start(), command.removeprefix("$ "), printed.strip()))
    return shown


def named_in_rows(text: str) -> set[str]:
    """What stands in code at the beginning of the rows of tables, without what follows its first word."""
    return {re.split(r"[ \[]", found["name"])[0] for found in _ROW.finditer(text)}
