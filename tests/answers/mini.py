"""A small playbook in three languages that the tests of this folder ask."""

from __future__ import annotations

from bot.playbook.model import Passage

# heading, other wordings, body; all of one FAQ in English unless an id says otherwise
ENGLISH = (
    ("why", "Why is the old time sheet going away?", ("what was wrong with the old one",),
     "The maker stops all support in June 2027, and nobody can repair it after that."),
    ("when", "When does my department change over?", ("date of the switch", "when do we start"),
     "Payroll starts on 1 March 2027, the warehouse on 3 May 2027."),
    ("training", "How much training do I get?", ("learning the new tool", "is there a course"),
     "Two hours in a group of eight, and a key user sits next to you in the first week."),
    ("job", "Will anybody be dismissed because of it?", ("what about my job", "layoffs"),
     "No position is cut because of this project; the works council has that in writing."),
    ("cost", "What does the new time sheet cost?", ("budget", "how much money is spent"),
     "EUR 400,000 until the end of 2027, of which half is for moving old records."),
    ("phone", "Can I enter hours on my phone?", ("mobile app", "does it work on a tablet"),
     "Yes, on company phones; private phones are decided in December."),
    ("records", "What happens to my old records?", ("is my history lost", "migration of old sheets"),
     "Everything since 2020 is moved; older sheets stay readable in the archive ARKO."),
    ("decided", "Who decided this?", ("whose idea was it",),
     "The steering group, in September 2026, after hearing the works council."),
    ("overtime", "How is overtime counted?", ("extra hours", "working late"),
     "As before: by the quarter of an hour, approved by your team lead."),
    ("offline", "Does it work without network?", ("no internet in the warehouse",),
     "Yes. Hours are kept on the device and sent when there is a connection again."),
    ("sick", "How do I report sick leave?", ("I am ill today",),
     "As before, by telephone to your team lead; the sheet then fills itself in."),
    ("data", "Who can see my hours?", ("privacy", "does my boss watch me"),
     "You, your team lead and payroll. Nobody measures how fast you work."),
)  # fmt: skip
PORTUGUESE = (
    ("why", "Por que a folha de ponto antiga vai acabar?", "O fabricante encerra o suporte em junho de 2027."),
    ("training", "Quanto treinamento eu recebo?", "Duas horas em grupo, e uma pessoa de apoio na primeira semana."),
    ("cost", "Quanto custa a nova folha de ponto?", "400.000 euros até o fim de 2027."),
    ("phone", "Posso lançar horas pelo celular?", "Sim, nos celulares da empresa."),
)  # fmt: skip
GERMAN = (
    ("why", "Warum wird der alte Stundenzettel abgelöst?", "Der Hersteller stellt die Wartung im Juni 2027 ein."),
    ("training", "Wie viel Schulung bekomme ich?", "Zwei Stunden in der Gruppe."),
    ("records", "Was geschieht mit meinen alten Einträgen?", "Alles seit 2020 wird übernommen."),
)  # fmt: skip


def passage(
    number: str,
    heading: str,
    body: str = "",
    also: tuple[str, ...] = (),
    locale: str = "en",
    units: tuple[str, ...] = (),
    audience: str = "",
    initiative: str = "time-sheets",
    original: str = "",
) -> Passage:
    """A question of a FAQ; a translation has the id of its original and its locale."""
    own = f"{number}.{locale}" if original else number
    return Passage(
        id=own,
        initiative=initiative,
        file=f"{initiative}/faq.md",
        heading=heading,
        body=body,
        locale=locale,
        kind="question",
        also=also,
        units=units,
        audience=audience,
        original=original or own,
    )


def everything() -> list[Passage]:
    """All passages of the small playbook."""
    found = [passage(number, heading, body, also) for number, heading, also, body in ENGLISH]
    for locale, texts in (("pt", PORTUGUESE), ("de", GERMAN)):
        found += [passage(n, heading, body, locale=locale, original=n) for n, heading, body in texts]
    return found
