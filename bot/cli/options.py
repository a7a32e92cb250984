"""Options that several commands take."""

from __future__ import annotations

from pathlib import Path

import click

PLAYBOOKS = click.option(
    "--playbooks",
    type=click.Path(path_type=Path),
    help="The playbooks folder. Default: $THROUGHLINE_PLAYBOOKS, else 'playbooks'.",
)
