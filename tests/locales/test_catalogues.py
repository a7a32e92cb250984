"""The message catalogues: every language says everything, in the same shape, and nothing that nobody says.

What the code says is read out of its syntax tree: the keys that are given to whatever says or looks up a message.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Formatter
from typing import get_args

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from bot.board import queue
from bot.board.link import Said
from bot.board.views import VIEWS
from bot.capabilities import by_name
from bot.capabilities.cases import PRESSED_ONLY as NOT_TYPED
from bot.capabilities.cases import VERBS
from bot.capabilities.explain.tact import MATTERS
from bot.capabilities.explain.topics import TOPICS
from bot.capabilities.greet import Help
from bot.capabilities.pulse import ACTS as SURVEY_ACTS
from bot.capabilities.settings import KINDS
from bot.cases import mails
from bot.cases.raised import DECISIONS
from bot.cues import language_wished, phrases, plain
from bot.playbook.shared_files import Switch
from bot.pulse.adkar import ELEMENTS
from bot.pulse.leading import LEFT_OUT
from bot.requests.queue import EFFORTS, NO_GOAL, UNSURE, VALUES
from bot.roles.held import CASES, ROLES
from bot.store.case_history import STATES
from bot.store.themes import RAISED
from bot.triage import DRIVERS
from bot.words import FOLDER, LANGUAGES, Words

ROOT = FOLDER.parent
TRANSLATIONS = tuple(language for language in LANGUAGES if language != "en")

SAYS = {"words": 0, "gettext": 0, "listed": 0, "phrases": 0, "small": 1, "_said": 1, "_no": 1, "no": 1, "said": 1}
SAYS |= {"plain_no": 1, "done": 3, "_note": 2, "_noted": 2, "_list": 1, "not_known": 1}
SAYS |= {"w": 0, "holds": 1, "is_one_of": 1, "begins": 1, "self": 0}
"""Which argument of these calls is the key of a message. `Words` says its own by calling itself."""
OTHER_WORDS = ("playbook", "answers", "store")
"""Packages that say nothing to people: what they call words is something else."""

PRESSED_ONLY = {"more", "show", "lesson", "helpful", "not-helpful", "no-thanks", "reply", "reaction", "gathered",
                "add-answer", "confirm-answer", "undo-answer", "release", "broadcast-read",
                "broadcast-reply", "offer", "take-survey", "action",
                "it-helps", "talk-to"}  # fmt: skip
"""Commands that only buttons say, so that they need no names to be typed."""
TYPED = [name for name in by_name() if name not in PRESSED_ONLY]
QUEUE_COLUMNS = ("number", "kind", "project", "unit", "state", "how-bad", "about", "raised", "next", "owner", "author",
                 "others", "decision", "decided", "text")  # fmt: skip
CASES_OF = ("concern", "request", "question")
STEPS = ("assigned", "asked-back", "replied", "workshop", "workshop-off", "cause", "merged", "split", "decided", "kept",
         "promised", "left", "joined", "corrected", "escalated", "warned", "reminded", "handed-over", "restored",
         "resumed", "parted", "nobody-left", "published", "offered", "hidden", "other")  # fmt: skip
OF_ANY_KIND = ("answer.already", "answer.form-title", "answer.sent", "settled.form-title", "settled.open-already",
               "settled.done")  # fmt: skip
SMALL_TALK = ("greeting", "thanks", "goodbye", "cancel", "insult")
_help = by_name()["help"]
RAISING = ("done", "done-unnamed", "already", "from", "from-somebody",
           "owner-title")  # fmt: skip
FAMILIES: dict[str, list[str]] = {
    "word.{}": TYPED,
    "cue.{}": [*SMALL_TALK, *MATTERS],
    "small.{}": [*SMALL_TALK],
    "matter.{}": [*MATTERS],
    "{}.title": [*TOPICS, "scope", "budget"],
    "{}.button": [*TOPICS],
    "{}.help": [*_help.names, *_help.leading] if isinstance(_help, Help) else [],
    **{f"{{}}.{part}": ["ask", "concern"] for part in RAISING},
    "concern.heard-{}": [*DRIVERS],
    "concern.about-{}": [*DRIVERS],
    "concern.bad-{}": ["1", "2", "3"],
    "changes.{}": ["gains", "losses", "stays"],
    "board.view-{}": [name for name, view in VIEWS.items() if view.listed],
    **{f"board.{{}}-{part}": [*get_args(Said)] for part in ("title", "body")},
    "kit.{}": ["what", "why", "when", "for-unit", "asked"],
    "for-colleague.kind-{}": ["question", "concern"],
    "{}.from": ["ask", "concern", "for-colleague"],
    "settings.kind-{}": [*KINDS],
    "settings.change-{}": ["language", "hours", "platform", "kinds"],
    "privacy.switch-{}": [*get_args(Switch)],
    "win.worry-{}": [driver for driver in DRIVERS if driver != "none"],
    "role.{}": [role for role in ROLES if role != CASES],
    "offer.means-{}": [*ROLES],
    "offer.closed-{}": ["accepted", "declined", "withdrawn", "expired", "gone"],
    "offer.was-{}": ["accepted", "declined", "withdrawn", "expired", "gone"],
    "results.{}": [*ELEMENTS],
    "action.{}-button": ["name", "moved", "nothing"],
    "case-late.warn-{}": ["respond", "decide"],
    "case-lost.{}": [
        "owner",
        "clock",
        "late",
        "pause",
        "state",
        "history",
        "merged",
        "reason",
        "project",
        "kind",
        "mailbox",
    ],
    "case.{}": [*DECISIONS],
    "case.the-{}": [*CASES_OF],
    "case.your-{}": [*CASES_OF],
    "case.title-{}": [*CASES_OF],
    "case.from-{}": [*CASES_OF, "colleague", "confidence", "nobody", "confidence-in", "nobody-in"],
    "case.news-you-{}": ["concern", "request", "concern-about", "request-about"],
    "case.severity-{}": ["1", "2", "3"],
    "case.stands-{}": [*STATES],
    "case.stands-waits{}": ["", "-you"],
    "case.last-word{}": ["", "-request"],
    "case.event-{}": [*STATES, *STEPS, "replied-you"],
    "case.{}-text": ["reply", "add", "ask", "cause"],
    "case.{}-text-hint": ["ask", "cause"],
    "case.{}-title": ["reply", "add", "ask", "cause", "decide", "revise"],
    "cue.case-{}": [verb for verb in VERBS if verb not in NOT_TYPED] + [*DECISIONS],
    **{f"{key}{{}}": ["", "-concern", "-request"] for key in OF_ANY_KIND},
    "survey.sub-{}": [*SURVEY_ACTS],
    "survey.out-{}": [*LEFT_OUT],
    "survey.{}": ["all-affected", "change-agents"],
    "obligation.{}": ["pulse", "learning"],
    "questions.state-{}": ["open", "answered", "resolved", "withdrawn"],
    "queue.whose-{}": [one or "all" for one in queue.WHOSE],
    "queue.state-{}": [*queue.STATES],
    "queue.kind-{}": [*RAISED],
    "queue.number-{}": [*RAISED],
    "queue.is-{}": [*STATES, "waiting"],
    "queue.column-{}": [*QUEUE_COLUMNS],
    "concerns.column-{}": ["theme", "people", "lately", "before", "stands"],
    "confidence.{}-button": ["close", "hide"],
    "confidence.{}-ask": ["close", "hide"],
    "confidence.{}-done": ["close", "hide"],
    "confidence.form-{}": ["text", "reason", "missing", "corrected"],
    "confidence.{}": [*mails.STEPS],
    "confidence.{}-title": [*RAISED],
    "request.value-{}": [*VALUES],
    "request.effort-{}": [*EFFORTS],
    "request.{}-{}": [],  # the two before
    "request.fit-{}": [NO_GOAL, UNSURE],
}
"""The members of the keys that the code puts together. A new such key has to be added here."""


@cache
def _catalogue(language: str) -> Catalog:
    with (FOLDER / language / "messages.po").open("rb") as file:
        return read_po(file, locale=language)


@cache
def _messages(language: str) -> dict[str, Message]:
    return {m.id if isinstance(m.id, str) else m.id[0]: m for m in _catalogue(language) if m.id}


def _forms(message: Message) -> tuple[str, ...]:
    found = message.string
    return (found,) if isinstance(found, str) else tuple(found or ())


def _beside_english(language: str) -> Iterator[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    """Each message with its forms and those of English."""
    for key, message in _messages(language).items():
        if key in _messages("en"):
            yield key, _forms(message), _forms(_messages("en")[key])


def _texts(language: str) -> Iterator[tuple[str, str]]:
    for key, message in _messages(language).items():
        for form in _forms(message):
            yield key, form


def _phrases(language: str, prefix: str) -> Iterator[tuple[str, str]]:
    for key, text in _texts(language):
        if key.startswith(prefix):
            for phrase in text.split("|"):
                yield key, phrase


def _placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


# What the code says.


@dataclass(frozen=True, slots=True)
class _Use:
    """A key, or the pattern of a family of keys, where the code says it."""

    key: str
    where: str
    counted: bool = False


def _key_argument(call: ast.Call) -> tuple[ast.expr | None, bool]:
    """The argument that is the key of a message, and whether the message is counted."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    counted = (
        name == "count" and isinstance(call.func, ast.Attribute) and ast.unparse(call.func.value).endswith("words")
    )
    place = 0 if counted else SAYS.get(name, len(call.args))
    return (call.args[place] if place < len(call.args) else None), counted


