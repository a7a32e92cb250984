"""The library: the playbooks in force with their index, read from the folder, kept in the database, swapped whole.

It knows no platform. A broken playbook never takes effect: the last good version stays, and the faults are reported.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from types import MappingProxyType

from bot.amending import amended
from bot.answers.encoder import Encoder
from bot.answers.index import Index
from bot.answers.meaning import Piece, encoded
from bot.answers.vector_file import shipped_vectors
from bot.learning.joining import joined
from bot.playbook.fault import Fault
from bot.playbook.folder import read_folder
from bot.playbook.initiative_file import InitiativeFile
from bot.playbook.load import assemble, check, split
from bot.playbook.model import Playbooks
from bot.store import playbooks as versions
from bot.store.amendments import Accepted, accepted
from bot.store.engine import Store
from bot.store.learned import Learned, in_force
from bot.store.vectors import forget_vectors, keep_vectors, vectors_of

ENCODED_AT_ONCE = 16
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The playbooks in force at one moment, never changed afterwards. `as_of`: since when each initiative stands so."""

    playbooks: Playbooks = field(default_factory=Playbooks)
    index: Index = field(default_factory=lambda: Index(()))
    as_of: Mapping[str, date] = field(default_factory=dict)


def snapshot(
    playbooks: Playbooks,
    as_of: Mapping[str, date],
    encoder: Encoder | None = None,
    vectors: Mapping[str, bytes] = MappingProxyType({}),
) -> Snapshot:
    """The playbooks with their index; with an encoder what has a vector is found by what it means too."""
    found = [p for initiative in playbooks.initiatives.values() for p in initiative.passages]
    return Snapshot(playbooks, Index(found, encoder, vectors), as_of)


class Library:
    """Keeps the playbooks of one deployment up to date. Safe to read from any thread while it is refreshed.

    A new version is in force at once; what is new in it is found by its words until `encode` has encoded it.
    """

    def __init__(self, store: Store, folder: Path, encoder: Encoder | None = None) -> None:
        self._store = store
        self._folder = folder
        self._encoder = encoder
        self._vectors: dict[str, bytes] = {}
        self._pending: tuple[Piece, ...] = ()
        self._lock = threading.Lock()
        self._seen: Mapping[str, bytes] | None = None
        self._versions: Mapping[str, datetime] = {}
        self._learned: list[Learned] = []
        self._accepted = Accepted()
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

    def renew(self) -> bool:
        """Takes over what was stored, without a look at the folder. True if anything is different now."""
        with self._lock:
            return self._take_over()

    def encode(self, most: int = ENCODED_AT_ONCE) -> bool:
        """Encodes at most so many of the texts that have no vector yet. True while there is more to do.

        It takes some seconds, in which everything else goes on: call it again and again, from a thread that can wait.
        With the last of them, vectors that nothing needs any more are deleted.
        """
        with self._lock:
            pending = self._pending
            now, later = pending[:most], pending[most:]
        if self._encoder is None or not now:
            return False
        made = encoded(now, self._encoder)
        with self._store.begin() as tx:
            keep_vectors(tx, self._encoder.name, made)
            if not later:
                forget_vectors(tx, self._encoder.name, self._current.index.keys())
        with self._lock:
            self._vectors.update(made)
            if self._pending is pending:
                self._pending = later
                if not later:
                    index = self._current.index.with_vectors(self._vectors)
                    self._current = replace(self._current, index=index)
            return bool(self._pending)

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
            since, learned, said = versions.in_force_since(tx), in_force(tx), accepted(tx)
            if since == self._versions and learned == self._learned and said == self._accepted:
                return False
            stored = versions.versions_in_force(tx)
            if self._encoder is not None:
                self._vectors = shipped_vectors(self._encoder.name) | vectors_of(tx, self._encoder.name)
        files = {path: text.encode() for content in stored.values() for path, text in content.items()}
        as_of = {scope: at.date() for scope, at in since.items()}
        playbooks = joined(amended(assemble(files), said, self._store.seal.mark), learned)
        self._current = snapshot(playbooks, as_of, self._encoder, self._vectors)
        self._pending = self._current.index.missing()
        self._versions, self._learned, self._accepted = since, learned, said
        return True


def _version(playbooks: Playbooks, scope: str) -> str:
    return playbooks.initiatives[scope].version if scope else playbooks.organisation.version
