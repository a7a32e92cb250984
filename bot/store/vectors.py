"""Vectors of the texts in playbooks, so that a text is encoded once. What they mean is not its matter."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import delete, select

from bot.store import tables as t
from bot.store.engine import Session
from bot.store.sql import insert_new


def vectors_of(tx: Session, encoder: str) -> dict[str, bytes]:
    """Every vector that this encoder made, by the key of its text."""
    c = t.passage_vector.c
    return {row.text: row.vector for row in tx.execute(select(c.text, c.vector).where(c.encoder == encoder))}


def keep_vectors(tx: Session, encoder: str, vectors: Mapping[str, bytes]) -> None:
    """Keeps the vectors by the keys of their texts; what another process kept meanwhile stays as it is."""
    for text, vector in sorted(vectors.items()):
        insert_new(tx, t.passage_vector, {"encoder": encoder, "text": text, "vector": vector})


def forget_vectors(tx: Session, encoder: str, but: Collection[str]) -> None:
    """Deletes every vector but those that this encoder made of the texts with these keys."""
    c = t.passage_vector.c
    tx.execute(delete(t.passage_vector).where(c.encoder != encoder))
    for text in sorted(set(tx.scalars(select(c.text))) - set(but)):
        tx.execute(delete(t.passage_vector).where(c.text == text))
