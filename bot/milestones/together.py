"""What the project manager sees of several planned posts in one message. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.delivery.announcing import Preview
from bot.messages import Card, Choice, escape
from bot.milestones.previews import Upcoming, for_units, own_texts, preview_card, risk
from bot.milestones.words import paragraphs, reach_facts
from bot.store.milestones import ASKED
from bot.words import Words

IN_ONE = 3
"""Posts in one message: more are not read, and their buttons would be hidden where room is short."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A post as it is put before the project manager: under which key alone, in which state, and whom it reaches."""

    key: str
    post: Upcoming
    state: str
    dry_run: Preview


def previews_card(seen: Sequence[Seen], words: Words) -> Card:
    """What the project manager sees of planned posts that are shown together, at most `IN_ONE`; what is the same in
    several is said once."""
    first = seen[0]
    if len(seen) == 1:
        return preview_card(first.post, words, first.dry_run, first.state)
    silence = any(one.state != ASKED for one in seen)
    parts, said = [words("milestone.previews-lead")] if silence else [], dict[str, int]()
    for number, one in enumerate(seen, start=1):
        parts += _part(number, one, words, said)
    refs = ";".join(one.post.ref for one in seen)
    return Card(
        title=words.count("milestone.previews-title", len(seen), project=first.post.subject.project(words)),
        body=paragraphs(*parts),
        choices=(
            Choice(words("milestone.all-as-planned"), f"milestone as-planned {refs}", style="primary"),
            *(
                Choice(words("milestone.look-button", number=number), f"milestone look {one.post.ref}")
                for number, one in enumerate(seen, start=1)
            ),
        ),
        locale=words.language,
    )


def _part(number: int, one: Seen, words: Words, said: dict[str, int]) -> list[str]:
    """One post among several. `said` is which text stands in which of them, and is added to."""
    post, planned, subject = one.post, one.post.planned, one.post.subject
    head = words(
        "milestone.previews-head",
        number=number,
        date=words.weekday(planned.day),
        name=subject.title(words),
    )
    agents = words("milestone.preview-agents", date=words.weekday(planned.heads_up)) if planned.heads_up else ""
    reach = (*reach_facts(words, one.dry_run, planned.to_people), *risk(subject, words))
    body, units = post.written(subject, words, "").body, for_units(post, words)
    first = said.setdefault(body, number)
    elsewhere = [str(n) for n in sorted({said.setdefault(text, number) for text in units} - {number})]
    return [
        head,
        words("milestone.previews-late") if one.state == ASKED else "",
        agents,
        body if first == number else words("milestone.previews-same", number=first),
        *(text for text in units if said[text] == number),
        words("milestone.previews-same-units", number=words.all_of(elsewhere)) if elsewhere else "",
        *own_texts(post, words),
        "\n".join(f"- {label}: {escape(value)}" for label, value in reach),
    ]
