"""Of every table it is known whether it refers to people, and what is stored about somebody can be shown."""

from __future__ import annotations

import json
import re

from bot.messages import Person
from bot.store import Store, accounts, erasing, exporting, people, subject
from bot.store import tables as t
from bot.store.subject import REFERENCES, Subject
from tests.store.everywhere import ADDRESS, NAME, NOW, everywhere

PERSONAL = re.compile("person|people|e?mail|author|actor|owner|asker|holder|account|manager|thanked|member|user|_by$")
# What sounds as if it were about people and is not.
NOT_PERSONAL = {("announcement", "people"), ("identity", "member"), ("lane", "holder")}


# law


def test_every_table_is_known_and_every_column_about_people() -> None:
    assert set(REFERENCES) == set(t.metadata.tables)
    for name, table in t.metadata.tables.items():
        known = set(REFERENCES[name].columns)
        assert known <= set(table.columns.keys()), name
        pointing = {c.name for c in table.columns if any(k.column is t.person.c.key for k in c.foreign_keys)}
        sounding = {c.name for c in table.columns if PERSONAL.search(c.name) and (name, c.name) not in NOT_PERSONAL}
        assert pointing | sounding <= known, f"{name} refers to people in a way that bot/store/subject.py does not know"


def test_what_an_erasure_does_with_a_table_is_said_for_every_table_about_people() -> None:
    for name, reference in REFERENCES.items():
        assert bool(reference.columns) == bool(reference.erasure), name
        assert bool(reference.why) == (reference.erasure == subject.STAYS), name


# exporting


def exported(store: Store, whose: Subject) -> dict[str, list[dict[str, object]]]:
    with store.read() as tx:
        found = exporting.export(tx, whose, lambda card: card.body)
    json.dumps(found)
    return found


def test_an_export_has_something_from_every_subject(store: Store) -> None:
    found = exported(store, everywhere(store))
    assert [name for name, rows in found.items() if not rows] == []
    text = json.dumps(found)
    for words in ("closed words", "an answer", "their answer", "words draft", "win suggested", "evidence", "for you"):
        assert words in text
    assert "unnamed words" not in text
    assert "canary words" not in text


def test_an_export_of_somebody_else_holds_nothing_of_them(store: Store) -> None:
    everywhere(store)
    with store.begin() as tx:
        found = subject.subject(tx, f"MOJO{ADDRESS}")
    assert found
    assert {name for name, rows in exported(store, found).items() if rows} == {"directory"}


def test_somebody_without_an_address_is_found_by_key(store: Store) -> None:
    guest = Person("slack", "T1", "UGUEST", name=NAME, member=False)
    with store.begin() as tx:
        key = accounts.identify(tx, guest, NOW).key
        whose = subject.subject(tx, key)
        assert whose
        assert whose.shown == NAME
        assert subject.namesakes(tx, whose) == []
        erasing.erase(tx, whose, {}, NOW)
        assert people.person(tx, key) is None
