"""The Markdown subset of a card's body as blocks of styled runs, and runs as the Markdown that Teams' text understands.

Teams knows bold, italic, links and lists. Its phones show a backslash that escapes nothing, so text is escaped only
where something would otherwise take effect: what was written is read again to see.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import groupby
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token

_READ: Final = MarkdownIt("commonmark", {"html": False})
# As much as any client of Teams might understand.
_CHECK: Final = MarkdownIt("commonmark", {"html": False}).enable(["strikethrough", "table"])
setattr(_CHECK, "validateLink", lambda _address: True)  # noqa: B010 - the parser's own way, which its types forbid
# Without any of these a text can only be itself.
_SUSPECT: Final = re.compile(r"[\\`*_\[\]<>~&{|]|^\s*(?:[-+#=]|\d+[.)])")
_SPECIAL: Final = re.compile(r"([\\`*_\[\]<>~&])|(?<=\{)(?=\{)")
_LINE_START: Final = re.compile(r"^(\s*)([-+#=|]|\d+(?=[.)]))")
# Teams makes a person of the one and a date of the other, wherever they stand in a text.
_ACTS: Final = re.compile(r"</?\s*at\b|\{\{\s*(?:DATE|TIME)\b", re.IGNORECASE)
_LINKS: Final = ("https://", "http://", "mailto:")
ELLIPSIS: Final = "…"


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text in one style; `link` is where it leads. A line break is the text of a run of its own."""

    text: str
    bold: bool = False
    italic: bool = False
    link: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, heading, piece of code or item of a list (then `mark` stands before it, `depth` deep)."""

    runs: tuple[Run, ...]
    mark: str = ""
    depth: int = 0
    quoted: bool = False
    heading: bool = False
    code: bool = False

    @property
    def text(self) -> str:
        """The words without their styles, addresses of links included where the words do not show them."""
        return self.mark + "".join(_with_address(run) for run in self.runs)


@lru_cache(maxsize=16)
def read(body: str) -> tuple[Block, ...]:
    """The blocks of a body. What is not of the subset is shown as its text."""
    blocks: list[Block] = []
    here = _Where()
    for token in _READ.parse(body):
        runs: Iterable[Run] = ()
        if token.type == "inline":
            runs = _runs(token)
        elif token.type in ("fence", "code_block"):
            runs = _broken(token.content)
        else:
            here.passes(token)
        if shown := _trimmed(runs):
            blocks.append(Block(shown, here.mark, here.depth, here.quotes > 0, here.heading, token.type != "inline"))
            here.mark = ""
    return tuple(blocks)


@dataclass(slots=True)
class _Where:
    """Where in a body one is while reading it: in which lists, at which number, in a quotation, in a heading."""

    numbers: list[int] = field(default_factory=list)
    mark: str = ""
    quotes: int = 0
    heading: bool = False

    @property
    def depth(self) -> int:
        return max(len(self.numbers) - 1, 0)

    def passes(self, token: Token) -> None:
        if token.type == "bullet_list_open":
            self.numbers.append(-1)
        elif token.type == "ordered_list_open":
            self.numbers.append(int(token.attrs.get("start", 1)))
        elif token.type.endswith("list_close"):
            self.numbers.pop()
        elif token.type == "list_item_open":
            self.mark = "- " if self.numbers[-1] < 0 else f"{self.numbers[-1]}. "
            self.numbers[-1] += self.numbers[-1] >= 0
        elif token.type.startswith("blockquote"):
            self.quotes += token.nesting
        elif token.type.startswith("heading"):
            self.heading = token.nesting > 0


def write(runs: Sequence[Run]) -> str:
    """Runs as one paragraph of Markdown in which the text stays what it is, and only our own styles take effect."""
    wanted = _merged(_trimmed(runs))
    if wanted == (Run(words := wanted[0].text if wanted else ""),) and not _SUSPECT.search(words):
        return words
    for escaped in (False, True):
        written = "".join(_marked(run, escaped) for run in wanted)
        if escaped:
            written = _LINE_START.sub(r"\1\\\2" if not written[:1].isdigit() else r"\1\2", written)
            written = re.sub(r"^(\d+)([.)])(?=\s|$)", r"\1\\\2", written)
        if (escaped or not _ACTS.search(written)) and _means(written) == wanted:
            return written
    # Emphasis that cannot be written in this place is given up, the words are not.
    for plainer in (tuple(replace(r, italic=False) for r in wanted), tuple(Run(r.text, link=r.link) for r in wanted)):
        if plainer != wanted:
            return write(plainer)
    return _escaped("".join(_with_address(run) for run in wanted))


def literal(text: str) -> str:
    """Text of people or of ours, as Markdown that shows it to the letter. Line breaks are kept."""
    return "\n\n".join(write((Run(line),)) for line in text.splitlines() if line.strip())


def lines(block: Block) -> list[tuple[Run, ...]]:
    """The lines of a block, without their breaks."""
    parts = (tuple(group) for broken, group in groupby(block.runs, lambda run: run.text == "\n") if not broken)
    return [line for part in parts if (line := _trimmed(part))]


def _runs(inline: Token) -> Iterator[Run]:
    bold = italic = 0
    link = ""
    for child in inline.children or ():
        match child.type:
            case "strong_open" | "strong_close":
                bold += child.nesting
            case "em_open" | "em_close":
                italic += child.nesting
            case "link_open":
                link = str(child.attrs.get("href", "")).replace("(", "%28").replace(")", "%29")
            case "link_close":
                link = ""
            case "softbreak" | "hardbreak":
                yield Run("\n")
            case _:
                yield Run(child.content, bold > 0, italic > 0, link)


def _broken(text: str) -> Iterator[Run]:
    for line in text.splitlines():
        yield Run(line)
        yield Run("\n")


def _merged(runs: Iterable[Run]) -> tuple[Run, ...]:
    """Neighbours of one style as one run; spaces at the edge of a style stand outside of it; odd links are text."""
    found: list[Run] = []
    for whole in runs:
        run = whole if whole.link.startswith(_LINKS) or not whole.link else Run(_with_address(whole))
        core = run.text.strip()
        lead = run.text[: len(run.text) - len(run.text.lstrip())]
        trail = run.text[len(run.text.rstrip()) :] if core else ""
        for part in (Run(lead), replace(run, text=core), Run(trail)):
            if not part.text:
                continue
            if found and replace(found[-1], text="") == replace(part, text=""):
                found[-1] = replace(part, text=found[-1].text + part.text)
            else:
                found.append(part)
    return tuple(found)


def _trimmed(runs: Iterable[Run]) -> tuple[Run, ...]:
    """Runs without spaces and breaks at the beginning and the end."""
    found = [run for run in runs if run.text]
    while found and not found[0].text.strip():
        found.pop(0)
    while found and not found[-1].text.strip():
        found.pop()
    if found:
        found[0] = replace(found[0], text=found[0].text.lstrip())
        found[-1] = replace(found[-1], text=found[-1].text.rstrip())
    return tuple(found)


def _marked(run: Run, escaped: bool) -> str:
    text = _escaped(run.text) if escaped else run.text
    text = f"_{text}_" if run.italic else text
    text = f"**{text}**" if run.bold else text
    return f"[{text}]({run.link})" if run.link else text


def _escaped(text: str) -> str:
    return _SPECIAL.sub(lambda found: f"\\{found.group(1) or ''}", text)


def _means(written: str) -> tuple[Run, ...] | None:
    """What a client makes of it; None where it is anything but one paragraph."""
    tokens = _CHECK.parse(written)
    if [token.type for token in tokens] != ["paragraph_open", "inline", "paragraph_close"]:
        return None
    known = ("text", "strong_open", "strong_close", "em_open", "em_close", "link_open", "link_close")
    children = tokens[1].children or []
    # "text_special" is what was escaped; the parser joins it to the text around it.
    if any(child.type not in known for child in children):
        return None
    return _merged(_runs(tokens[1]))


def _with_address(run: Run) -> str:
    return f"{run.text} ({run.link})" if run.link and run.link not in (run.text, f"mailto:{run.text}") else run.text
