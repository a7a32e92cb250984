"""The playbooks folder read into memory: only what belongs to a playbook, and nothing from outside the folder.

It knows file names and bytes, not what they say. A link to a file inside the folder is followed (that is how
mounted configuration looks); a link that leaves the folder, and any link to a folder, is an error.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path

from bot.playbook.fault import Fault

LARGEST_FILE = 5_000_000
LARGEST_FOLDER = 50_000_000
MOST_FILES = 5_000
DEEPEST_FOLDER = 5
_ENDINGS = (".yaml", ".md")
_OTHER_SPELLINGS = (".yml", ".markdown", ".mkd")
_BACKUPS = ("~", ".bak", ".orig", ".swp", ".tmp")


def read_folder(root: Path) -> tuple[dict[str, bytes], tuple[Fault, ...]]:
    """Every file of the playbooks in this folder by its relative path, and a fault for each that cannot be had.

    Never raises: a missing folder is one fault, and a file that vanishes while reading is as if it had not been.
    """
    if not os.path.isdir(root):  # noqa: PTH112 (pathlib's raises where a folder cannot be entered)
        message = f"there is no folder {str(root)!r}; create it, or name the right one with --playbooks"
        return {}, (Fault(".", 1, "error", message),)
    home = Path(os.path.realpath(root))
    files: dict[str, bytes] = {}
    faults: list[Fault] = []
    total = 0
    for name in _names(home, faults):
        if len(files) >= MOST_FILES or total > LARGEST_FOLDER:
            limit = f"more than {MOST_FILES} files or {LARGEST_FOLDER // 1_000_000} MB"
            faults.append(Fault(".", 1, "error", f"{limit}; the files from {name!r} on were not read"))
            break
        content = _content(home, name)
        if isinstance(content, bytes):
            files[name] = content
            total += len(content)
        elif content is not None:
            faults.append(content)
    return files, tuple(sorted(faults))


def _names(home: Path, faults: list[Fault]) -> Iterator[str]:
    """The names of files that belong to a playbook; what cannot be followed or listed is added to the faults."""

    def unlistable(wrong: OSError) -> None:
        folder = Path(str(wrong.filename))
        if os.path.lexists(folder):
            message = f"the folder cannot be read: {wrong.strerror}; check its permissions"
            faults.append(Fault(folder.relative_to(home).as_posix(), 1, "error", message))

    for folder, subfolders, names in os.walk(home, onerror=unlistable):
        here = Path(folder).relative_to(home)
        subfolders[:] = sorted(s for s in subfolders if not _ignored(s))
        faults.extend(_unfollowed(home, here, subfolders))
        if len(here.parts) >= DEEPEST_FOLDER:
            subfolders.clear()
        for name in sorted(names):
            path = (here / name).as_posix()
            if _ignored(name):
                continue
            if fault := _misnamed(path):
                faults.append(fault)
            elif name.endswith(_ENDINGS) or path == "people.csv":
                yield path


def _unfollowed(home: Path, here: Path, subfolders: Sequence[str]) -> Iterator[Fault]:
    if subfolders and len(here.parts) >= DEEPEST_FOLDER:
        message = f"folders more than {DEEPEST_FOLDER} deep are not read; move the files up"
        yield Fault(here.as_posix(), 1, "warning", message)
    for name in subfolders:
        if _is_link(home / here / name):
            message = "a link to a folder is not followed; put the folder itself here"
            yield Fault((here / name).as_posix(), 1, "error", message)


def _is_link(path: Path) -> bool:
    return os.path.islink(path)  # noqa: PTH114 (pathlib's raises where a folder cannot be entered)


def _ignored(name: str) -> bool:
    return name.startswith((".", "#")) or name.endswith(_BACKUPS)


def _misnamed(path: str) -> Fault | None:
    if not path.isprintable():
        plain = path.encode("ascii", errors="backslashreplace").decode()
        plain = "".join(c if c.isprintable() else "?" for c in plain)
        return Fault(plain, 1, "error", "this file name holds characters that cannot be printed; rename the file")
    if path.lower().endswith(_OTHER_SPELLINGS) or (path.lower().endswith(_ENDINGS) and not path.endswith(_ENDINGS)):
        return Fault(path, 1, "warning", "this file is not read; names end in .yaml or .md")
    return None


def _content(home: Path, name: str) -> bytes | Fault | None:
    """The file's bytes, the reason why not, or None if it is gone by now."""
    path = Path(os.path.realpath(home / name))
    if not path.is_relative_to(home):
        return Fault(name, 1, "error", "a link that leaves the playbooks folder; put the file itself here")
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            return Fault(name, 1, "error", "this is not a plain file; remove it")
        if found.st_size <= LARGEST_FILE:
            with open(path, "rb", opener=_open_plainly) as file:
                content = file.read(LARGEST_FILE + 1)
            if len(content) <= LARGEST_FILE:
                return content
        return Fault(name, 1, "error", f"larger than {LARGEST_FILE // 1_000_000} MB; split it into several files")
    except FileNotFoundError:
        if _is_link(home / name):
            return Fault(name, 1, "error", "a link to nothing; put the file itself here")
        return None
    except OSError as wrong:
        return Fault(name, 1, "error", f"the file cannot be read: {wrong.strerror}; check its permissions")


def _open_plainly(path: str, flags: int) -> int:
    """Open without waiting for a pipe and without following a link that has just been put there."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0))
