"""Turns text people typed into words that can be compared: folded, cut to a bounded length, stemmed.

It knows nothing of passages or ranking. Everything here is linear in the length of its input.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from functools import lru_cache
from itertools import chain, repeat
from typing import NamedTuple

import snowballstemmer

from bot.answers.stopwords import GREETINGS, STOP_WORDS

QUESTION_LIMIT = 2000
"""Characters of a question that are looked at; of a longer one its beginning and its last question."""
CODE_LIMIT = 6
"""Longer words in capitals are emphasis, not a name."""
RUN_LIMIT = 4000
"""Characters of a script without spaces that are looked at in one go."""
WORD_LIMIT = 40
"""Longer runs of letters are nobody's word and are cut."""

_STEMMERS = {
    "ar": "arabic", "ca": "catalan", "cs": "czech", "da": "danish", "de": "german", "el": "greek",
    "en": "english", "es": "spanish", "et": "estonian", "eu": "basque", "fi": "finnish", "fr": "french",
    "ga": "irish", "hi": "hindi", "hu": "hungarian", "hy": "armenian", "id": "indonesian", "it": "italian",
    "lt": "lithuanian", "nb": "norwegian", "ne": "nepali", "nl": "dutch", "nn": "norwegian", "no": "norwegian",
    "pl": "polish", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian", "sv": "swedish",
    "ta": "tamil", "tr": "turkish",
}  # fmt: skip
# Scripts written without spaces: Thai, Lao, Burmese, Khmer, kana, Han.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_RUN = re.compile(rf"[{_UNSPACED}]+|[^\W_{_UNSPACED}](?:[^\W_{_UNSPACED}]|[\u0300-\u036f\u0900-\u0d7f])*")
_UNSPACED_RUN = re.compile(f"[{_UNSPACED}]")
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb]"
)
_SURROGATE = re.compile("[\ud800-\udfff]")
_ACCENT = re.compile("[\u0300-\u036f\u064b-\u065f\u0640]")
_CYRILLIC = re.compile("[\u0400-\u052f]")
_APOSTROPHE = re.compile(r"(\w)['\u2019\u02bc`]((?:s|t|d|m|ll|re|ve)\b)?")
_SPECIAL = str.maketrans({"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"})
_QUESTION_END = re.compile(r"[?\uff1f\u061f\u037e]")
_SENTENCE_END = re.compile(r"[.!?\n\uff1f\u061f\u3002]")
# Endings whose accent the stemmers need, put back so that "integracao" and "integração" are one word.
_RESTORED = {
    "pt": ((re.compile("oes$"), "ao"), (re.compile("cao$"), "ção"), (re.compile("sao$"), "são")),
    "es": ((re.compile("cion$"), "ción"), (re.compile("sion$"), "sión")),
}  # fmt: skip
_CAPITAL_NAMES = frozenset({"it", "us"})
_local = threading.local()


class Word(NamedTuple):
    """One word of a text, folded. `code`: written like the name of something (`F7`, `ORDA`, `2027`)."""

    form: str
    code: bool = False


def language_of(locale: str) -> str:
    """The language part of a locale: `pt` of `pt-BR` or `pt_PT`."""
    return re.split(r"[-_]", locale.lower(), maxsplit=1)[0]


def clip(question: str, limit: int = QUESTION_LIMIT) -> str:
    """At most `limit` characters: of a longer text its beginning and its last question."""
    if len(question) <= limit:
        return question
    half = limit // 2
    tail = question[-4 * limit :]
    ends = [match.end() for match in _QUESTION_END.finditer(tail)]
    if not ends:
        return question[:half] + "\n" + question[-half + 1 :]
    starts = [match.end() for match in _SENTENCE_END.finditer(tail, 0, ends[-1] - 1)]
    last = tail[starts[-1] if starts else 0 : ends[-1]]
    return question[:half] + "\n" + last[-half + 1 :]


def tidy(text: str) -> str:
    """The text in one form (NFKC), without zero-width and direction marks and broken surrogates."""
    if text.isascii():
        return text
    return unicodedata.normalize("NFKC", _INVISIBLE.sub("", _SURROGATE.sub(" ", text)))


def fold(word: str) -> str:
    """Lower case without accents; letters that do not decompose are written as people type them."""
    if word.isascii():
        return word.lower()
    if _CYRILLIC.search(word):  # there й is a letter of its own, and the stemmers need it
        return word.casefold().replace("ё", "е")
    plain = _ACCENT.sub("", unicodedata.normalize("NFD", word.casefold())).translate(_SPECIAL)
    return unicodedata.normalize("NFC", plain)


def words(text: str) -> list[Word]:
    """The words of a text in order, folded. Scripts without spaces give pairs of neighbouring characters."""
    plain = _APOSTROPHE.sub(_apostrophe, tidy(text))
    shouting = plain.isupper()
    return list(chain.from_iterable(map(_words_of, _RUN.findall(plain), repeat(shouting))))


@lru_cache(maxsize=50_000)
def _words_of(run: str, shouting: bool) -> tuple[Word, ...]:
    if _UNSPACED_RUN.match(run):
        pairs = range(max(1, min(len(run), RUN_LIMIT) - 1))
        return tuple(Word(run[i : i + 2]) for i in pairs)
    named = not shouting and 1 < len(run) <= CODE_LIMIT and run.isupper()
    return (Word(fold(run[:WORD_LIMIT]), named or any(c.isdigit() for c in run)),)


def _apostrophe(match: re.Match[str]) -> str:
    ending = match.group(2)
    if ending == "t":
        return match.group(1) + "t"
    return match.group(1) + " "


def key(text: str) -> str:
    """The words of a text, by which two wordings are the same whatever capitals, accents and marks."""
    return " ".join(word.form for word in words(text))


def is_stop(word: Word, *languages: str) -> bool:
    """Whether the word says nothing about the topic in one of these languages."""
    if word.form in GREETINGS:
        return True
    if word.code and word.form in _CAPITAL_NAMES:
        return False
    return any(word.form in STOP_WORDS.get(language, ()) for language in languages)


@lru_cache(maxsize=200_000)
def stem(form: str, language: str) -> str:
    """The stem of a folded word in this language, folded again; the word itself where no stemmer is known."""
    if language not in _STEMMERS or any(c.isdigit() for c in form):
        return form
    for ending, accented in _RESTORED.get(language, ()):
        form = ending.sub(accented, form)
    return fold(_stemmer(language).stemWord(form)) or form


def _stemmer(language: str) -> snowballstemmer.stemmer:
    """The stemmers keep state while they work, so each thread has its own."""
    own: dict[str, snowballstemmer.stemmer] = _local.__dict__
    if language not in own:
        own[language] = snowballstemmer.stemmer(_STEMMERS[language])
    return own[language]
