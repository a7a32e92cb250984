"""The tables. A column described as sealed can only be read with THROUGHLINE_SECRET, and a mark is a keyed
fingerprint (see `seal.py`): neither says anything to whoever has the database alone.
"""

from __future__ import annotations

from bot.store.tables.announcing import announcement, tick_mark
from bot.store.tables.answers import passage_vector
from bot.store.tables.board import board_link, board_session
from bot.store.tables.broadcasts import broadcast, broadcast_mark
from bot.store.tables.cases import case, case_event, case_news, case_supporter, case_workshop, counter
from bot.store.tables.changes import change, stated
from bot.store.tables.channels import channel
from bot.store.tables.eased import eased
from bot.store.tables.following import calendar, calendar_date, picture, visit
from bot.store.tables.hearing import conversation, heard, occurrence
from bot.store.tables.kinds import metadata
from bot.store.tables.learning import learned, release, told
from bot.store.tables.mailbox import mailbox, mailbox_closed, mailbox_waiting
from bot.store.tables.milestones import milestone, milestone_post, milestone_slip
from bot.store.tables.obligations import obligation
from bot.store.tables.owners import owner_word
from bot.store.tables.people import identity, person, setting
from bot.store.tables.requests import request
from bot.store.tables.results import survey_action, survey_result, survey_tally
from bot.store.tables.roles import amendment, offer
from bot.store.tables.sending import content, delivery, delivery_attempt, lane, worker
from bot.store.tables.slack import install, install_begun
from bot.store.tables.surveys import (
    survey_answer,
    survey_asked,
    survey_ballot,
    survey_comment,
    survey_named,
    survey_round,
)
from bot.store.tables.teams import account_reference, conversation_reference
from bot.store.tables.themes import case_meaning, theme, theme_told
from bot.store.tables.trail import api_key, audit, audit_head
from bot.store.tables.web import web_message
from bot.store.tables.wins import win
from bot.store.tables.written import feedback, gap, gap_asker, playbook_in_force, playbook_version

__all__ = [
    "account_reference",
    "amendment",
    "announcement",
    "api_key",
    "audit",
    "audit_head",
    "board_link",
    "board_session",
    "broadcast",
    "broadcast_mark",
    "calendar",
    "calendar_date",
    "case",
    "case_event",
    "case_meaning",
    "case_news",
    "case_supporter",
    "case_workshop",
    "change",
    "channel",
    "content",
    "conversation",
    "conversation_reference",
    "counter",
    "delivery",
    "delivery_attempt",
    "eased",
    "feedback",
    "gap",
    "gap_asker",
    "heard",
    "identity",
    "install",
    "install_begun",
    "lane",
    "learned",
    "mailbox",
    "mailbox_closed",
    "mailbox_waiting",
    "metadata",
    "milestone",
    "milestone_post",
    "milestone_slip",
    "obligation",
    "occurrence",
    "offer",
    "owner_word",
    "passage_vector",
    "person",
    "picture",
    "playbook_in_force",
    "playbook_version",
    "release",
    "request",
    "setting",
    "stated",
    "survey_action",
    "survey_answer",
    "survey_asked",
    "survey_ballot",
    "survey_comment",
    "survey_named",
    "survey_result",
    "survey_round",
    "survey_tally",
    "theme",
    "theme_told",
    "tick_mark",
    "told",
    "visit",
    "web_message",
    "win",
    "worker",
]
