"""How well messages are judged, beside keywords and the nearest known text: `python -m benchmarks.triage`.

On the held-out half of `tests/triage/messages.jsonl`, which nothing is learned from or chosen by. Messages that say the
same in several languages are drawn together for the intervals, so that a translation does not count as news.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.measure import calibration_error
from benchmarks.remembering import Remembering
from bot.answers.encoder import embedded
from bot.pushback import worry_in
from bot.triage import KINDS, Judge, Triage
from bot.triage.head import learned
from bot.triage.signs import readable

MESSAGES = Path(__file__).parent.parent / "tests" / "triage" / "messages.jsonl"
QUESTIONS = MESSAGES.parent.parent / "eval" / "questions.jsonl"
VECTORS = Path("var/vectors-triage.bin")
DRAWS = 1000
Judged = Callable[[str, str], Triage]


@dataclass(frozen=True, slots=True)
class Message:
    """A labelled message. `group` is what it says, whatever the language; `sort` what makes it hard, or `plain`."""

    id: str
    text: str
    locale: str
    kind: str
    driver: str
    severity: int
    sort: str
    group: str
    part: str


@dataclass(frozen=True, slots=True)
class Row:
    """How well one way of judging does on some messages. `interval` is of `both`, 95 %. `error` is the expected
    calibration error, None where no confidence is claimed."""

    system: str
    on: str
    messages: int
    kind: float
    kind_f1: float
    driver: float
    both: float
    interval: tuple[float, float]
    severity: float
    severity_f1: float
    error: float | None


def labelled(path: Path = MESSAGES) -> list[Message]:
    """The labelled messages."""
    return [Message(**json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()]


def remembering(path: Path = VECTORS) -> Remembering | None:
    """The encoder of this installation with the vectors that were made already; None where there is none."""
    encoder = embedded()
    return Remembering(encoder, path) if encoder else None


KEYWORDS: Mapping[str, str] = {
    "conflicting-priorities": r"priorit|bonus|goals|targets|ziele|metas?\b|objetivos|vorrang",
    "role-threatened": r"\bjobs?\b|replace|redundan|stelle|ersetz|vaga|emprego|demiss|puesto|despid",
    "fear-of-change": r"afraid|scare|panic|nervous|angst|panik|medo|nervos|miedo|pánico",
    "benefit-unclear": r"what for|benefit|what do i get|the point|wozu|nutzen|was bringt|pra que|benef|para qué",
    "workload": r"workload|overtime|no time|überstunden|keine zeit|hora extra|sem tempo|horas extra|sin tiempo",
    "skills-support": r"training|trained|explain|shown|schulung|erklärt|gezeigt|treinamento|explic|formación|curso",
    "data-security": r"data protection|privacy|password|surveil|datenschutz|überwach|passwort|senha|vigil|contraseña",
    "technical": r"crash|error|slow|freez|\bdown\b|absturz|stürzt|fehler|langsam|trav|erro\b|lent|cuelga|falla",
    "cost": r"cost|money|budget|expensive|million|kosten|geld|teuer|dinheiro|custa|caro|dinero|cuesta",
    "not-consulted": r"nobody asked|asked us|over our heads|gefragt|köpfe|perguntou|preguntó|a nuestras espaldas",
    "timing": r"too early|month-end|christmas|holiday|deadline|zeitpunkt|weihnacht|natal|fechamento|navidad|cierre",
    "past-failures": r"last time|again|previous|letztes mal|schon wieder|última vez|de novo|otra vez|la vez pasada",
}
_PRAISE = r"thank|great|well done|love|kudos|danke|super|toll|klasse|obrigad|parabéns|adorei|gracias|enhorabuena|genial"
_REQUEST = r"please|could you|could we|can we|would it|bitte|könnte|können wir|por favor|poderia|podem|podría|pueden"
_STOPS = r"nothing works|down|closed|nichts geht|steht|geschlossen|fora do ar|parad|fechad|caíd|parad|cerrad"
_SUFFERS = r"every day|by hand|late|overtime|jeden tag|von hand|zu spät|todo dia|na mão|atras|cada día|a mano|tarde"


def by_keywords(text: str, _locale: str) -> Triage:
    """What a list of words makes of a message: the baseline that anybody would write first."""
    said = text.casefold()
    driver = next((name for name, cues in KEYWORDS.items() if re.search(cues, said)), "none")
    severity = 3 if re.search(_STOPS, said) else 2 if re.search(_SUFFERS, said) else 1
    if driver != "none":
        kind = "objection"
    elif re.search(_REQUEST, said):
        kind = "request"
    elif said.rstrip().endswith("?"):
        kind = "question"
    else:
        kind = "praise" if re.search(_PRAISE, said) else "other"
    return Triage(kind, driver, severity, 0.0)  # type: ignore[arg-type]  # both are words of the vocabulary


def by_nearest(known: Sequence[tuple[str, Triage]], encoder: Remembering) -> Judged:
    """Whatever the nearest known text was: what an encoder does without anything learned."""
    rows = np.vstack([encoder.encode([readable(text)], asked=True) for text, _ in known])

    def judged(text: str, _locale: str) -> Triage:
        near = rows @ encoder.encode([readable(text)], asked=True)[0]
        return known[int(np.argmax(near))][1]

    return judged


def row(system: str, on: str, messages: Sequence[Message], found: Sequence[Triage], sure: bool) -> Row:
    """The figures of one way of judging on these messages."""
    both = [(f.kind, f.driver) == (m.kind, m.driver) for m, f in zip(messages, found, strict=True)]
    kinds = [(m.kind, f.kind) for m, f in zip(messages, found, strict=True)]
    severities = [(m.severity, f.severity) for m, f in zip(messages, found, strict=True)]
    return Row(
        system,
        on,
        len(messages),
        _share(a == b for a, b in kinds),
        _f1(kinds),
        _share(m.driver == f.driver for m, f in zip(messages, found, strict=True)),
        _share(both),
        _interval([m.group for m in messages], both),
        _share(a == b for a, b in severities),
        _f1(severities),
        calibration_error([f.confidence for f in found], both) if sure else None,
    )


def _share(right: Iterable[bool]) -> float:
    found = list(right)
    return sum(found) / max(1, len(found))


def _f1(pairs: Sequence[tuple[object, object]]) -> float:
    """The mean over labels of the harmonic mean of precision and recall."""
    scores = []
    for label in {meant for meant, _ in pairs}:
        hit = sum(a == b == label for a, b in pairs)
        scores.append(2 * hit / (sum(a == label for a, _ in pairs) + sum(b == label for _, b in pairs)))
    return sum(scores) / max(1, len(scores))


def _interval(groups: Sequence[str], right: Sequence[bool]) -> tuple[float, float]:
    """Where the share of right ones lies in 95 of 100 draws of as many groups, with replacement."""
    chance = random.Random(1)
    by_group: dict[str, list[bool]] = {}
    for group, good in zip(groups, right, strict=True):
        by_group.setdefault(group, []).append(good)
    parts = list(by_group.values())
    drawn = sorted(_share(g for part in chance.choices(parts, k=len(parts)) for g in part) for _ in range(DRAWS))
    return drawn[int(0.025 * DRAWS)], drawn[int(0.975 * DRAWS)]


def rows() -> list[Row]:
    """Throughline beside keywords, the nearest known text and its own way without an encoder, then by language and by
    what makes a message hard."""
    messages = [m for m in labelled() if m.part == "held-out"]
    encoder = remembering()
    ways: dict[str, Judged] = {"keywords": by_keywords, "Throughline, no encoder": Judge(None)}
    if encoder:
        ways = {"keywords": by_keywords, "nearest example": by_nearest(_known(encoder), encoder)} | ways
        ways["Throughline"] = Judge(encoder)
    found: list[Row] = []
    for name, judge in ways.items():
        verdicts = [judge(m.text, m.locale) for m in messages]
        sure = name.startswith("Throughline")
        found.append(row(name, "all", messages, verdicts, sure))
        if name in ("keywords", "Throughline"):
            parts = {f"{m.locale}": "locale" for m in messages} | {m.sort: "sort" for m in messages}
            for value, field in parts.items():
                some = [n for n, m in enumerate(messages) if getattr(m, field) == value]
                found.append(row(name, value, [messages[n] for n in some], [verdicts[n] for n in some], sure))
    if encoder:
        encoder.save()
    return found


@dataclass(frozen=True, slots=True)
class Taken:
    """What is met as a worry: of how many messages of this kind or questions, and how many are."""

    what: str
    on: str
    messages: int
    unanswered: float
    answered: float


def taken() -> list[Taken]:
    """How many held-out objections are met as worries, where nothing or something written answers them, and how many
    messages that are none, by language; then the questions of `tests/eval`, none of which is one."""
    encoder = remembering()
    judge = Judge(encoder)
    messages = [m for m in labelled() if m.part == "held-out"]
    groups = [("objections", "all", [m for m in messages if m.kind == "objection"])]
    groups += [("objections", lo, [m for m in groups[0][2] if m.locale == lo]) for lo in ("en", "pt", "de", "es")]
    groups += [(f"{kind}s", "all", [m for m in messages if m.kind == kind]) for kind in KINDS if kind != "objection"]
    rows = [_taken(what, on, judge, [m.text for m in some]) for what, on, some in groups]
    asked = [json.loads(line) for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]
    for on in (True, False):
        some = [each["text"] for each in asked if bool(each["expect"]) is on]
        rows.append(_taken("tests/eval", "written" if on else "not written", judge, some))
    if encoder:
        encoder.save()
    return rows


def _taken(what: str, on: str, judge: Judge, texts: Sequence[str]) -> Taken:
    found = [(judge(text), text) for text in texts]
    unanswered, answered = (_share(worry_in(f, says, t) is not None for f, t in found) for says in (False, True))
    return Taken(what, on, len(found), unanswered, answered)


def _known(encoder: Remembering) -> list[tuple[str, Triage]]:
    """The texts that are learned from. One without a severity counts as a remark, which most are."""
    from benchmarks.train_triage import clear_of, texts  # noqa: PLC0415 - it needs the messages of this module

    clear = clear_of(labelled(), texts(), encoder, learned().middle)
    return [(t.text, Triage(t.kind, t.driver, t.severity or 1, 0.0)) for t in clear]  # type: ignore[arg-type]  # ours


def table() -> str:
    """The rows as a table to read."""
    head = f"{'':24}{'on':11}   n  kind    F1 driver  both        95 %  sev.    F1   ECE"
    met = f"\n{'met as a worry':24}{'on':11}   n  nothing answers  something does"
    each = (f"{t.what:24}{t.on:11}{t.messages:4} {t.unanswered:16.2f} {t.answered:15.2f}" for t in taken())
    return "\n".join([head, *(_line(each) for each in rows()), met, *each])


def _line(each: Row) -> str:
    low, high = each.interval
    error = "    –" if each.error is None else f"{each.error:5.2f}"
    return (
        f"{each.system:24}{each.on:11}{each.messages:4} {each.kind:5.2f} {each.kind_f1:5.2f} {each.driver:6.2f}"
        f" {each.both:5.2f}   {low:.2f}–{high:.2f} {each.severity:5.2f} {each.severity_f1:5.2f} {error}"
    )


if __name__ == "__main__":
    print(f"kinds: {', '.join(KINDS)}; held-out half of {len(labelled())} messages")
    print(table())
