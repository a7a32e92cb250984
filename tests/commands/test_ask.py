"""`throughline ask`: a command line in, its output and exit status out."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.commands.conftest import Run
from tests.commands.deployment import ROOT, clean_environment, throughline, write_playbooks


def lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def batch(*questions: dict[str, Any]) -> bytes:
    return b"".join(json.dumps(question).encode() + b"\n" for question in questions)


def test_one_question_is_answered_as_text(run: Run) -> None:
    ended = run("ask", "where do I find my old sheets?")
    assert ended.status == 0
    assert "readable in the archive until the end of 2028" in ended.out
    assert ended.err == ""


def test_one_question_is_answered_as_json(run: Run) -> None:
    ended = run("ask", "--json", "where do I find my old sheets?")
    (line,) = lines(ended.out)
    assert list(line) == ["answered", "text", "confidence", "sources"]
    assert line["answered"] is True
    first = line["sources"][0]
    assert list(first) == ["initiative", "file", "heading", "score"]
    assert (first["initiative"], first["file"]) == ("time-sheets", "time-sheets/faq.md")
    assert first["heading"] == "Where do I find my old sheets?"


def test_no_database_no_secret_and_no_server_is_needed(run: Run, place: Path) -> None:
    before = sorted(p.name for p in place.iterdir())
    env = {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none", "PORT": "none", "SLACK_BOT_TOKEN": "half"}
    assert run("ask", "where do I find my old sheets?", **env).status == 0
    assert run("check", **env).status == 0
    # What passages mean is kept beside them: neither a database nor a secret.
    assert [p.name for p in place.glob("var/*")] in ([], ["vectors.bin"])
    assert sorted(p.name for p in place.iterdir() if p.name != "var") == before


def test_what_is_not_written_is_not_answered(run: Run) -> None:
    (line,) = lines(run("ask", "--json", "how tall is the tallest giraffe in Africa?").out)
    assert line["answered"] is False
    assert 0 <= line["confidence"] < 0.5
    assert len(line["sources"]) <= 5


def test_a_worry_that_nothing_answers_is_met_and_nothing_is_kept(run: Run, place: Path) -> None:
    """Understood first, then how it could be raised, in the contract's form."""
    said = "nobody asked us whether we want any of this, and it ruins our week"
    shown = run("ask", said).out
    (line,) = lines(run("ask", "--json", said).out)

    assert shown.startswith("“nobody asked us whether we want any of this, and it ruins our week”.")
    assert "In the chat the same words can go to the people who decide" in shown
    assert list(line) == ["answered", "text", "confidence", "sources"]
    assert line["answered"] is False
    assert "people who decide" in line["text"]


@pytest.mark.parametrize("asked", ["where do I find my old sheets?", "when does it start?", "who decides?"])
def test_a_plain_question_is_not_met_as_a_worry(run: Run, asked: str) -> None:
    assert "people who decide" not in run("ask", asked).out


def test_every_line_of_a_batch_has_its_answer_in_order_and_with_its_id(run: Run, place: Path) -> None:
    asked: list[dict[str, Any]] = [
        {"id": "a", "text": "where do I find my old sheets?"},
        {"id": 2, "text": "how do I register a rental car?", "initiative": "parking", "locale": "en"},
        {"id": None, "text": "xyzzy plugh"},
        {"id": {"deep": [1]}, "text": "", "unit": None},
        {"id": "pt", "text": "por que isso muda?", "unit": "stores"},
    ]
    (place / "asked.jsonl").write_bytes(b"\xef\xbb\xbf" + batch(*asked) + b"\n")
    ended = run("ask", "--batch", "asked.jsonl", "--json")
    found = lines(ended.out)
    assert (ended.status, ended.err) == (0, "")
    assert [line["id"] for line in found] == [one["id"] for one in asked]
    assert [list(line) for line in found] == [["id", "answered", "text", "confidence", "sources"]] * 5
    assert [line["answered"] for line in found[:4]] == [True, True, False, False]
    for line in found:
        assert 0 <= line["confidence"] <= 1
        scores = [source["score"] for source in line["sources"]]
        assert scores == sorted(scores, reverse=True)
        assert len(scores) <= 5


def test_a_batch_comes_from_standard_input(run: Run) -> None:
    ended = run("ask", "--batch", "-", "--json", stdin=batch({"id": 7, "text": "where do I find my old sheets?"}))
    assert [line["id"] for line in lines(ended.out)] == [7]


