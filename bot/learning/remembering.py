"""Remembering who was given an answer, so that they hear when it changes. It keeps no question and no answer."""

from __future__ import annotations

from dataclasses import replace

from bot.learning.facts import given
from bot.store import told
from bot.turn import Topic, Turn

KIND = "digests"
"""What people switch off when they do not want to hear that an answer changed; then nothing is remembered either."""


def remember(turn: Turn, topic: Topic | None) -> None:
    """Keeps that this person was given what the reply is about: a passage, or the facts of a standing question.

    Nothing of guests, and nothing of who wants to hear of no changes.
    """
    if topic is None or not turn.person.member or KIND in turn.settings.get("off", "").split(","):
        return
    reader = turn.reader
    initiative = reader.playbooks.initiatives.get(topic.initiative)
    if initiative is None:
        return
    passage = reader.passage(topic.passage) if topic.passage else None
    about = replace(topic, unit=topic.unit or reader.unit_in(initiative)) if topic.word == "changes" else topic
    told.remember(turn.tx, turn.person.key, given(initiative, passage, about), reader.today)
