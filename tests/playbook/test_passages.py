"""Passages: what of an initiative can be quoted, and which are translations of each other."""

from __future__ import annotations

from collections.abc import Callable

from bot.playbook.load import Checked
from bot.playbook.model import Passage

Check = Callable[[dict[str, bytes]], Checked]


def found(checked: Check, files: dict[str, bytes]) -> dict[tuple[str, str], Passage]:
    result = checked(files)
    assert not result.broken, [str(fault) for fault in result.faults]
    return {(p.file, p.heading): p for p in result.playbooks.initiatives["time-sheets"].passages}


def test_questions_sections_and_facts_are_passages(good: dict[str, bytes], checked: Check) -> None:
    passages = found(checked, good)
    question = passages["time-sheets/faq.md", "Is it final?"]
    assert (question.kind, question.body, question.owner, question.locale) == (
        "question",
        "Yes.",
        "pm@example.com",
        "en",
    )
    section = passages["time-sheets/lesson.md", "First steps"]
    assert (section.kind, section.audience, section.units) == ("page", "payroll-users", ("payroll",))
    fact = passages["time-sheets/initiative.yaml", "purpose"]
    assert (fact.kind, fact.body) == ("fact", "Three systems keep us from closing the month.")
    assert ("time-sheets/lesson.md", "Your first sheet") not in passages
    assert ("time-sheets/faq.md", "Questions") not in passages
    assert len({p.id for p in passages.values()}) == len(passages)
    assert all(p.original == p.id for p in passages.values() if p.locale == "en")


def test_every_fact_is_there_with_names_dates_and_numbers(good: dict[str, bytes], checked: Check) -> None:
    good["time-sheets/initiative.yaml"] += b"""
summary: Short.
scope: {in: [Booking hours], out: [Pay]}
if_we_do_nothing: It gets worse.
makes_possible: Flexible hours.
systems: {kind: payroll, replaced: [OldPay], kept: [Bank link], connected: [HR core]}
support: {name: Service desk, how: ext. 4711}
budget: {amount: 400000, currency: EUR}
"""
    good["time-sheets/initiative.yaml"] = good["time-sheets/initiative.yaml"].replace(
        b"    changes: You close the month in one system.\n",
        b"    changes: One system.\n    gains: [Less typing]\n    losses: [The macros]\n    stays: [Your hours]\n",
    )
    facts = {p.heading: p.body for p in found(checked, good).values() if p.kind == "fact" and p.locale == "en"}
    assert facts == {
        "purpose": "Three systems keep us from closing the month.",
        "summary": "Short.",
        "scope": "(+) Booking hours\n(−) Pay",
        "if_we_do_nothing": "It gets worse.",
        "makes_possible": "Flexible hours.",
        "systems": "payroll\n(−) OldPay\n(=) Bank link\n(+) HR core",
        "support": "Service desk: ext. 4711",
        "budget": "400000 EUR",
        "governance": "The board\nAgreement",
        "units.payroll": "One system.\n(+) Less typing\n(−) The macros\n(=) Your hours",
        "decisions.supplier": "Which supplier.\n2026-09-01",
        "decisions.who-pilots": "Who pilots.\n2027-02-15",
        "kpis.close-days": "Days to close: 9 → 5 days, 2027-12-31",
        "milestones.pilot-start": "Pilot starts: 2027-02-01\nPayroll books in it.",
        "risks.late-data": "Old data arrives late. A rehearsal.",
        "learning.basics": "The basics: 2027-01-25 10:00",
        "learning.first-sheet": "Your first sheet",
    }


def test_only_translated_facts_are_passages_of_the_translation(good: dict[str, bytes], checked: Check) -> None:
    passages = found(checked, good)
    translated = passages["time-sheets/initiative.pt.yaml", "milestones.pilot-start"]
    assert translated.body.startswith("Início do piloto: 2027-02-01")
    assert translated.locale == "pt"
    assert translated.original == passages["time-sheets/initiative.yaml", "milestones.pilot-start"].id
    assert translated.id != translated.original
    assert [p.heading for p in passages.values() if p.file.endswith(".pt.yaml")] == ["milestones.pilot-start"]


def test_a_translation_is_matched_by_position_and_never_more_public(good: dict[str, bytes], checked: Check) -> None:
    passages = found(checked, good)
    original = passages["time-sheets/lesson.md", "First steps"]
    translated = passages["time-sheets/lesson.pt.md", "Primeiros passos"]
    assert translated.original == original.id
    assert (translated.audience, translated.units) == ("payroll-users", ("payroll",))
    assert str(translated.reviewed) == "2027-01-03"


def test_a_translation_with_other_headings_stands_for_itself_but_stays_restricted(
    good: dict[str, bytes], checked: Check
) -> None:
    good["time-sheets/lesson.pt.md"] += b"\n## Mais\nTexto.\n"
    passages = found(checked, good)
    for heading in ("Primeiros passos", "Mais"):
        passage = passages["time-sheets/lesson.pt.md", heading]
        assert passage.original == passage.id
        assert passage.audience == "payroll-users"


def test_a_translation_inherits_topic_and_owner(good: dict[str, bytes], checked: Check) -> None:
    good["time-sheets/faq-jobs.md"] = b"---\ntopic: jobs\nowner: hr@example.com\n---\n## My job?\nStays.\n"
    good["time-sheets/faq-jobs.pt.md"] = b"## Meu emprego?\nFica.\n"
    passage = found(checked, good)["time-sheets/faq-jobs.pt.md", "Meu emprego?"]
    assert (passage.topic, passage.owner, passage.locale) == ("jobs", "hr@example.com", "pt")


def test_ids_stay_when_a_text_changes_and_hashes_tell_it(good: dict[str, bytes], checked: Check) -> None:
    before = found(checked, good)
    good["time-sheets/faq.md"] = good["time-sheets/faq.md"].replace(b"Yes.", b"No.")
    after = found(checked, good)
    changed = {place for place in before if before[place].hash != after[place].hash}
    assert {place: p.id for place, p in before.items()} == {place: p.id for place, p in after.items()}
    assert changed == {("time-sheets/faq.md", "Is it final?")}


def test_wordings_and_front_matter_are_part_of_the_hash(good: dict[str, bytes], checked: Check) -> None:
    place = ("time-sheets/faq.md", "Is it final?")
    hashes = {found(checked, good)[place].hash}
    text = good["time-sheets/faq.md"]
    for old, new in (
        (b"Yes.", b"Yes.\n\nAlso asked: really?"),
        (b"owner: pm@", b"owner: hr@"),
        (b"owner:", b"topic: jobs\nowner:"),
    ):
        hashes.add(found(checked, {**good, "time-sheets/faq.md": text.replace(old, new)})[place].hash)
    assert len(hashes) == 4


def test_a_heading_that_stands_twice_makes_two_passages(good: dict[str, bytes], checked: Check) -> None:
    good["time-sheets/why.md"] = b"## A\n### More\nOne.\n## B\n### More\nTwo.\n"
    result = checked(good)
    twice = [p for p in result.playbooks.initiatives["time-sheets"].passages if p.file == "time-sheets/why.md"]
    assert [(p.heading, p.body) for p in twice] == [("More", "One."), ("More", "Two.")]
    assert twice[0].id != twice[1].id


def test_an_empty_answer_is_no_passage(good: dict[str, bytes], checked: Check) -> None:
    good["time-sheets/faq.md"] = good["time-sheets/faq.md"].replace(b"Yes.", b"")
    assert ("time-sheets/faq.md", "Is it final?") not in found(checked, good)