@pytest.mark.parametrize(
    ("line", "what"),
    [
        (b"{bad", "this line is not JSON"),
        (b"[" * 100_000, "this line is not JSON"),
        (b'{"id": NaN, "text": "why?"}', "this line is not JSON"),
        (b"9" * 5000, "this line is not JSON"),
        (b'"why?"', 'a line needs "id" and "text"'),
        (b'{"text": "why?"}', 'a line needs "id" and "text"'),
        (b'{"id": 1}', 'a line needs "id" and "text"'),
        (b'{"id": 1, "text": ["why?"]}', 'a line needs "id" and "text"'),
        (b'{"id": 1, "text": "why?", "locale": 5}', '"locale" must be a text'),
        (b'{"id": 1, "text": "caf\xe9"}', "this line is not UTF-8"),
        (b'{"id": 1, "text": "why?", "unit": "nope"}', "no unit 'nope' in units.yaml; there is: payroll, stores"),
        (b'{"id": 1, "text": "?", "initiative": "x"}', "no usable initiative 'x'; there is: parking, time-sheets"),
    ],
)
def test_a_bad_line_of_a_batch_is_named_by_file_and_line_after_the_good_ones(
    run: Run, place: Path, line: bytes, what: str
) -> None:
    (place / "asked.jsonl").write_bytes(batch({"id": 1, "text": "where do I find my old sheets?"}) + b"\n" + line)
    ended = run("ask", "--batch", "asked.jsonl", "--json")
    assert ended.status == 1
    assert ended.err.startswith(f"throughline: asked.jsonl:3: {what}")
    assert ended.err.count("\n") == 1
    assert [one["id"] for one in lines(ended.out)] == [1]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), "give a question in quotes, or --batch FILE"),
        (("why?", "--batch", "-", "--json"), "give a question in quotes, or --batch FILE"),
        (("--batch", "-"), "--batch needs --json"),
        (("--batch", "none.jsonl", "--json"), "none.jsonl"),
        (("why", "is", "it"), "unexpected extra arguments (is it)"),
        (("why?", "--loud"), "--loud"),
        (("why?", "--unit"), "--unit"),
    ],
)
def test_wrong_use_is_one_line_and_status_2(run: Run, arguments: tuple[str, ...], says: str) -> None:
    ended = run("ask", *arguments)
    assert (ended.status, ended.out) == (2, "")
    assert says in ended.err
    assert ended.err.startswith("throughline ask: ")
    assert ended.err.endswith("(see 'throughline ask --help')\n")
    assert ended.err.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--initiative", "nope"), "no usable initiative 'nope'; there is: parking, time-sheets"),
        (("--unit", "nope"), "no unit 'nope' in units.yaml; there is: payroll, stores"),
        (("--playbooks", "nowhere"), "no usable playbook in nowhere: run 'throughline check --playbooks nowhere'"),
    ],
)
def test_what_does_not_exist_is_named_with_what_does(run: Run, arguments: tuple[str, ...], says: str) -> None:
    ended = run("ask", "why?", *arguments)
    assert (ended.status, ended.out) == (1, "")
    assert ended.err.splitlines()[-1].startswith(f"throughline: {says}")


def test_a_broken_playbook_is_left_out_and_the_one_beside_it_answers(run: Run, place: Path) -> None:
    (place / "playbooks/parking/initiative.yaml").write_text("id: parking\nname: [", encoding="utf-8")
    ended = run("ask", "where do I find my old sheets?")
    assert ended.status == 0
    assert "readable in the archive" in ended.out
    assert ended.err.startswith("left out: parking/initiative.yaml:")


def test_the_folder_is_taken_from_the_option_before_the_environment(run: Run, place: Path) -> None:
    write_playbooks(place / "other")
    assert run("ask", "where do I find my old sheets?", THROUGHLINE_PLAYBOOKS="nowhere").status == 1
    ended = run("ask", "--playbooks", "other", "where do I find my old sheets?", THROUGHLINE_PLAYBOOKS="nowhere")
    assert ended.status == 0


def test_a_draft_is_answered_only_when_it_is_named(run: Run, place: Path) -> None:
    file = place / "playbooks/parking/initiative.yaml"
    file.write_text(file.read_text(encoding="utf-8") + "status: draft\n", encoding="utf-8")
    (hidden,) = lines(run("ask", "--json", "how do I register a rental car?").out)
    assert hidden["answered"] is False
    assert not [s for s in hidden["sources"] if s["initiative"] == "parking"]
    assert "gate app" not in hidden["text"]
    (named,) = lines(run("ask", "--json", "--initiative", "parking", "how do I register a rental car?").out)
    assert named["answered"] is True
    assert "gate app" in named["text"]


