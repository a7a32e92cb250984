"""Markdown files as pages: front matter, language, headings, and the other wordings of a question."""

from __future__ import annotations

from datetime import date

import pytest

from bot.playbook.model import Page
from bot.playbook.pages import headings, language_of, read_page


def page(text: str, file: str = "crm/faq.md", language: str = "en") -> Page:
    found, faults = read_page(file, text.encode(), language)
    assert found is not None, faults
    assert faults == []
    return found


def sections(text: str, file: str = "crm/faq.md") -> list[tuple[str, int, str]]:
    return [(section.heading, section.level, section.body) for section in page(text, file).sections]


def test_front_matter_is_typed() -> None:
    front = page("---\nowner: A@Example.com\nreviewed: 2027-01-02\nunits: [sales]\ntopic: jobs\n---\n## Why?\n").front
    assert (front.owner, front.reviewed, front.units, front.topic) == (
        "a@example.com",
        date(2027, 1, 2),
        ("sales",),
        "jobs",
    )


def test_a_page_needs_no_front_matter_and_a_rule_further_down_is_none() -> None:
    assert sections("## Why?\nBecause.\n\n---\n\nEnd.\n") == [("Why?", 2, "Because.\n\n---\n\nEnd.")]


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("---\nowner: a@example.com\n", 1, "never ends"),
        ("---\nowner: [a\n---\n", 2, "not closed"),
        ("---\n- a\n---\n", 2, "must hold keys"),
        ("---\na: 1\nreviewed: soon\n---\n", 3, "write the date"),
        ("---\naudience: Leaders\n---\n", 2, "not an id"),
        ("x\n" * 100_001, 1, "more than 100000 lines"),
    ],
)
def test_a_page_that_cannot_be_read_says_where(text: str, line: int, message: str) -> None:
    found, faults = read_page("crm/faq.md", text.encode(), "en")
    assert found is None
    errors = [fault for fault in faults if fault.level == "error"]
    assert [(fault.file, fault.line) for fault in errors] == [("crm/faq.md", line)]
    assert message in errors[0].message


def test_in_a_faq_the_deeper_headings_belong_to_the_answer() -> None:
    text = "# Questions\n\nCollected in May.\n\n## Why?\n\nOne.\n\n### In detail\nTwo.\n\n"
    text += "## When?\nMay.\n\n# More\n## Who?\nAna.\n"
    assert sections(text) == [
        ("Questions", 1, "Collected in May."),
        ("Why?", 2, "One.\n\n### In detail\nTwo."),
        ("When?", 2, "May."),
        ("More", 1, ""),
        ("Who?", 2, "Ana."),
    ]


def test_in_other_pages_every_heading_counts_and_so_do_underlined_ones() -> None:
    text = "Before.\n\nTitle\n=====\n\nText.\n\nPart\n----\n### Deep ###\nMore.\n"
    assert sections(text, "crm/why.md") == [
        ("Title", 0, "Before."),
        ("Title", 1, "Text."),
        ("Part", 2, ""),
        ("Deep", 3, "More."),
    ]


def test_a_page_without_any_heading_is_headed_by_its_name() -> None:
    assert sections("Just text.\n", "crm/what-changes.pt.md") == [("What changes", 0, "Just text.")]


def test_what_only_looks_like_a_heading_is_none() -> None:
    text = (
        "## Why?\n```\n## code\n```\n    ## code\n\n> ## quoted\n\n- item\n  ## in a list\n\n#no\n\n~~~\n# more code\n"
    )
    assert [heading for heading, _, _ in sections(text)] == ["Why?"]


