"""Whose data it is: the person an export or an erasure is about, and how every table refers to people, if it does.

A test compares `REFERENCES` with the tables, so that no later table is forgotten. It changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, String, cast, func, select

from bot.store import accounts, people
from bot.store import tables as t
from bot.store.accounts import Account
from bot.store.columns import AsJson, Words
from bot.store.engine import Session

DELETED, UNLINKED, STAYS = "deleted", "unlinked", "stays"
"""What an erasure does with what a table says of the person: it goes; it stays and leads to nobody; nothing."""


@dataclass(frozen=True, slots=True)
class Reference:
    """In which `columns` a table refers to people, and what an erasure does there. `why` is for what stays."""

    columns: tuple[str, ...] = ()
    erasure: str = ""
    why: str = ""


NOBODY = Reference()
_COUNTED = "it only counts, by a keyed fingerprint; a count that falls that day would tell what the person did"
_NOBODY_KNOWS = "sealed; a row that changed that day would say whose it was, and the key in it leads to nobody any more"

REFERENCES: Mapping[str, Reference] = {
    "account_reference": Reference(("account", "reference"), DELETED),
    "amendment": Reference(("slot", "person"), DELETED),
    "announcement": Reference(("audience", "reached"), UNLINKED),
    "api_key": Reference(("name",), UNLINKED),
    "audit": Reference(("actor", "subject"), STAYS, "by a random key that leads to nobody any more"),
    "audit_head": NOBODY,
    "board_link": Reference(("person",), DELETED),
    "board_session": Reference(("person",), DELETED),
    "broadcast": Reference(("author", "decided_by"), UNLINKED),
    "broadcast_mark": Reference(("mark",), STAYS, _COUNTED),
    "calendar": Reference(("token", "person"), DELETED),
    "calendar_date": Reference(("token",), DELETED),
    "case": Reference(("asker", "reply_to", "owner", "handler", "decided_by", "avoid_owner"), UNLINKED),
    "case_event": Reference(("actor",), UNLINKED),
    "case_meaning": NOBODY,
    "case_news": Reference(("drafted_by",), UNLINKED),
    "case_supporter": Reference(("person",), DELETED),
    "case_workshop": NOBODY,
    "change": Reference(("before", "after"), UNLINKED),
    "channel": Reference(("bound_by",), UNLINKED),
    "content": NOBODY,
    "conversation": Reference(("mark",), DELETED),
    "conversation_reference": Reference(("conversation", "reference"), DELETED),
    "counter": NOBODY,
    "delivery": Reference(("key", "person", "place", "conversation", "card"), UNLINKED),
    "delivery_attempt": NOBODY,
    "eased": NOBODY,
    "feedback": Reference(("mark",), DELETED),
    "gap": NOBODY,
    "gap_asker": Reference(("mark",), STAYS, _COUNTED),
    "heard": Reference(("conversation", "payload"), DELETED),
    "identity": Reference(("account", "person", "direct"), DELETED),
    "install": Reference(("content",), STAYS, "who installed the app, sealed, until it is uninstalled"),
    "install_begun": NOBODY,
    "lane": NOBODY,
    "learned": Reference(("author", "owner"), UNLINKED),
    "mailbox": Reference(("content",), STAYS, _NOBODY_KNOWS),
    "mailbox_closed": NOBODY,
    "mailbox_waiting": Reference(("content",), STAYS, _NOBODY_KNOWS),
    "milestone": Reference(("said_by",), UNLINKED),
    "milestone_post": NOBODY,
    "milestone_slip": Reference(("said_by",), UNLINKED),
    "obligation": Reference(("said_by",), UNLINKED),
    "occurrence": Reference(("key",), DELETED),
    "offer": Reference(("holder", "offered_by", "person"), DELETED),
    "owner_word": Reference(("owner",), DELETED),
    "passage_vector": NOBODY,
    "person": Reference(("key", "email", "name", "manager"), DELETED),
    "picture": NOBODY,
    "playbook_in_force": NOBODY,
    "playbook_version": Reference(("files",), STAYS, "what is written in the playbooks is changed in their files"),
    "release": NOBODY,
    "request": NOBODY,
    "setting": Reference(("person",), DELETED),
    "stated": Reference(("value",), DELETED),
    "survey_action": Reference(("named_by",), UNLINKED),
    "survey_answer": NOBODY,
    "survey_asked": Reference(("person",), DELETED),
    "survey_ballot": NOBODY,
    "survey_comment": NOBODY,
    "survey_named": Reference(("person",), DELETED),
    "survey_result": NOBODY,
    "survey_round": Reference(("started_by",), UNLINKED),
    "survey_tally": NOBODY,
    "theme": NOBODY,
    "theme_told": NOBODY,
    "tick_mark": NOBODY,
    "told": Reference(("mark", "person"), DELETED),
    "visit": Reference(("person",), DELETED),
    "web_message": Reference(("key", "place", "content"), DELETED),
    "win": Reference(("said", "author", "suggested_by", "thanked"), UNLINKED),
    "worker": NOBODY,
}


@dataclass(frozen=True, slots=True)
class Subject:
    """The person it is about. `conversations` are the keys of the conversations that they alone are in."""

    key: str
    email: str
    name: str
    accounts: tuple[Account, ...]
    conversations: tuple[str, ...] = ()

    @property
    def shown(self) -> str:
        """How they are called in what a command prints."""
        return self.email or self.name or self.key


def subject(tx: Session, named: str) -> Subject | None:
    """The person with this address, in any spelling of it; or with this key, where there is no address."""
    found = people.person_by_email(tx, named) or people.person(tx, named.strip())
    if found is None:
        return None
    return Subject(found.key, found.email, found.name, tuple(accounts.of_person(tx, found.key)))


def namesakes(tx: Session, whose: Subject) -> list[str]:
    """Others of the same name, by address (or key): perhaps the same person under a former one."""
    c = t.person.c
    same = (func.lower(c.name) == whose.name.lower(), c.name != "", c.key != whose.key)
    return [email or key for email, key in tx.execute(select(c.email, c.key).where(*same).order_by(c.email, c.key))]


def still_readable(tx: Session, whose: Subject) -> dict[str, int]:
    """Where the database can still be read to say something of this person: rows by 'table.column'. What `REFERENCES`
    says stays is left out."""
    texts = [text for text in (whose.email, whose.key) if text]
    found: dict[str, int] = {}
    for table in t.metadata.sorted_tables:
        if REFERENCES.get(table.name, NOBODY).erasure == STAYS:
            continue
        for column in table.columns:
            if isinstance(column.type, Words | AsJson | String):
                rows = sum(len(naming(tx, column, text)) for text in texts)
                found |= {f"{table.name}.{column.name}": rows} if rows else {}
    return found


def naming(tx: Session, column: ColumnElement[Any], text: str) -> list[str]:
    """The values of a column, as text, that name this address or key."""
    here = func.lower(cast(column, String)).contains(text.lower(), autoescape=True)
    return [value for value in tx.scalars(select(cast(column, String)).where(here)) if names(text, value)]


def names(text: str, where: str) -> bool:
    """Whether an address, a key or a name stands there as a whole, in upper or lower case: jo@x.com is not in
    mojo@x.com."""
    return found_in(where, text) is not None


def found_in(where: str, text: str) -> re.Match[str] | None:
    """The same, with where that is."""
    return re.search(rf"(?<![\w.+-]){re.escape(text)}(?![\w-]|\.\w)", where, re.IGNORECASE)
