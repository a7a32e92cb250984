"""Tells the language of what somebody typed, or says that it cannot be told.

It knows no persons: who prefers which language is decided elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Any

from bot.answers.text import QUESTION_LIMIT, language_of, tidy

LEAST_WORDS = 4
SURE = 0.9
ELSEWHERE = 0.5
"""A language outside the choice that is this likely means that the text is in none of the choice."""
WIDELY = (
    *("en", "pt", "de", "es", "fr", "it", "da", "nl", "sv", "nb", "fi", "pl", "cs", "hu", "ro", "tr", "el"),
    *("ru", "uk", "ar", "hi", "th", "vi", "zh", "ja", "ko"),
)
"""Languages that questions may be asked in, whatever language they are answered in."""
_CODE = re.compile(r"```.*?(?:```|$)|`[^`\n]*`|https?://\S+|\S+@\S+", re.DOTALL)
_LETTERS = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)*")


def detect(text: str, among: Sequence[str]) -> str | None:
    """The one of the locales `among` that the text is in, or None unless that is sure.

    Texts of fewer than four words are never sure. Code and addresses do not count;
    where names (words with capitals) leave a doubt, the other words decide.
    """
    plain = _CODE.sub(" ", tidy(text[:QUESTION_LIMIT]))
    tokens = _LETTERS.findall(plain)
    if len(tokens) < LEAST_WORDS or not among:
        return None
    chosen: dict[str, str] = {}
    for locale in among:
        chosen.setdefault(language_of(locale), locale)
    plainly = [token for token in tokens if token.islower()]
    found = _surely(" ".join(tokens), tuple(chosen)) or (
        _surely(" ".join(plainly), tuple(chosen)) if len(plainly) >= LEAST_WORDS else None
    )
    return chosen[found] if found else None


def _surely(text: str, languages: Sequence[str]) -> str | None:
    """The language the text is in, if it is clearly that one among these and no other is likelier still."""
    ranked: dict[str, float] = dict(_identifier().rank(text))
    likely = {language: ranked.get(language, 0.0) for language in languages}
    best = max(likely, key=lambda language: likely[language])
    elsewhere = max((p for language, p in ranked.items() if language not in likely), default=0.0)
    if likely[best] < SURE * sum(likely.values()) or elsewhere > max(ELSEWHERE, likely[best]):
        return None
    return best if likely[best] > 0.0 else None


@cache
def _identifier() -> Any:
    """Loaded at the first use only: the model takes about a second."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415  # see above

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
