"""The words by which kinds of facts are asked for and told, in seven languages, folded as `text.key` does.

Patterns of words; what they are used for is `bot.answers.asked`.
"""

from __future__ import annotations

from collections.abc import Mapping

KINDS: Mapping[str, tuple[str, ...]] = {
    "money": (
        r"what (?:do|does|did|will|would) [\w ]{1,60}? cost",
        r"how much (?:money|does [\w ]{1,50}cost|is spent|do we pay)", r"how expensive",
        r"(?:the )?(?:price|cost|costs) (?:of|per|for)",
        r"quanto (?:custa|custam|custara|vai custar|dinheiro)", r"(?:qual )?(?:e )?o (?:preco|custo|valor)",
        r"(?:was|wie ?viel) (?:kostet|kosten)", r"wie teuer", r"(?:der |welcher )preis",
        r"cuanto (?:cuesta|cuestan|costara|vale|dinero)", r"(?:el |cual es el )(?:precio|coste|costo)",
        r"combien (?:coute|coutent|coutera|d argent)", r"(?:le |quel est le )(?:prix|cout)",
        r"quanto (?:costa|costano|costera)", r"(?:il |qual e il )(?:prezzo|costo)", r"hvad koster",
        r"hvor dyr", r"prisen",
    ),
    "count": (
        r"how many", r"quantos", r"quantas", r"wie ?viele", r"cuantos", r"cuantas", r"combien de", r"quanti",
        r"quante", r"hvor mange",
    ),
    "duration": (
        r"how long", r"how many (?:hours|days|weeks|minutes)", r"quanto tempo", r"quantas horas",
        r"wie lange?", r"cuanto tiempo", r"cuanto dura", r"combien de temps", r"quanto tempo", r"quanto dura",
        r"hvor laenge",
    ),
    "": (
        r"what", r"how", r"who", r"whom", r"why", r"which", r"where", r"will", r"can", r"could", r"do",
        r"does", r"is", r"are", r"may", r"que", r"qual", r"quais", r"como", r"quem", r"onde", r"posso", r"vou",
        r"was", r"wie", r"wer", r"wen", r"wem", r"warum", r"wieso", r"wo", r"kann", r"darf", r"muss", r"gibt",
        r"cual", r"quien", r"donde", r"puedo", r"quel", r"quelle", r"qui", r"comment", r"pourquoi",
        r"est ce que", r"puis je", r"che", r"chi", r"come", r"perche", r"quale", r"dove", r"hvad", r"hvem",
        r"hvordan", r"hvorfor", r"hvor", r"kan", r"skal",
    ),
    "when": (
        r"when", r"(?:what|which) (?:day|date|month|week|year|time)", r"(?:until|by|since) when", r"how soon",
        r"quando", r"que dia", r"qual (?:e )?a data", r"ate quando", r"wann",
        r"welche[mnrs]? (?:tag|datum|termin)", r"(?:bis|ab|seit) wann", r"cuando", r"que fecha",
        r"cual es la fecha", r"quand", r"quel jour", r"quelle date", r"che giorno", r"quale data",
        r"entro quando", r"hvornar", r"hvilken (?:dag|dato)",
    ),
}  # fmt: skip
"""How a kind of fact is asked for; '' are the questions that ask for none in particular."""

ATTRIBUTES: Mapping[str, tuple[str, ...]] = {
    "licence": (
        "licen[cs]e", "licenca", "lizenz", "licencia", "licenz", "licens",
    ),
    "salary": (
        "salar", "wages? ", "paid ", "pay ", "earn", "gehalt", "lohn", "verdien", "sueldo", "nomina",
        "remuner", "stipendi", "retribu", "lon ", "lonnen",
    ),
    "bonus": (
        "bonus", "premie", "pramie", "praemie", "prime ", "premio",
    ),
    "colour": (
        "colou?r", "cor ", "cores ", "farb", "couleur", "colore ", "farve",
    ),
    "make": (
        "brand", "make is", "model ", "marca ", "marke ", "hersteller", "modell", "modelo", "fabricante",
        "marque", "modele", "maerke ", "maker", "manufacturer", "apple", "samsung", "iphone", "android",
    ),
    "weight": (
        "weigh", "heavy", "kilos? ", "gram", "pesa ", "peso ", "wiegt", "gewicht", "schwer ", "poids", "pese ",
        "vejer", "vaegt",
    ),
    "size": (
        "megabyte", "gigabyte", "mb ", "gb ", "inch", "zoll ", "storage space", "speicherplatz", "espaco ",
    ),
    "battery": (
        "batter", "akku", "bateria", "autonomi", "charg", "ladezeit",
    ),
    "head": (
        "managing director", "ceo ", "chief executive", "president", "owner of", "geschaftsfuhrer",
        "vorstandsvorsitz", "chef von", "director ", "directeur", "direttore", "diretor ", "direktor",
        "amministratore",
    ),
    "lodging": (
        "hotel", "accommodation", "lodging", "unterkunft", "alojamiento", "hebergement", "albergo", "hospeda",
    ),
    "telephone": (
        "(?:tele)?phone number", "extension ", "ext ", "numero de tele", "telefonnummer", "durchwahl",
        "ramal ", "numero di tele", "numero de telephone", "call ", "numero ",
    ),
    "discount": (
        "discount", "desconto", "rabatt", "descuento", "remise ", "sconto",
    ),
    "version": (
        "version",
    ),
    "warranty": (
        "warrant", "guarantee", "garanti", "gewahrleistung", "garanzia",
    ),
    "penalty": (
        "penalt", "fined? ", "multa", "strafe", "busse ", "vertragsstrafe", "sancion", "amende", "bode ",
    ),
    "system": (
        "windows", "linux", "macos", "antivirus", "virenschutz", "ios ",
    ),
    "single": (
        "per user", "per head", "per person", "each user", "por usuari", "por pessoa", "por persona",
        "pro nutzer", "pro kopf", "pro person", "par utilisateur", "par personne", "per utente", "a persona",
        "pr bruger", "per seat", "pro arbeitsplatz",
    ),
}  # fmt: skip
"""What can be asked of a thing besides what it is; a text that answers has a word of it."""