def test_a_heading_in_raw_html_is_one_because_html_is_text() -> None:
    assert sections("<div>\n## Why?\n</div>\n", "crm/why.md") == [("Why", 0, "<div>"), ("Why?", 2, "</div>")]


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("Why **now**?", "Why now?"),
        ("Why `ORDA` and [Linden](x.md)?", "Why ORDA and Linden?"),
        ("Who *really* decides", "Who really decides"),
        ("R&D and snake_case", "R&D and snake_case"),
        (r"5 \* 3", "5 * 3"),
        ("AT&amp;T", "AT&T"),
        ("  Spaced   out  ", "Spaced out"),
        ("<b>bold</b>", "<b>bold</b>"),
    ],
)
def test_a_heading_is_its_words_without_markup(written: str, words: str) -> None:
    assert page(f"## {written}\nText.\n").sections[0].heading == words


@pytest.mark.parametrize(
    "also",
    [
        "Also asked: one? | two? | three?",
        "Also asked: one?\ntwo?\nthree?",
        "also asked:\none?\n two? | three?",
        "ALSO ASKED: one? |\n| two? | three?",
        "Also asked:\n- one?\n- two?\n- three?",
        "Also asked:\n\n* one?\n* two?\n* three?",
        "Also asked:\n1. one?\n2. two?\n3. three?",
        "**Also asked:** one? | *two?* | three?",
        "_Also asked_: one? | two? | three?",
    ],
)
def test_other_wordings_are_found_and_never_part_of_the_answer(also: str) -> None:
    for text in (f"## Why?\n\n{also}\n\nBecause.\n", f"## Why?\nBecause.\n\n{also}\n", f"## Why?\nBecause.\n{also}\n"):
        (section,) = page(text).sections
        assert section.also == ("one?", "two?", "three?"), text
        assert section.body == "Because.", text


def test_a_list_of_the_answer_is_no_list_of_wordings() -> None:
    (section,) = page("## Why?\nAlso asked: one?\n\n- A reason.\n- Another.\n").sections
    assert section.also == ("one?",)
    assert section.body == "- A reason.\n- Another."


def test_two_paragraphs_of_wordings_add_up_and_a_quoted_one_is_text() -> None:
    (section,) = page(
        "## Why?\nAlso asked: one?\n\nBecause.\n\nAlso asked: two?\n\n```\nAlso asked: code\n```\n"
    ).sections
    assert section.also == ("one?", "two?")
    assert section.body == "Because.\n\n\n```\nAlso asked: code\n```"


@pytest.mark.parametrize(
    ("file", "original", "language"),
    [
        ("crm/faq.md", "crm/faq.md", ""),
        ("crm/faq.pt.md", "crm/faq.md", "pt"),
        ("crm/faq.pt-BR.md", "crm/faq.md", "pt-BR"),
        ("crm/faq.pt-br.md", "crm/faq.md", "pt-BR"),
        ("crm/plan.v2.md", "crm/plan.v2.md", ""),
        ("initiative.pt.yaml", "initiative.yaml", "pt"),
    ],
)
def test_the_language_is_in_the_file_name(file: str, original: str, language: str) -> None:
    assert language_of(file) == (original, language)


def test_a_suffix_of_the_initiatives_own_language_makes_no_translation() -> None:
    assert page("## Por quê?\nPorque.\n", "crm/faq.pt.md", "pt").original == ""
    assert page("## Why?\nSo.\n", "crm/faq.en.md", "pt").original == "crm/faq.md"
    assert page("## Por quê?\nPorque.\n", "crm/faq.md", "pt").locale == "pt"


def test_lines_are_those_of_the_file_whatever_its_line_ends() -> None:
    text = "---\nowner: a@example.com\n---\n# T\n\n## Why?\nSo.\n"
    for ends in ("\n", "\r\n", "\r"):
        found = page(text.replace("\n", ends))
        assert [section.line for section in found.sections] == [4, 6]
        assert found.sections[1].body == "So."
    assert page("\ufeff## Why?\nSo.\n").sections[0].line == 1


def test_all_headings_of_a_page_are_known_for_links() -> None:
    assert headings(b"---\na: 1\n---\n# A\n## B\n### C\n") == ("A", "B", "C")
    assert headings(b"\xff") == ()
