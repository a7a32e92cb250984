"""The index of the small playbook, built once."""

from __future__ import annotations

import pytest

from bot.answers import Index
from tests.answers.mini import everything


@pytest.fixture(scope="session")
def index() -> Index:
    return Index(everything())