def test_the_unit_decides_what_changes(run: Run) -> None:
    assert "Hours arrive checked" in run("ask", "what changes for me?", "--unit", "payroll").out
    assert "No card any more" in run("ask", "what changes for me?", "--unit", "stores", "--locale", "en").out


def test_the_locale_decides_the_language(run: Run) -> None:
    asked = ("ask", "how tall is the tallest giraffe in Africa?", "--initiative", "parking", "--locale")
    assert "I don't know" in run(*asked, "en").out
    assert "weiß ich nicht" in run(*asked, "de").out
    assert "não sei" in run(*asked, "pt-BR").out.lower()


@pytest.mark.parametrize("text", ["a" * 1_000_000, "why is " * 150_000, "🙂" * 300_000, "\0 why \0", "<@U1> `rm`"])
def test_huge_and_odd_texts_are_answered_decently(run: Run, text: str) -> None:
    ended = run("ask", "--batch", "-", "--json", stdin=batch({"id": 1, "text": text}))
    assert ended.status == 0
    assert lines(ended.out)[0]["text"]
    assert len(ended.out) < 10_000


@pytest.mark.parametrize("id", ["\ud800", "\u2028", "\x85", "\0", "Não 🙂"])
def test_an_odd_id_comes_back_as_it_was_on_one_line(run: Run, id: str) -> None:
    ended = run("ask", "--batch", "-", "--json", stdin=batch({"id": id, "text": f"why {id}?"}))
    assert ended.status == 0
    assert [line["id"] for line in lines(ended.out)] == [id]


words = st.text(max_size=60) | st.binary(max_size=40).map(os.fsdecode)


@given(question=words, initiative=words, locale=words, unit=words, as_json=st.booleans())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_argument_ends_in_a_traceback(
    run: Run, question: str, initiative: str, locale: str, unit: str, as_json: bool
) -> None:
    options = [f"--initiative={initiative}", f"--locale={locale}", f"--unit={unit}", *["--json"] * as_json]
    ended = run("ask", *options, "--", question)
    assert ended.status in {0, 1}
    assert bool(ended.out) == (ended.status == 0)
    assert len(ended.err.splitlines()) == ended.status


@given(
    raw=st.lists(st.binary(max_size=30) | words.map(lambda t: json.dumps({"id": t, "text": t}).encode()), max_size=5)
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_batch_ends_in_a_traceback(run: Run, raw: list[bytes]) -> None:
    ended = run("ask", "--batch", "-", "--json", stdin=b"\n".join(raw))
    assert ended.status in {0, 1}
    assert len(lines(ended.out)) <= len([line for part in raw for line in part.split(b"\n") if line.strip()])
    assert (ended.status == 0) == (ended.err == "")


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="no pseudo-terminals here")
def test_a_batch_counts_on_the_terminal_while_its_answers_go_elsewhere(place: Path) -> None:
    terminal, end = os.openpty()
    command = [sys.executable, "-m", "bot", "ask", "--batch", "-", "--json"]
    env = {**clean_environment(), "PYTHONPATH": str(ROOT)}
    asked = batch({"id": 1, "text": "why?"}, {"id": 2, "text": "why?"})
    done = subprocess.run(command, cwd=place, env=env, input=asked, stdout=subprocess.PIPE, stderr=end, check=True)
    os.close(end)
    shown = os.read(terminal, 10_000).decode()
    os.close(terminal)
    assert [line["id"] for line in lines(done.stdout.decode())] == [1, 2]
    # First it may tell how far it is with reading what is new in the playbooks.
    assert shown.replace("\r\n", "\n").endswith("\r1 answered\r2 answered\n")


def test_as_a_process_it_answers_and_fails_in_one_line(place: Path) -> None:
    asked = throughline("ask", "--json", "where do I find my old sheets?", folder=place, LC_ALL="C", PYTHONUTF8="0")
    assert asked.status == 0
    assert lines(asked.out)[0]["answered"] is True
    wrong = throughline("ask", "--batch", "-", "--json", folder=place, stdin="{")
    assert (wrong.status, wrong.out) == (1, "")
    assert wrong.err == "throughline: <stdin>:1: this line is not JSON\n"
