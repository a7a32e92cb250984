"""`throughline gaps`: what people asked and the playbook did not answer, what was added in chat, which answers help."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby

from bot.learning.joining import joined
from bot.learning.weekly import open_gaps
from bot.playbook.load import assemble
from bot.playbook.model import Passage, Playbooks
from bot.store import feedback
from bot.store import gaps as store
from bot.store import learned as added
from bot.store import playbooks as versions
from bot.store.engine import Session
from bot.store.feedback import Votes
from bot.store.gaps import Gap
from bot.store.learned import Learned


def in_force(tx: Session) -> Playbooks:
    """The playbooks that the running bot answers from, whatever stands in a folder on this machine."""
    files = {path: text.encode() for scope in versions.versions_in_force(tx).values() for path, text in scope.items()}
    return joined(assemble(files), added.in_force(tx))


def lines(tx: Session, playbooks: Playbooks, initiative: str | None) -> Iterator[str]:
    """The list for a person: gaps by number of askers, then what was added in chat, then the passages that people
    voted on, worst first."""
    found = _unanswered(tx, playbooks, initiative)
    passages = _passages(playbooks)
    if not found:
        yield "No unanswered question is recorded."
    for gap in found:
        near = passages.get(gap.passage)
        closest = f"; closest: {near.file}, {near.heading!r}" if near else ""
        yield f"{gap.askers:4d}  {gap.initiative}  [{gap.locale}]  {_one_line(gap.text)}{closest}"
    answers = added.of(tx, initiative)
    yield from _of_state(answers, added.IN_FORCE, "Added in chat; --patch prints them for a faq.md:")
    yield from _of_state(answers, added.RETIRED, "Added in chat and out of force, because a file answers them now:")
    votes = _votes(feedback.votes(tx), passages, initiative)
    if votes:
        yield ""
        yield "Answers that people voted on (helpful / not helpful):"
        yield from votes


def _unanswered(tx: Session, playbooks: Playbooks, initiative: str | None) -> list[Gap]:
    """The gaps that neither a file nor an answer added in chat has filled since, and those of what is out of force."""
    found, answers = store.gaps(tx, initiative), added.in_force(tx)
    there = playbooks.initiatives
    still_open = {gap.id for one in there.values() for gap in open_gaps(found, one, answers)}
    return [gap for gap in found if gap.id in still_open or gap.initiative not in there]


def _of_state(answers: Iterable[Learned], state: str, lead: str) -> Iterator[str]:
    rows = [a for a in answers if a.state == state]
    if rows:
        yield ""
        yield lead
    for answer in rows:
        audience = f" (only {answer.audience})" if answer.audience else ""
        who = answer.author or "somebody who is erased"
        yield f"{answer.since}  {answer.initiative}  [{answer.locale}]  {_one_line(answer.heading)}{audience}; {who}"


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
    """What was added in chat, ready to paste into a `faq.md`, then the gaps as questions, the answer left for the owner
    to write. Once a question stands in a file, what was added in chat is out of force by itself.

    Grouped by initiative, language and readers, so that each block goes into one file.
    """
    yield from _answers(a for a in added.of(tx, initiative) if a.state == added.IN_FORCE)
    found = sorted(_unanswered(tx, in_force(tx), initiative), key=lambda g: (g.initiative, g.locale, -g.askers))
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


def _answers(answers: Iterable[Learned]) -> Iterator[str]:
    def place(answer: Learned) -> tuple[str, str, str]:
        return answer.initiative, answer.locale, answer.audience

    for (initiative, locale, audience), group in groupby(sorted(answers, key=place), key=place):
        page = f", in a page with audience: {audience}" if audience else ""
        yield f"<!-- for {initiative}, language {locale}{page}: added in chat -->"
        yield ""
        for answer in group:
            yield f"## {_one_line(answer.heading).lstrip('#').strip()}"
            yield ""
            yield from (_as_text(line) for line in answer.body.splitlines())
            yield ""


def _as_text(line: str) -> str:
    """A line of an answer that begins no heading when it stands in a page."""
    printable = "".join(c for c in line if c.isprintable() or c == "\t")
    return f"\\{printable}" if printable.lstrip().startswith("#") else printable


def _one_line(text: str) -> str:
    printable = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(printable.split())
