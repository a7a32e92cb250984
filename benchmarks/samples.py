"""Writes `bot/answers/samples.bin`, the vectors of the sample playbooks: `python -m benchmarks.samples`.

With it a fresh installation, and the tests, need not spend minutes on encoding what everybody has. A text that changed
meanwhile is encoded where it is needed, so that an old file costs time and nothing else.
"""

from __future__ import annotations

import sys
from pathlib import Path

from benchmarks.remembering import remembering
from benchmarks.sets import SAMPLES
from bot.answers.index import Index
from bot.answers.vector_file import SHIPPED, write_vectors
from bot.playbook.folder import read_folder
from bot.playbook.load import assemble


def main(playbooks: Path = SAMPLES) -> None:
    """Encodes what is new and writes the file."""
    encoder = remembering()
    if encoder is None:
        sys.exit("there is no encoder on this machine")
    files, _ = read_folder(playbooks)
    passages = [p for initiative in assemble(files).initiatives.values() for p in initiative.passages]
    vectors = encoder.vectors(Index(passages, encoder).missing())
    encoder.save()
    write_vectors(SHIPPED, encoder.name, vectors)
    SHIPPED.chmod(0o644)
    print(f"{len(vectors)} vectors of {len(passages)} passages in {SHIPPED}")


if __name__ == "__main__":
    main()
