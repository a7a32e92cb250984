"""The library: the playbooks in force with their index, read from the folder, kept in the database, swapped whole.

It knows no platform. A broken playbook never takes effect: the last good version stays, and the faults are reported.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from bot.answers.index import Index
from bot.playbook.folder import read_folder
from bot.playbook.load import assemble, check, split
from bot.playbook.model import Fault, InitiativeFile, Playbooks
from bot.store import playbooks as versions
from bot.store.engine import Store

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The playbooks in force at one moment, never changed afterwards. `as_of`: since when each initiative stands so."""

    playbooks: Playbooks = field(default_factory=Playbooks)
    index: Index = field(default_factory=lambda: Index(()))
    as_of: Mapping[str, date] = field(default_factory=dict)


def snapshot(playbooks: Playbooks, as_of: Mapping[str, date]) -> Snapshot:
    """The playbooks with their index."""
    found = [p for initiative in playbooks.initiatives.values() for p in initiative.passages]
    return Snapshot(playbooks, Index(found), as_of)


class Library:
    """Keeps the playbooks of one deployment up to date. Safe to read from any thread while it is refreshed."""

    def __init__(self, store: Store, folder: Path) -> None:
        self._store = store
        self._folder = folder
        self._lock = threading.Lock()
        self._seen: Mapping[str, bytes] | None = None
        self._versions: Mapping[str, datetime] = {}
        self._current = Snapshot()
        self._faults: tuple[Fault, ...] = ()

    @property
    def current(self) -> Snapshot:
        """What is in force now."""
        return self._current

    @property
    def faults(self) -> tuple[Fault, ...]:
        """The errors found when the folder was last read; they name the playbooks that stayed at an earlier version."""
        return tuple(f for f in self._faults if f.level == "error")

    def initiatives(self) -> list[InitiativeFile]:
        """The initiatives in force as written, by name."""
        return sorted((i.written for i in self._current.playbooks.initiatives.values()), key=lambda w: w.name)

    def refresh(self, now: datetime) -> bool:
        """Takes over what changed in the folder or was stored by another process. True if anything is different now.

        A folder that is missing or empty changes nothing but the faults: it may just be mounted later.
        """
        with self._lock:
            files, faults = read_folder(self._folder)
            if files != self._seen:
                self._publish(files, faults, now) if files else self._report(faults)
                self._seen = files
            return self._take_over()

    def _publish(self, files: Mapping[str, bytes], faults: tuple[Fault, ...], now: datetime) -> None:
        checked = check(files, now.date(), faults)
        self._report(checked.faults)
        scopes = split(files)
        good = {
            s: c for s, c in scopes.items() if s not in checked.broken and (not s or s in checked.playbooks.initiatives)
        }
        with self._store.begin() as tx:
            for scope, content in good.items():
                version = _version(checked.playbooks, scope)
                texts = {path: raw.decode("utf-8-sig") for path, raw in content.items() if not path.endswith(".csv")}
                versions.keep_version(tx, scope, version, texts, now)
            for gone in versions.versions_in_force(tx).keys() - scopes.keys() - {""}:
                versions.retire(tx, gone)
                log.warning(
                    "the folder of the playbook %s is gone: it is no longer in force",
                    gone,
                )

    def _report(self, faults: tuple[Fault, ...]) -> None:
        self._faults = faults
        for fault in self.faults:
            log.error("playbook not taken over: %s", fault)

    def _take_over(self) -> bool:
        with self._store.read() as tx:
            since = versions.in_force_since(tx)
            if since == self._versions:
                return False
            stored = versions.versions_in_force(tx)
        files = {path: text.encode() for content in stored.values() for path, text in content.items()}
        self._current = snapshot(assemble(files), {scope: at.date() for scope, at in since.items()})
        self._versions = since
        return True


def _version(playbooks: Playbooks, scope: str) -> str:
    return playbooks.initiatives[scope].version if scope else playbooks.organisation.version
