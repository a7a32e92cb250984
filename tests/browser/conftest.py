"""A Chromium and a server for all browser tests of a worker, windows for each test."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.windows import MISSING, Windows, browser, chromium, served
from tests.commands.deployment import Server

PLAYBOOKS = Path(__file__).parents[1] / "transcripts/playbooks/small"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Without a Chromium each browser test is skipped, and the summary says so."""
    if not chromium():
        for item in items:
            if Path(__file__).parent in item.path.parents:
                item.add_marker(pytest.mark.skip(reason=MISSING))


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A real server with a few people and playbooks."""
    folder = tmp_path_factory.mktemp("served")
    shutil.copytree(PLAYBOOKS, folder / "playbooks")
    with served(folder, folder / "playbooks") as running:
        yield running


@pytest.fixture(scope="module")
def running_browser() -> Iterator[object]:
    """A Chromium. It is closed before other modules have their turn: while it is open, asyncio.run() cannot be used."""
    with browser() as running:
        yield running


@pytest.fixture
def windows(server: Server, running_browser: object) -> Iterator[Windows]:
    """Windows, closed at the end; a test in which a console complained fails."""
    opened = Windows(running_browser, server.address)  # type: ignore[arg-type]  # named only where it is installed
    yield opened
    opened.close()
    assert opened.complaints == []
