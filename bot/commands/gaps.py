"""`throughline gaps`: what people asked and the playbook did not answer, and which answers help."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.playbook.load import assemble
from bot.playbook.model import Passage, Playbooks
from bot.store import feedback
from bot.store import gaps as store
from bot.store import playbooks as versions
from bot.store.engine import Session
from bot.store.feedback import Votes


def in_force(tx: Session) -> Playbooks:
    """The playbooks that the running bot answers from, whatever stands in a folder on this machine."""
    files = {path: text.encode() for scope in versions.versions_in_force(tx).values() for path, text in scope.items()}
    return assemble(files)


def lines(tx: Session, playbooks: Playbooks, initiative: str | None) -> Iterator[str]:
    """The list for a person: gaps by number of askers, then the passages that people voted on, worst first."""
    found = store.gaps(tx, initiative)
    passages = _passages(playbooks)
    if not found:
        yield "No unanswered question is recorded."
    for gap in found:
        near = passages.get(gap.passage)
        closest = f"; closest: {near.file}, {near.heading!r}" if near else ""
        yield f"{gap.askers:4d}  {gap.initiative}  [{gap.locale}]  {_one_line(gap.text)}{closest}"
    votes = _votes(feedback.votes(tx), passages, initiative)
    if votes:
        yield ""
        yield "Answers that people voted on (helpful / not helpful):"
        yield from votes


def _passages(playbooks: Playbooks) -> dict[str, Passage]:
    return {p.id: p for i in playbooks.initiatives.values() for p in i.passages}


def _votes(
    votes: Mapping[tuple[str, str], Votes], passages: Mapping[str, Passage], initiative: str | None
) -> list[str]:
    rows = []
    for (id, hash), vote in sorted(votes.items(), key=lambda v: (-v[1].not_helpful, v[1].helpful, v[0])):
        passage = passages.get(id)
        if passage is None or (initiative and passage.initiative != initiative):
            continue
        old = "" if passage.hash == hash else "  (an earlier wording)"
        rows.append(f"{vote.helpful:4d} / {vote.not_helpful:<4d} {passage.file}: {passage.heading}{old}")
    return rows


def patch(tx: Session, initiative: str | None) -> Iterator[str]:
    """The gaps as questions to paste into a `faq.md`, the answer left for the owner to write.

    Grouped by initiative and language, so that each block goes into the file of that language.
    """
    found = sorted(store.gaps(tx, initiative), key=lambda g: (g.initiative, g.locale, -g.askers))
    where = None
    for gap in found:
        if where != (gap.initiative, gap.locale):
            where = (gap.initiative, gap.locale)
            yield f"<!-- for {gap.initiative}, language {gap.locale} -->"
            yield ""
        yield f"## {_one_line(gap.text).lstrip('#').strip()}"
        yield ""
        yield f"(asked by {gap.askers}; write the answer here)"
        yield ""


def _one_line(text: str) -> str:
    printable = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(printable.split())
