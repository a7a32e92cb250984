"""The language of what somebody typed, or None."""

from __future__ import annotations

import pytest

from bot.answers import detect

PRODUCT = ("en", "pt-BR", "de", "es")
SENTENCES = [
    ("Why are we replacing the old system?", "en"),
    ("who decided that we need this in Basel", "en"),
    ("it is too much work for field sales", "en"),
    ("Warum wird das alte System abgelöst?", "de"),
    ("Wann geht das CRM Dashboard im Customer Service live?", "de"),
    ("gibt es einen Workaround fuer das Reporting Tool", "de"),
    ("Muss ich das Onboarding für Salesforce Marketing Cloud machen", "de"),
    ("Por que estão trocando o sistema antigo?", "pt-BR"),
    ("vou perder meus dados do Veeva Vault", "pt-BR"),
    ("quando começa o training do time de Field Sales", "pt-BR"),
    ("cuándo empieza la formación de Field Sales", "es"),
    ("no puedo entrar en el Dashboard desde ayer", "es"),
    ("quién decidió esto sin preguntarnos", "es"),
]
OTHERS = [
    ("Hvorfor skifter vi det gamle system ud?", "da"),
    ("Waarom wordt het oude systeem vervangen?", "nl"),
    ("Pourquoi remplace-t-on l'ancien système ?", "fr"),
    ("Perché cambiamo il vecchio sistema?", "it"),
]
UNSURE = [
    "", "ok", "why?", "why so late", "CRM Dashboard Customer Hub", "Ana Silva Peter Müller", "😀 😀 😀 😀",
    "https://example.com/why/are/we/doing/this", "SELECT * FROM users WHERE id = 7", "1 2 3 4 5 6",
    "`for line in file: print(line)`",
]  # fmt: skip


@pytest.mark.parametrize(("text", "locale"), SENTENCES)
def test_told_among_the_product_languages(text: str, locale: str) -> None:
    assert detect(text, PRODUCT) == locale


@pytest.mark.parametrize(("text", "locale"), SENTENCES[:1] + OTHERS)
def test_told_among_others(text: str, locale: str) -> None:
    assert detect(text, ("en", "da", "nl", "fr", "it")) == locale


@pytest.mark.parametrize("text", UNSURE)
def test_not_told_where_it_is_not_sure(text: str) -> None:
    assert detect(text, PRODUCT) is None


@pytest.mark.parametrize("text", ["Hvorfor bytter vi ut det gamle systemet nå", "Dlaczego zmieniamy stary system"])
def test_a_language_outside_the_choice_is_none_of_them(text: str) -> None:
    assert detect(text, ("en", "de")) is None


def test_nothing_to_choose_from() -> None:
    assert detect("Why are we replacing the old system?", ()) is None
    assert detect("Why are we replacing the old system?", ("xx",)) is None
