"""Versions of playbooks, so that every process and a restart has the last good one. What is in a file is not
its matter.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, select

from bot.store import tables as t
from bot.store.engine import Session
from bot.store.sql import put

# Earlier versions are kept for looking up what was in force; more than this nobody has asked for.
VERSIONS_KEPT = 10


def keep_version(tx: Session, scope: str, version: str, files: Mapping[str, str], now: datetime) -> bool:
    """Puts this version in force. `scope` is an initiative, or '' for what all share; `files` are texts by
    path.

    False if it was in force already. Going back to an earlier version is a change like any other.
    """
    held = select(t.playbook_in_force.c.version).where(t.playbook_in_force.c.scope == scope)
    if tx.scalar(held.with_for_update()) == version:
        return False
    key = {"scope": scope, "version": version}
    put(tx, t.playbook_version, key, {"files": dict(files), "stored_at": now})
    put(tx, t.playbook_in_force, {"scope": scope}, {"version": version, "since": now})
    _prune(tx, scope)
    return True


def _prune(tx: Session, scope: str) -> None:
    c = t.playbook_version.c
    newest = select(c.version).where(c.scope == scope).order_by(c.stored_at.desc()).limit(VERSIONS_KEPT)
    in_force = select(t.playbook_in_force.c.version).where(t.playbook_in_force.c.scope == scope)

    kept = [*tx.scalars(newest), *tx.scalars(in_force)]
    tx.execute(delete(t.playbook_version).where(c.scope == scope, c.version.not_in(kept)))


def retire(tx: Session, scope: str) -> None:
    """Takes this playbook out of force; its versions stay."""
    tx.execute(delete(t.playbook_in_force).where(t.playbook_in_force.c.scope == scope))


def versions_in_force(tx: Session) -> dict[str, dict[str, str]]:
    """The files of every playbook in force, by scope."""
    version, force = t.playbook_version.c, t.playbook_in_force.c
    same = (version.scope == force.scope) & (version.version == force.version)
    query = select(version.scope, version.files).join_from(t.playbook_in_force, t.playbook_version, same)
    return {row.scope: row.files for row in tx.execute(query.order_by(version.scope))}


def in_force_since(tx: Session) -> dict[str, datetime]:
    """Since when each playbook stands as it does, by scope."""
    query = select(t.playbook_in_force.c.scope, t.playbook_in_force.c.since)
    return {row.scope: row.since for row in tx.execute(query)}