_MONEY = """
eur euro euros usd dollar dollars dolares reais brl chf gbp pounds kroner dkk million millions millionen mio
milhoes milhao millones millon milioni milione free gratis gratuito gratuita kostenlos umsonst gratuit gratuite
nothing nichts nada rien niente cost costs custa custam kostet kosten cuesta coute costa koster cheaper
expensive teurer budget
"""
MONEY = frozenset(_MONEY.split())

_TIMES = """
january february march april may june july august september october november december monday tuesday wednesday
thursday friday saturday sunday spring summer autumn winter today tomorrow now never always immediately before
after until daily weekly monthly week month year day days hours weeks months soon later janeiro fevereiro marco
abril maio junho julho agosto setembro outubro novembro dezembro segunda terca quarta quinta sexta sabado
domingo hoje amanha agora nunca sempre antes depois ate dia dias semana semanas mes meses ano januar februar
marz mai juni juli oktober dezember montag dienstag mittwoch donnerstag freitag samstag sonntag fruhjahr sommer
herbst heute morgen jetzt nie immer sofort vor nach bis tag tage tagen woche wochen monat monate monaten jahr
enero febrero mayo junio julio septiembre octubre noviembre diciembre lunes martes miercoles jueves viernes
manana ahora siempre despues hasta
"""
TIMES = frozenset(_TIMES.split())

OPEN = frozenset(
    (
        "not decided", "not yet decided", "not fixed", "still open", "is open", "are open", "nao esta decidido",
        "ainda nao", "em aberto", "noch nicht", "noch offen", "ist offen", "todavia no", "aun no", "por decidir",
    )
)  # fmt: skip
"""How a text says that something is not known yet."""

_NUMBERED = """
wave waves step steps phase phases stage stages round group sprint release rehearsal milestone batch onda ondas
etapa etapas fase fases passo passos rodada ensaio welle wellen schritt schritte stufe stufen gruppe runde
probe ola olas paso pasos ronda grupo ensayo vague vagues etape etapes groupe ondata fasi passaggio gruppo
bolge bolger trin
"""
NUMBERED = frozenset(_NUMBERED.split())
"""Things that are told apart by a number."""

_ORDINALS = (
    "first one 1st primeira primeiro erste ersten erster erstes primera primero premiere premier prima primo forste",
    "second two 2nd segunda segundo zweite zweiten zweiter segundo deuxieme seconde seconda secondo anden andet",
    "third three 3rd terceira terceiro dritte dritten dritter tercera tercero troisieme terza terzo tredje",
    "fourth four 4th quarta quarto vierte vierten vierter cuarta cuarto quatrieme quarta quarto fjerde",
    "fifth five 5th quinta quinto funfte funften funfter cinquieme femte",
    "sixth six 6th sexta sexto sechste sechsten sixieme sesta sesto sjette",
    "seventh seven 7th setima setimo siebte siebten septima septimo septieme settima settimo syvende",
    "eighth eight 8th oitava oitavo achte achten octava octavo huitieme ottava ottavo ottende",
    "ninth nine 9th nona nono neunte neunten novena noveno neuvieme niende",
    "tenth ten 10th decima decimo zehnte zehnten dixieme tiende",
)
NUMBERS: Mapping[str, str] = {word: str(n) for n, line in enumerate(_ORDINALS, 1) for word in line.split()}
"""Numbers in words, as digits."""
