"""The questions everybody asks when something changes, and which of them an initiative does not answer.

A topic counts as answered if a question, another wording of it or a heading sounds like it. Only languages that the
product speaks are judged; the patterns are stems of words without accents, matched from the beginning of a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from bot.playbook.check_pages import alike
from bot.playbook.model import Page

TOPICS: Mapping[str, str] = {
    "job": "what happens to my job or pay",
    "who": "who decided this",
    "final": "is it final",
    "before": "what happened last time",
    "fails": "what if it fails",
    "lose": "what do I lose",
    "recorded": "what is recorded about me",
    "time": "when will I have time for it",
    "call": "whom do I call for help",
}

_WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "job": r"jobs?|positions?|salar|wage|pay\b(?! for)|paid less|bonus|redundan|layoff|laid off|"
        "lay off|headcount|dismiss|fired",
        "who": "who .*(decid|chose|choose|approv|behind|idea|wanted)|whose (idea|decision)|decided by",
        "final": "final|already .*decided|decided already|really decided|done deal|"
        "(still|can) .*(stop|change|reverse|undo|influence) (it|this|that|anything|the (plan|"
        "decision))|"
        "(still|can) (it|this) .*(stop|chang|revers|undone)|"
        "(it|this) .*still .*(stop|chang|revers|undone)|still open|turn back|set in stone|"
        "definite",
        "before": "last time|this time|the past|"
        "(previous|earlier|last) (attempt|project|roll ?out|try|launch|system|change)|"
        r"(fail|tried|try|happen|wrong)\w* .*(before|19\d\d|20\d\d)|learn\w* from",
        "fails": r"if (it|this|that|they|things|something|everything|the (\w+ )?(system|project|change|pilot|"
        "start|launch)) .*(fail|wrong|(not|n t|never) (work|ready|run)|late|break|down)|"
        "plan b|fall ?back|roll ?back|go(es)? wrong",
        "lose": r"(lose|losing)\b(?! (my|our|your|the) (job|position|work|pay))|loss|give up|giving up|"
        r"tak\w+ away|drawback|downside|disadvantage|worse|miss out|disappear",
        "recorded": r"record(ed|ing)\b|track|monitor|surveil|watch(ed|ing)|privacy|personal data|"
        "data .*about me|stored about|who (sees|can see|reads)|see what i|spy",
        "time": r"(when|where|how) .*\btime\b|(no|enough|have|find|get|need|spare) .*\btime\b|workload|"
        "extra work|overtime|on top of|busy|substitute|who (covers|replaces|does my)",
        "call": "whom? (do|can|could|should|shall|must|may|to|will) .*(call|ask|contact|turn to|talk to|"
        "speak|write to)|"
        "who (can |will )?helps?|whom to ask|where .*(help|support)|"
        "(call|reach|contact) .*(help|service) ?desk|supports? (me|us)|hotline",
    },
    "pt": {
        "job": "emprego|cargo|salari|remunera|demi(ss|ti|t)|posto de trabalho|bonus|comiss|meu trabalho|desligament",
        "who": "quem .*(decid|escolh|aprov|quis|ideia)|de quem .*(ideia|decis)|decidido por",
        "final": r"definitiv|ja .*decidid|decidid\w* ja|"
        "(ainda|pode|da para) .*(mudar|parar|voltar|revert|influen)|decisao .*final|e final|"
        "ainda .*abert|voltar atras|irrevers|fato consumado",
        "before": "ultima vez|da outra vez|[dn]essa vez|[dn]esta vez|"
        r"(projeto|tentativa|sistema|implanta\w*|vez|mudanca) (anterior|passad)|no passado|"
        r"aprend\w* com|ja .*(falh|tent|fracass)|deu errado",
        "fails": "(se|caso) ((isso|isto|tudo|algo|ele|ela|o (sistema|projeto|piloto|inicio)|a (mudanca|"
        "implantacao)) .*)?(falh|fracass|der errado|nao (funcion|der certo|estiver)|atras)|"
        "plano b|dar errado",
        "lose": r"(perco|perd(er|erei|eremos|emos|e|em))\b(?! (o )?(meu|nosso) (emprego|cargo|trabalho))|"
        "abrir mao|deixar? de (ter|existir|poder)|desvantag|pior|tira(r|do|m)|desaparec|sumir|"
        "some",
        "recorded": "registrad|registram|se registra|gravad|monitor|rastre|vigi|privacidade|dados pessoais|"
        r"dados .*sobre mim|quem (ve|pode ver|le)\b|armazenad|guardad|espion",
        "time": "(quando|onde|como|quem) .*tempo|(sem|falta|ter|tenho|terei|teremos|arrumar) .*tempo|"
        "carga de trabalho|sobrecarga|horas? extra|trabalho a mais|trabalho extra|substitut",
        "call": "((para|a|com|pra) quem|onde) .*(lig|cham|pergunt|procur|fal(o|ar)|ajud|recorr|contat|"
        "pe[cd])|"
        "quem .*(ajud|socorr|procur|cham|lig)|onde .*suporte|"
        r"(lig|fal|contat)\w* .*(suporte|central)",
    },
    "de": {
        "job": "arbeitsplatz|job|stelle|gehalt|lohn|bezahl|vergutung|kundig|entlass|bonus|pramie",
        "who": "wer .*(entsch|beschlos|ausgewahlt|ausgesucht|gewollt|genehmigt|dahinter)|wessen (idee|entscheid)",
        "final": "endgultig|(schon|bereits) .*(entschieden|beschlossen)|"
        "(noch|kann) .*(ander|gestoppt|stoppen|ruckgang|verhinder|beeinfluss|mitreden)|noch offen|"
        "unumkehrbar|beschlossene sache",
        "before": r"letzte[ns]? mal|(fruher|vorig|letzt)\w* (projekt|versuch|einfuhrung|system)|vergangen|"
        "damals|diesmal|dieses mal|schon wieder|(schon einmal|bereits) .*(gescheitert|versucht)",
        "fails": "wenn (es|das|alles|etwas|der (start|pilot)|die (umstellung|einfuhrung)) .*(schief|"
        "scheiter|nicht (funktion|klapp|lauf|fertig|geht)|ausfall|spat)|"
        "plan b|ruckfall|notfallplan|scheitert|schiefgeht",
        "lose": r"verlier\w*\b(?!( ich)? (meinen?|unseren?) (stelle|arbeitsplatz|job))|verlust|aufgeben|"
        "verzicht|nachteil|wegfall|fallt .*weg|weggenommen|schlechter|nimmt .*weg",
        "recorded": "aufgezeichn|aufzeichn|erfasst|gespeichert|speicher|uberwach|protokoll|datenschutz|"
        "personliche daten|personenbezogen|daten .*uber mich|wer (sieht|kann .*sehen|liest)|"
        "kontrollier|beobacht",
        "time": r"(wann|woher|wie|wo|wer) .*zeit\b|(keine|genug|genugend|mehr) zeit\b|"
        "zeit .*(haben|habe|dafur|finden|lernen)|zeitaufwand|arbeitsbelast|mehrarbeit|uberstund|"
        r"zusatzlich\w* arbeit|vertretung|vertritt",
        "call": "(wen|wo|wem) .*(anruf|ruf|frag|hilf|wend|kontakt|sprech|schreib)|wer .*(hilf|unterstutz)|"
        r"an wen|hotline|wo .*support|ansprech|(erreich|ruf)\w* .*service ?desk",
    },
    "es": {
        "job": "empleo|puesto|sueldo|salari|nomina|despid|despedi|bono|remunera|mi trabajo",
        "who": "quien(es)? .*(decid|eligi|escog|aprob|quiso|idea)|de quien .*(idea|decision)|decidido por",
        "final": "definitiv|ya .*(decidi|decision)|"
        "(todavia|aun|puede|se) .*(cambiar|parar|revert|influir|detener)|marcha atras|"
        "decision .*final|es final|(todavia|aun) .*abiert|irrevers",
        "before": "ultima vez|esta vez|vez (anterior|pasada)|"
        r"(proyecto|intento|sistema|cambio|implanta\w*) (anterior|pasad)|en el pasado|aprend\w* de|"
        "ya .*(fallo|fracas|intent)|salio mal|fue mal",
        "fails": "si ((esto|eso|todo|algo|el (sistema|proyecto|piloto|inicio)|la implantacion) .*)?(falla|"
        "fracas|sale mal|va mal|no (funcion|sale)|se retras)|"
        "plan b|salir mal",
        "lose": r"(pierd\w*|perd(er|ere|eremos|emos))\b(?! (mi|nuestro|el) (empleo|puesto|trabajo))|"
        r"renunci|desventaj|peor|quit(a|an|ar)\b|desaparec|deja(r|mos)? de",
        "recorded": "registrad|registran|se registra|graba(do|n)|monitor|rastre|vigil|privacidad|"
        r"datos personales|datos .*sobre mi|quien (ve|puede ver|lee)\b|almacenad|guardad|espi",
        "time": "(cuando|donde|como|quien) .*tiempo|"
        "(sin|falta|tener|tendre|tendremos|tengo|encontrar) .*tiempo|carga de trabajo|sobrecarga|"
        "horas extra|trabajo extra|sustitut|reemplaz",
        "call": "(a quien|con quien|donde) .*(llam|soporte|pregunt|acud|ayud|contact|habl|escrib|dirij|pid)|"
        r"quien .*ayud|(llam|contact)\w* .*(soporte|mesa)",
    },
}
_LONGEST_QUESTION = 200  # characters, so that `.*` stays cheap


def topics_of(texts: Sequence[str], language: str) -> tuple[str, ...]:
    """Which of the questions everybody asks (keys of `TOPICS`) one of these texts in this language sounds like."""
    asked = [alike(text[:_LONGEST_QUESTION]) for text in texts]
    patterns = {topic: re.compile(rf"\b(?:{words})") for topic, words in _words_of(language).items()}
    return tuple(topic for topic, pattern in patterns.items() if any(map(pattern.search, asked)))


def unanswered_topics(pages: Sequence[Page], language: str) -> tuple[str, ...]:
    """What everybody asks and no page in this language sounds like answering; nothing for languages we do not know."""
    answered = topics_of([text for page in pages if page.locale == language for text in _spoken(page)], language)
    return tuple(TOPICS[topic] for topic in _words_of(language) if topic not in answered)


def _words_of(language: str) -> Mapping[str, str]:
    return _WORDS.get(language.partition("-")[0], {})


def _spoken(page: Page) -> Iterator[str]:
    for section in page.sections:
        yield section.heading
        yield from section.also
