"""What must not stand in any file of a playbook: platform ids, links out of the folder, and HTML, which does nothing.

It reads the text as written and knows of other files only whether they exist and which headings they have.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import islice
from urllib.parse import unquote, urlsplit

from markdown_it import MarkdownIt
from markdown_it.token import Token

from bot.playbook.fault import Fault
from bot.playbook.naming import nearest, shown
from bot.playbook.pages import headings, open_page
from bot.playbook.reading import Level
from bot.playbook.text import Unreadable, decode

MOST_FAULTS = 100
LONGEST_INLINE = 10_000  # characters parsed at once; reading links is not linear in hostile text
DANGEROUS = ("javascript", "vbscript", "data", "file")
_SLACK_ID = re.compile(r"(?<![\w-])[UWCGTD]0[A-Z0-9]{7,9}(?![\w-])|<[@#!][A-Za-z0-9]+[|>^]")
_TEAMS_ID = re.compile(r"(?<!\w)19:[\w.+-]+@[\w.]*(?:thread|unq)[\w.]*|(?<!\w)29:[\w-]{20,}", re.ASCII)


class _EveryLink(MarkdownIt):
    def validateLink(self, url: str) -> bool:  # noqa: N802 (the library's name)
        """Parse links that the library would rather leave as text, so that they can be judged."""
        return True


_BLOCKS = MarkdownIt("commonmark", {"html": False}).disable(["inline", "text_join"])
_INLINE = _EveryLink("commonmark", {"html": True, "maxNesting": 4})  # each level multiplies the time hostile text takes


def platform_id_faults(file: str, content: bytes) -> Iterator[Fault]:
    """An error for every line with an id that only one platform understands."""
    try:
        text = decode(content)
    except Unreadable:
        return
    for number, line in enumerate(text.split("\n"), start=1):
        found = _SLACK_ID.search(line) or _TEAMS_ID.search(line)
        if found:
            message = f"the platform id {shown(found.group())}; name people by address and channels by audience"
            yield Fault(file, number, "error", message)


def markup_faults(file: str, files: Mapping[str, bytes]) -> Iterator[Fault]:
    """HTML and bad links of one page, the first hundred; `files` are all of the playbooks, where links may lead."""
    if b"<" in files[file] or b"[" in files[file]:
        yield from islice(_markup_faults(file, files), MOST_FAULTS)


def _markup_faults(file: str, files: Mapping[str, bytes]) -> Iterator[Fault]:
    try:
        text = open_page(files[file])
    except Unreadable:
        return
    env: dict[str, object] = {}
    for block in _BLOCKS.parse("\n".join(text.lines[text.start :]), env):
        if block.type == "inline" and _may_hold_markup(block.content, env):
            for line, child in _children(block, env):
                if problem := _problem(child, file, files):
                    level, message = problem
                    yield Fault(file, text.start + line + 1, level, message)


def _may_hold_markup(text: str, env: dict[str, object]) -> bool:
    return "<" in text or "](" in text or ("[" in text and "references" in env)


def _children(block: Token, env: dict[str, object]) -> Iterator[tuple[int, Token]]:
    """What stands in a block of text, each with its line (from 0). Long blocks are read in pieces."""
    first = block.map[0] if block.map else 0
    pieces = [block.content] if len(block.content) <= LONGEST_INLINE else block.content.split("\n")
    for number, piece in enumerate(pieces):
        for begin in range(0, len(piece), LONGEST_INLINE):
            tokens: list[Token] = []
            _INLINE.inline.parse(piece[begin : begin + LONGEST_INLINE], _INLINE, env, tokens)
            line = first + number
            for token in tokens:
                line += token.type in ("softbreak", "hardbreak")
                yield line, token


def _problem(token: Token, file: str, files: Mapping[str, bytes]) -> tuple[Level, str] | None:
    if token.type == "html_inline" and not token.content.startswith("</"):
        return "warning", f"HTML ({shown(token.content)}) is shown as text; write Markdown"
    target = token.attrGet("href") if token.type == "link_open" else token.attrGet("src")
    if token.type not in ("link_open", "image") or target is None:
        return None
    return _link_problem(unquote(str(target)), file, files)


def _link_problem(target: str, file: str, files: Mapping[str, bytes]) -> tuple[Level, str] | None:
    try:
        scheme, host, path, _, heading = urlsplit(target)
    except ValueError:
        return "warning", f"the link {shown(target)} is no address"
    if scheme.lower() in DANGEROUS:
        return "error", f"the link {shown(target)} runs or opens something on the reader's machine; remove it"
    if host or len(scheme) > 1:
        return None
    there = posixpath.normpath(posixpath.join(posixpath.dirname(file), path)) if path else file
    if scheme or path.startswith(("/", "\\")) or there.split("/")[0] == "..":
        return "error", f"the link {shown(target)} leaves the playbooks folder"
    if there not in files:
        folder = posixpath.dirname(there)
        near = nearest(there, (name for name in files if posixpath.dirname(name) == folder))
        return "warning", f"the link {shown(target)} leads nowhere: there is no {shown(there)}{near}"
    if heading and there.endswith(".md") and not _has_heading(files[there], heading):
        return "warning", f"the link {shown(target)} leads nowhere: {there} has no such heading"
    return None


def _has_heading(content: bytes, heading: str) -> bool:
    """Whether the page has this heading. A page that cannot be read has a fault of its own and is not blamed twice."""
    found = _headings(content)
    return not found or _squeezed(heading) in found


@lru_cache(maxsize=64)
def _headings(content: bytes) -> frozenset[str]:
    return frozenset(_squeezed(heading) for heading in headings(content))


def _squeezed(heading: str) -> str:
    """A heading or its anchor, compared by letters and digits only, since anchors are written in several ways."""
    return "".join(c for c in heading.casefold() if c.isalnum())