def _literals(node: ast.expr, scope: ast.AST) -> Iterator[str]:
    """The keys that an argument can be; of a name, whatever keys are in what it is set to within the function."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        yield "".join(str(p.value) if isinstance(p, ast.Constant) else "{}" for p in node.values)
    elif isinstance(node, ast.IfExp):
        yield from _literals(node.body, scope)
        yield from _literals(node.orelse, scope)
    elif isinstance(node, ast.Name):
        for given in (n for n in ast.walk(scope) if isinstance(n, ast.Assign)):
            if any(isinstance(t, ast.Name) and t.id == node.id for t in given.targets):
                found = (n.value for n in ast.walk(given.value) if isinstance(n, ast.Constant))
                yield from (v for v in found if isinstance(v, str) and re.fullmatch(r"[a-z-]+\.[a-z-]+", v))


def _uses_in(path: Path) -> Iterator[_Use]:
    module = ast.parse(path.read_text(encoding="utf-8"))
    functions = [n for n in ast.walk(module) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
    for scope in [*functions, module]:
        for call in (n for n in ast.walk(scope) if isinstance(n, ast.Call)):
            argument, counted = _key_argument(call)
            for key in _literals(argument, scope) if argument is not None else ():
                yield _Use(key, f"{path.relative_to(ROOT.parent)}:{call.lineno}", counted)


def _kept_in(path: Path) -> Iterator[str]:
    """The texts that stand in a mapping or a tuple, out of which the code takes the key that it says."""
    module = ast.parse(path.read_text(encoding="utf-8"))
    kept = [
        node.values if isinstance(node, ast.Dict) else node.elts
        for node in ast.walk(module)
        if isinstance(node, ast.Dict | ast.Tuple)
    ]
    yield from (v.value for some in kept for v in some if isinstance(v, ast.Constant) and isinstance(v.value, str))


@cache
def _uses() -> tuple[_Use, ...]:
    files = [p for p in sorted(ROOT.rglob("*.py")) if p.relative_to(ROOT).parts[0] not in OTHER_WORDS]
    return tuple(dict.fromkeys(use for path in files for use in _uses_in(path)))


def _said_keys() -> dict[str, str]:
    """Every key that the code says, the members of families included, with one place where it does."""
    said: dict[str, str] = {}
    for use in _uses():
        members = FAMILIES.get(use.key, [])
        keys = [use.key.replace("{}", m) for m in members] if "{}" in use.key else [use.key]
        said.update((key, use.where) for key in keys)
    return said


# The catalogues against each other.


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_a_translation_has_exactly_the_messages_of_english(language: str) -> None:
    english, translated = set(_messages("en")), set(_messages(language))
    assert sorted(english - translated) == [], "missing"
    assert sorted(translated - english) == [], "not in English"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_message_and_no_phrase_is_empty(language: str) -> None:
    listed = [*_phrases(language, "word."), *_phrases(language, "cue.")]
    assert [key for key, text in [*_texts(language), *listed] if not text.strip()] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_plural_form_of_the_language_is_there(language: str) -> None:
    wanted = _catalogue(language).num_plurals
    for key, forms, english in _beside_english(language):
        assert len(forms) == (wanted if len(english) > 1 else 1), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_placeholders_are_those_of_english_in_every_form(language: str) -> None:
    for key, forms, english in _beside_english(language):
        wanted = set().union(*(_placeholders(form) for form in english))
        for number, form in enumerate(forms):
            # The form for one may say "one" in words.
            spared = {"n"} if number == 0 and len(forms) > 1 else set()
            assert _placeholders(form) | spared == wanted | spared, f"{key}: {form}"


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_bold_and_italics_are_where_english_has_them(language: str) -> None:
    for key, forms, english in _beside_english(language):
        marks = {(form.count("**"), form.count("_")) for form in (*forms, *english)}
        assert len(marks) == 1, f"{key}: {forms}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_message_has_html(language: str) -> None:
    assert [key for key, text in _texts(language) if re.search(r"</?[a-z!]|&[a-z]+;|&#\d", text, re.I)] == []


# The catalogues against the code.


def test_the_code_is_understood() -> None:
    found = {use.key for use in _uses()}
    examples = {
        "form.skip",
        "date.today",
        "ask.with-name",
        "missed.nothing",
        "cue.cancel",
        "case.not-yours",
        "{}.title",
    }
    assert examples <= found


def test_keys_that_are_put_together_belong_to_a_known_family() -> None:
    assert [(u.where, u.key) for u in _uses() if "{}" in u.key and u.key not in FAMILIES] == []


def test_every_message_that_the_code_says_is_there() -> None:
    assert {key: where for key, where in _said_keys().items() if key not in _messages("en")} == {}


def test_what_is_counted_has_plural_forms_and_nothing_else_has() -> None:
    counted = {use.key for use in _uses() if use.counted}
    assert counted == {key for key, message in _messages("en").items() if not isinstance(message.id, str)}


def test_no_message_is_said_by_nothing() -> None:
    # Adapters know no catalogue: they ask by the key, through a function that they are handed.
    outside = [*(ROOT.parent / "adapters").rglob("*.py"), *(ROOT / "composition").glob("*.py")]
    literals = set(re.findall(r'"([\w.-]+)"', "".join(file.read_text(encoding="utf-8") for file in outside)))
    said = {*_said_keys(), *(literals & set(_messages("en")))}
    kept = {key for file in ROOT.rglob("*.py") for key in _kept_in(file)}
    assert sorted(set(_messages("en")) - said - kept - {"cue.speak-this-language"}) == []
    wishes = _messages("en")["cue.speak-this-language"].string
    assert language_wished(str(wishes).split("|")[0]) == "en"


# What people may say.


def test_no_phrase_is_claimed_by_two_commands() -> None:
    claims: dict[str, set[str]] = defaultdict(set)
    for language in LANGUAGES:
        for key, phrase in _phrases(language, "word."):
            claims[plain(phrase)].add(key)
    claims.pop("", None)
    assert {phrase: sorted(keys) for phrase, keys in claims.items() if len(keys) > 1} == {}


def test_no_phrase_asks_for_two_languages() -> None:
    for language in LANGUAGES:
        for _, wish in _phrases(language, "cue.speak-this-language"):
            assert language_wished(wish) == language, wish


def test_no_small_talk_is_also_a_command() -> None:
    commands = {phrase for name in TYPED for phrase in phrases(f"word.{name}")}
    for kind in SMALL_TALK:
        assert phrases(f"cue.{kind}") & commands == set(), kind


@pytest.mark.parametrize("language", LANGUAGES)
def test_phrases_are_long_enough_not_to_be_met_by_accident(language: str) -> None:
    listed = [*_phrases(language, "word."), *_phrases(language, "cue.")]
    assert [(key, p) for key, p in listed if len(plain(p)) < 2 and p not in ("-", "?")] == []
    assert [(key, p) for key, p in listed if p != p.strip().lower()] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_help_line_begins_with_a_word_that_the_command_understands(language: str) -> None:
    for name in FAMILIES["{}.help"]:
        shown = str(_messages(language)[f"{name}.help"].string).partition(":")[0]
        head = plain(re.sub(r"\d", "", shown))
        understood = {plain(p) for _, p in _phrases(language, f"word.{name}")}
        assert head in understood, f"{name}.help: {head}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_welcome_names_commands_that_are_understood(language: str) -> None:
    named = {plain(q) for q in re.findall(r'["„«“]([^"”“»]+)["”“»]', str(_messages(language)["welcome.quiet"].string))}
    assert len(named) == 2
    assert named & phrases("word.quiet")
    assert named & phrases("word.settings")


# A language that we do not have.


def test_a_language_without_a_catalogue_is_answered_in_english() -> None:
    french = Words("fr")
    assert french("small.thanks") == str(_messages("en")["small.thanks"].string)
    assert french.count("when.more", 3) == _forms(_messages("en")["when.more"])[1].format(n=3)


def test_a_key_that_no_language_has_is_refused() -> None:
    with pytest.raises(KeyError, match=r"no\.such-message"):
        Words("de")("no.such-message")


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_message_says_its_own_key(language: str) -> None:
    """gettext gives the key back where a message is missing, so a message must not look like one."""
    assert [key for key, message in _messages(language).items() if message.string == key] == []
