"""A Markdown file as a page: its front matter, its language and its sections under their headings.

It knows the format of a page, not who may read it nor what other files say. Headings are found by a Markdown
parser, so that one inside a code block is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import PurePosixPath

from markdown_it import MarkdownIt
from markdown_it.token import Token

from bot.playbook.fault import Fault
from bot.playbook.model import FrontMatter, Page, Section
from bot.playbook.shape import fit
from bot.playbook.text import Unreadable, decode
from bot.playbook.values import tidy_language
from bot.playbook.yaml12 import Document, read

MOST_LINES = 100_000
QUESTION_LEVEL = 2
_LONGEST_MARKED_UP = 500  # characters of a heading in which markup is looked for, since that is not linear
_LANGUAGE = re.compile(r"(?P<stem>.+)\.(?P<language>[a-z]{2,3}(-[A-Za-z]{2,4})?)", re.ASCII)
_ALSO = re.compile(r"^[ \t>*_]*also asked[*_]*:[*_]*[ \t]*", re.IGNORECASE)
_BULLET = re.compile(r"^\s*([-*+•]|\d{1,3}[.)])\s+")
_MARKUP = re.compile(r"[*_`\[\\<!&]")
_BLOCKS = MarkdownIt("commonmark", {"html": False}).disable(["inline", "text_join", "reference"])
_INLINE = MarkdownIt("commonmark", {"html": False})


@dataclass(frozen=True, slots=True)
class _Heading:
    text: str
    level: int
    first: int  # line from 0
    after: int


def language_of(file: str) -> tuple[str, str]:
    """The file without its language suffix, and the language (`pt`, `pt-BR`) or an empty text."""
    path = PurePosixPath(file)
    if found := _LANGUAGE.fullmatch(path.name.removesuffix(path.suffix)):
        return str(path.with_name(found["stem"] + path.suffix)), tidy_language(found["language"])
    return file, ""


def is_faq(file: str) -> bool:
    """Whether every level-2 heading of this file is a question."""
    return PurePosixPath(file).name.startswith("faq")


@dataclass(frozen=True, slots=True)
class PageText:
    """A Markdown file taken apart: its front matter and its lines, of which the Markdown begins at `start` (from 0)."""

    front: Document
    lines: list[str]
    start: int

    def blocks(self) -> list[Token]:
        """The Markdown blocks, their lines counted from `start`; the text within them is left as it is."""
        return _BLOCKS.parse("\n".join(self.lines[self.start :]))


def open_page(content: bytes) -> PageText:
    """The parts of this file. Raises `Unreadable` if it is no text, too long, or its front matter no YAML."""
    text = decode(content)
    lines = text.split("\n")
    if len(lines) > MOST_LINES:
        raise Unreadable(1, f"more than {MOST_LINES} lines; split the page into several files")
    if lines[0].rstrip() != "---":
        return PageText(Document(None), lines, 0)
    for end, line in enumerate(lines[1:], start=1):
        if line.rstrip() in ("---", "..."):
            return PageText(read("\n".join(lines[1:end]), first_line=2), lines, end + 1)
    raise Unreadable(1, "the front matter begins with --- and never ends; close it with a line of ---")


def read_page(file: str, content: bytes, language: str) -> tuple[Page | None, list[Fault]]:
    """The page in this file, or None and the error. `language` is that of files without a suffix."""
    try:
        text = open_page(content)
    except Unreadable as wrong:
        return None, [Fault(file, wrong.line, "error", wrong.message)]
    front, faults = (FrontMatter(), []) if text.front.value is None else fit(FrontMatter, text.front, file)
    if front is None:
        return None, faults
    original, suffix = language_of(file)
    page = Page(
        file=file,
        locale=suffix or language,
        front=front,
        sections=_sections(file, text),
        is_faq=is_faq(file),
        original=original if suffix and suffix != language else "",
    )
    return page, faults


def headings(content: bytes) -> tuple[str, ...]:
    """The words of all headings of a page, of whatever level; none if it cannot be read."""
    try:
        text = open_page(content)
    except Unreadable:
        return ()
    return tuple(heading.text for heading in _headings(text.blocks(), text.start))


def _sections(file: str, text: PageText) -> tuple[Section, ...]:
    tokens, lines, start = text.blocks(), text.lines, text.start
    found = [h for h in _headings(tokens, start) if not is_faq(file) or h.level <= QUESTION_LEVEL]
    also = dict(_also_asked(tokens, lines, start))
    title = next((h.text for h in found if h.level == 1), _title(file))
    bounds = [_Heading(title, 0, start, start), *found, _Heading("", 0, len(lines), len(lines))]
    sections = []
    for heading, following in pairwise(bounds):
        below = range(heading.after, following.first)
        body = "\n".join(lines[n] for n in below if n not in also).strip("\n").rstrip()
        wordings = tuple(wording for n in below for wording in also.get(n, ()))
        if heading.level or body:
            sections.append(Section(heading.text, heading.level, body, heading.first + 1, wordings))
    return tuple(sections)


def _title(file: str) -> str:
    stem = PurePosixPath(language_of(file)[0]).stem
    return stem.replace("-", " ").replace("_", " ").capitalize()


def _headings(tokens: Sequence[Token], start: int) -> list[_Heading]:
    return [
        _Heading(plain(inline.content), int(token.tag[1:]), start + token.map[0], start + token.map[1])
        for token, inline in pairwise(tokens)
        if token.type == "heading_open" and token.level == 0 and token.map
    ]


def plain(markdown: str) -> str:
    """The words of one line of Markdown, on one line, without its markup."""
    words = " ".join(markdown.split())
    if len(words) > _LONGEST_MARKED_UP or not _MARKUP.search(words):
        return words
    (inline,) = _INLINE.parseInline(words)
    return "".join(child.content for child in inline.children or ()).strip()


def _also_asked(tokens: Sequence[Token], lines: Sequence[str], start: int) -> Iterator[tuple[int, tuple[str, ...]]]:
    """The other wordings with the line each stands on: from `Also asked:` to the end of its paragraph and list."""
    for position, token in enumerate(tokens):
        if token.type != "paragraph_open" or token.level or not token.map:
            continue
        first, end = start + token.map[0], start + token.map[1]
        begin = next((n for n in range(first, end) if _ALSO.match(lines[n])), None)
        if begin is None:
            continue
        following = tokens[position + 3] if position + 3 < len(tokens) else None
        if following and following.map and following.type.endswith("_list_open"):
            touches = start + following.map[0] == end
            bare = begin + 1 == end and not _ALSO.sub("", lines[begin])
            end = start + following.map[1] if touches or bare else end
        yield from ((number, _wordings(lines[number])) for number in range(begin, end))


def _wordings(line: str) -> tuple[str, ...]:
    words = (plain(_BULLET.sub("", part)) for part in _ALSO.sub("", line).split("|"))
    return tuple(word for word in words if word)
