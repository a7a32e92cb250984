"""`throughline serve` as a real process: it is asked over HTTP, edited, killed and started again."""

from __future__ import annotations

import signal
import socket
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.commands.deployment import Server, throughline, write_playbooks

SECRET = "x" * 32
LIVE = "time-sheets/initiative.yaml"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder to serve from, with the small playbooks."""
    write_playbooks(tmp_path / "playbooks")
    return tmp_path


def rename(home: Path, before: str, after: str) -> None:
    file = home / "playbooks" / LIVE
    file.write_text(file.read_text(encoding="utf-8").replace(before, after), encoding="utf-8")


def test_a_day_of_a_local_server(home: Path) -> None:
    """One process for many steps: each start takes seconds."""
    rename(home, "One time sheet for everyone", "'<script>alert(1)</script>'")
    (home / "playbooks/parking/initiative.yaml").write_text("id: parking\nname: [", encoding="utf-8")
    with Server(home) as server:
        assert server.said.startswith("Throughline is running at http://127.0.0.1:")
        assert server.get("/healthz").status == 200

        # The broken playbook is named; the other one answers.
        ready = server.get("/readyz")
        assert ready.status == 200
        assert ready.text.startswith("ready\nbroken: parking/initiative.yaml:")

        page = server.get("/")
        assert page.status == 200
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page.text
        assert "<script" not in page.text
        assert page.headers["Content-Security-Policy"].startswith("default-src 'none'; ")
        assert server.get("/", Host="evil.example").status == 403

        # Metrics: this machine, or a key that another process made.
        assert "throughline_playbooks 1.0" in server.get("/metrics").text
        assert server.get("/metrics", X_Forwarded_For="203.0.113.9").status == 401
        key = throughline("new-key", folder=home).out.strip()
        metrics = server.get("/metrics", X_Forwarded_For="203.0.113.9", Authorization=f"Bearer {key}")
        assert metrics.status == 200
        assert "throughline_database_up 1.0" in metrics.text

        # An edit is taken over, a mended playbook too, without a restart.
        rename(home, "<script>alert(1)</script>", "Second name")
        write_playbooks(home / "playbooks")
        rename(home, "One time sheet for everyone", "Second name")
        server.until("/", lambda page: "Second name" in page.text and "Parking by number plate" in page.text)
        assert server.get("/readyz").text == "ready\n"

        # A broken edit keeps the last good version,
        (home / "playbooks" / LIVE).write_text("id: time-sheets\nname: Third name\n", encoding="utf-8")
        noted = server.until("/readyz", lambda ready: "broken" in ready.text)
        assert noted.status == 200
        assert noted.text.count("broken: ") == 1
        assert f"broken: {LIVE}:" in noted.text
        assert noted.text.endswith("; its last good version stays in force\n")
        assert "Second name" in server.get("/").text

        # also after the process was killed and the folder is still broken.
        assert server.end(signal.SIGKILL) == -signal.SIGKILL
        server.start()
        assert "Second name" in server.said
        assert "Second name" in server.get("/").text
        assert f"broken: {LIVE}:" in server.get("/readyz").text

        assert server.end(signal.SIGTERM) == 0
        assert "Traceback" not in server.logged()


def test_without_a_playbook_it_is_up_but_not_ready_until_there_is_one(tmp_path: Path) -> None:
    with Server(tmp_path, variables={"THROUGHLINE_LOCAL": "0"}) as server:
        assert "no playbook yet" in server.said
        assert server.get("/healthz").status == 200
        ready = server.get("/readyz")
        assert ready.status == 503
        assert ready.text.startswith("no playbook is usable; 'throughline check' says why\n")
        assert "there is no folder 'playbooks'; create it" in ready.text
        assert server.get("/").status == 404
        write_playbooks(tmp_path / "playbooks")
        assert server.until("/readyz", lambda ready: ready.status == 200).text == "ready\n"
        assert server.end(signal.SIGINT) == 0


def test_with_a_platform_configured_there_is_no_page(home: Path) -> None:
    slack = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "s"}
    with Server(home, variables=slack) as server:
        assert server.get("/readyz").status == 200
        assert server.get("/").status == 404
        assert server.end() == 0


def test_a_port_in_use_is_one_line_and_status_1(home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        ended = throughline("serve", "--port", port, folder=home)
    assert (ended.status, ended.out) == (1, "")
    (said,) = [line for line in ended.err.splitlines() if line.startswith("throughline: ")]
    assert said == (
        f"throughline: cannot listen on 127.0.0.1:{port}: Address already in use."
        " Choose another --port or --host, or stop what listens there"
    )
    assert "Traceback" not in ended.err


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.parametrize("part", ["web", "worker", "clock"])
def test_each_part_runs_by_itself_on_postgresql(home: Path, database_url: str, part: str) -> None:
    env = {"DATABASE_URL": database_url, "THROUGHLINE_SECRET": SECRET}
    with Server(home, ("--only", part), env) as server:
        assert server.get("/healthz").status == 200
        assert server.get("/readyz").text == "ready\n"
        assert "throughline_database_up 1.0" in server.get("/metrics").text
        assert server.get("/").status == (200 if part == "web" else 404)
        assert server.end() == 0
        assert "Traceback" not in server.logged()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_when_the_database_goes_away_it_says_so_and_lives(home: Path, database_url: str) -> None:
    import psycopg

    env = {"DATABASE_URL": database_url, "THROUGHLINE_SECRET": SECRET}
    name = urlsplit(database_url).path.removeprefix("/")
    server_url = database_url.replace(f"/{name}", "/postgres")
    with Server(home, (), env) as server, psycopg.connect(server_url, autocommit=True) as admin:
        assert server.get("/readyz").status == 200
        admin.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
        away = server.until("/readyz", lambda ready: ready.status == 503)
        assert "cannot be used" in away.text
        assert server.get("/healthz").status == 200
        assert "throughline_database_up 0.0" in server.get("/metrics").text
        admin.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
        server.until("/readyz", lambda ready: ready.status == 200)
        assert server.end() == 0
