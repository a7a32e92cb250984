"""The facts of `initiative.yaml` that somebody can have asked about: what each says now, and which a topic shows.

Pure. Of these a change is told only when the project manager releases it: a date, the scope, a goal, a target, a
sponsor are decisions, and a file is edited before a decision is told.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from bot.playbook.facts import facts
from bot.playbook.initiative_file import InitiativeFile
from bot.playbook.model import Initiative, Passage
from bot.store.told import Version
from bot.turn import Topic

SPONSOR, LEADER, GOALS = "sponsor", "project_manager", "serves"
# What the answer to a standing question shows: keys, or the beginnings of keys.
_SHOWN: Mapping[str, tuple[str, ...]] = {
    "why": ("purpose", "summary", "if_we_do_nothing", "makes_possible", GOALS),
    "changes": ("units",),
    "when": ("milestones",),
    "who": (SPONSOR, LEADER),
    "goals": ("kpis", GOALS),
    "risks": ("risks",),
    "decided": ("decisions",),
    "learn": ("learning",),
}


def values(written: InitiativeFile) -> dict[str, str]:
    """What the file says, by key; the sponsor's and the project manager's addresses and the goals' ids among it."""
    said = {fact.key: fact.body for fact in facts(written)}
    return {**said, SPONSOR: written.sponsor, LEADER: written.project_manager, GOALS: "\n".join(written.serves)}


def subject(initiative: str, key: str) -> str:
    """Under which name it is kept that somebody was given this fact."""
    return f"{initiative}:{key}"


def key_of(subject: str) -> str:
    """The fact's key; '' where the subject is a passage."""
    return subject.partition(":")[2]


def version(value: str) -> str:
    """A fingerprint of what a fact says."""
    return hashlib.sha256(value.encode()).hexdigest()[:16]


def given(initiative: Initiative, passage: Passage | None, topic: Topic) -> tuple[Version, ...]:
    """What somebody was given who was answered about this topic, with this passage if there is one."""
    if passage is not None and passage.kind != "fact":
        return (Version(initiative.id, passage.id, passage.hash),)
    said = values(initiative.written)
    keys = (passage.heading,) if passage else tuple(k for k in said if _shows(topic, k))
    return tuple(Version(initiative.id, subject(initiative.id, k), version(said[k])) for k in keys if k in said)


def _shows(topic: Topic, key: str) -> bool:
    head, _, id = key.partition(".")
    if head == "units" and topic.unit and id != topic.unit:
        return False
    return head in _SHOWN.get(topic.word, ())
