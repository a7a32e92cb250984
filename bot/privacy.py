"""The privacy text and the terms, generated from the organisation's policy: in the chat and at the addresses that app
listings must link to. Pure; it knows no platform and no database.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bot.playbook.model import Playbooks
from bot.playbook.shared_files import Policy
from bot.words import Words, supported


def privacy(words: Words, policy: Policy, units: Mapping[str, str], own_unit: str = "") -> list[str]:
    """Who sees what and how long anything is kept, one paragraph each (Markdown).

    `units` are unit names by id; with `own_unit` only that unit's exceptions are told, else those of all.
    """
    paragraphs = [
        words("privacy.questions"),
        words("privacy.unanswered"),
        words("privacy.told", questions=policy.kept("questions")),
        words("privacy.passed-on"),
        words("privacy.surveys"),
        words("privacy.directory"),
        words("privacy.platform"),
        words("privacy.kept", questions=policy.kept("questions"), deliveries=policy.kept("deliveries")),
    ]
    if policy.off:
        paragraphs.append(words("privacy.off", names=_switches(words, policy.off)))
    for unit, off in policy.off_in.items():
        if off and own_unit in ("", unit):
            paragraphs.append(words("privacy.off-in", unit=units.get(unit, unit), names=_switches(words, off)))
    return paragraphs


def _switches(words: Words, off: Iterable[str]) -> str:
    return words.all_of([words(f"privacy.switch-{switch}") for switch in off])


def terms(words: Words) -> list[str]:
    """What it is for, who runs it, and what not to use it for, one paragraph each (Markdown)."""
    return [words("terms.what"), words("terms.who"), words("terms.not-for"), words("terms.rules")]


def page(kind: str, locales: Iterable[str], playbooks: Playbooks) -> tuple[str, str, str]:
    """`privacy` or `terms` for the web, in the first of these locales that we speak, else English: the language, the
    title, and the body as Markdown."""
    organisation = playbooks.organisation
    language = next((spoken for locale in locales if (spoken := supported(locale))), "en")
    words = Words(language, own=organisation.policy.word_for)
    if kind == "terms":
        return language, words("terms.title"), "\n\n".join(terms(words))
    translated = organisation.translated_units.get(language, {})
    units = {id: translated.get(id, unit).name or id for id, unit in organisation.units.items()}
    return language, words("privacy.title"), "\n\n".join(privacy(words, organisation.policy, units))
