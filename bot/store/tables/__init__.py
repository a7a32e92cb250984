"""The tables. A column described as sealed can only be read with THROUGHLINE_SECRET, and a mark is a keyed
fingerprint (see `seal.py`): neither says anything to whoever has the database alone.
"""

from __future__ import annotations

from bot.store.tables.cases import case, case_event, counter
from bot.store.tables.hearing import conversation, heard, occurrence
from bot.store.tables.kinds import metadata
from bot.store.tables.people import identity, person, setting
from bot.store.tables.sending import content, delivery, delivery_attempt, lane
from bot.store.tables.trail import api_key, audit, audit_head
from bot.store.tables.web import web_message
from bot.store.tables.written import feedback, gap, gap_asker, playbook_in_force, playbook_version

__all__ = [
    "api_key",
    "audit",
    "audit_head",
    "case",
    "case_event",
    "content",
    "conversation",
    "counter",
    "delivery",
    "delivery_attempt",
    "feedback",
    "gap",
    "gap_asker",
    "heard",
    "identity",
    "lane",
    "metadata",
    "occurrence",
    "person",
    "playbook_in_force",
    "playbook_version",
    "setting",
    "web_message",
]
