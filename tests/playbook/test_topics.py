"""The questions everybody asks: recognised in four languages, and not where something else is asked."""

from __future__ import annotations

import pytest

from bot.playbook.check_topics import TOPICS, unanswered_topics
from bot.playbook.model import Page
from bot.playbook.pages import read_page

ASKED = {
    "en": {
        "job": ("What about my job?", "Will I lose my job?", "Will anyone be laid off?", "Is my pay affected?"),
        "who": ("Who decided this?", "Whose idea was this?", "Who chose the new system?"),
        "final": ("Is it final?", "Can we still change it?", "Has everything already been decided?"),
        "before": ("What happened last time?", "The tablets failed in 2023. Why now?", "Did we not try this before?"),
        "fails": ("What if it fails?", "What if it goes wrong?", "Is there a plan B?"),
        "lose": ("What do I lose?", "What are the disadvantages for me?", "What will I have to give up?"),
        "recorded": ("What is recorded about me?", "Who can see what I enter?", "Does the system track where I am?"),
        "time": ("When will I have time for this?", "I have no time to learn it", "Who covers my visits meanwhile?"),
        "call": ("Whom do I call?", "Where do I get help?", "Who can help me?"),
    },
    "pt": {
        "job": ("E o meu emprego?", "Vou perder meu emprego?", "Vai haver demissões?"),
        "who": ("Quem decidiu isso?", "De quem foi a ideia?"),
        "final": ("Isso é definitivo?", "Já está decidido?", "Ainda dá para mudar?"),
        "before": ("O que aconteceu da última vez?", "Por que desta vez seria diferente?"),
        "fails": ("E se falhar?", "E se der errado?", "Existe um plano B?"),
        "lose": ("O que eu perco?", "Do que vou ter que abrir mão?"),
        "recorded": ("O que fica registrado sobre mim?", "Quem pode ver o que eu escrevo?"),
        "time": ("Quando vou ter tempo para isso?", "Quanto trabalho a mais vou ter?"),
        "call": ("Para quem eu ligo?", "A quem peço ajuda?", "Onde encontro suporte?"),
    },
    "de": {
        "job": ("Was wird aus meinem Arbeitsplatz?", "Verliere ich meine Stelle?", "Gibt es Entlassungen?"),
        "who": ("Wer hat das entschieden?", "Wessen Idee war das?"),
        "final": ("Ist das endgültig?", "Kann das noch gestoppt werden?"),
        "before": ("Was ist beim letzten Mal passiert?", "Warum soll es diesmal klappen?"),
        "fails": ("Was, wenn es scheitert?", "Was, wenn das System nicht funktioniert?"),
        "lose": ("Was verliere ich?", "Welche Nachteile habe ich?"),
        "recorded": ("Was wird über mich aufgezeichnet?", "Wer sieht, was ich schreibe?"),
        "time": ("Wann soll ich Zeit dafür haben?", "Wie viel Mehrarbeit ist das?"),
        "call": ("Wen rufe ich an?", "An wen wende ich mich?", "Wo bekomme ich Hilfe?"),
    },
    "es": {
        "job": ("¿Qué pasa con mi empleo?", "¿Perderé mi puesto?", "¿Habrá despidos?"),
        "who": ("¿Quién decidió esto?", "¿De quién fue la idea?"),
        "final": ("¿Es definitivo?", "¿Ya está decidido?", "¿Todavía se puede cambiar?"),
        "before": ("¿Qué pasó la última vez?", "¿Por qué esta vez sería distinto?"),
        "fails": ("¿Y si falla?", "¿Y si sale mal?"),
        "lose": ("¿Qué pierdo?", "¿A qué tengo que renunciar?"),
        "recorded": ("¿Qué se registra sobre mí?", "¿Quién puede ver lo que escribo?"),
        "time": ("¿Cuándo tendré tiempo para esto?", "¿Cuánto trabajo extra supone?"),
        "call": ("¿A quién llamo?", "¿Dónde encuentro soporte?", "¿Quién me ayuda?"),
    },
}
OTHER = {
    "en": ("Why are we changing?", "When does it start?", "How do I record a visit?", "How long is the training?"),
    "pt": ("Por que estamos mudando?", "Quando começa?", "Como registro uma visita?", "Quanto tempo dura o curso?"),
    "de": ("Warum ändern wir das?", "Wann geht es los?", "Wie erfasse ich einen Besuch?", "Wie lange dauert sie?"),
    "es": ("¿Por qué cambiamos?", "¿Cuándo empieza?", "¿Cómo registro una visita?", "¿Cuánto dura el curso?"),
}


def faq(language: str, *questions: str) -> Page:
    text = "".join(f"## {question}\nText.\n\n" for question in questions)
    page, _ = read_page("crm/faq.md", text.encode(), language)
    assert page is not None
    return page


@pytest.mark.parametrize("language", list(ASKED))
def test_each_question_answers_its_topic_and_no_other(language: str) -> None:
    for topic, questions in ASKED[language].items():
        for question in questions:
            missing = unanswered_topics([faq(language, question)], language)
            assert set(TOPICS.values()) - set(missing) == {TOPICS[topic]}, question


@pytest.mark.parametrize("language", list(OTHER))
def test_other_questions_answer_none(language: str) -> None:
    for question in OTHER[language]:
        assert set(unanswered_topics([faq(language, question)], language)) == set(TOPICS.values()), question


def test_other_wordings_headings_and_regional_languages_count() -> None:
    page, _ = read_page("crm/faq.md", b"## Emprego\nAlso asked: quem decidiu? | e se falhar?\n\nX\n", "pt-BR")
    assert page is not None
    missing = unanswered_topics([page], "pt-BR")
    assert {TOPICS["job"], TOPICS["who"], TOPICS["fails"]}.isdisjoint(missing)
    assert len(missing) == 6


def test_pages_in_another_language_do_not_count() -> None:
    assert len(unanswered_topics([faq("de", "Who decided this?")], "en")) == 9


def test_languages_without_patterns_are_not_judged() -> None:
    assert unanswered_topics([faq("ja", "なぜ?")], "ja") == ()
