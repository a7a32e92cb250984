"""A broadcast as its recipients get it: the card in every language, for whom it is, and the announcement of both. Pure.

Frame texts are in the reader's language; what the author wrote is escaped, and in the reader's language where there is
a version of it, else as it was written.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.broadcasts.permission import allowed
from bot.delivery.announcing import PEOPLE
from bot.delivery.bound_channels import ALL_AFFECTED
from bot.messages import Card, Choice, escape
from bot.playbook.model import Initiative, Playbooks
from bot.store.announcements import Announcement, Audience, Wording
from bot.store.broadcasts import Broadcast, Version, Written
from bot.words import LANGUAGES, Words

KIND = "broadcasts"


def announcement(
    broadcast: Broadcast, initiative: Initiative, playbooks: Playbooks, author: str, due: datetime
) -> Announcement:
    """What the delivery engine is given; `author` is a name."""
    audience = audience_of(broadcast.written)
    said = wordings(broadcast, initiative, playbooks, author)
    return Announcement(broadcast.key, KIND, initiative.id, audience, said, due, broadcast.written.urgent)


def audience_of(written: Written) -> Audience:
    """For whom it is."""
    return Audience(
        name=written.group or ALL_AFFECTED,
        units=written.units,
        roles=written.roles,
        locations=written.locations,
        platforms=written.platforms,
        to=written.to,
    )


def whole_audience(written: Written) -> Audience:
    """Everybody it is for, those too who only read it in a channel."""
    return replace(audience_of(written), to=PEOPLE)


def wordings(broadcast: Broadcast, initiative: Initiative, playbooks: Playbooks, author: str) -> tuple[Wording, ...]:
    """The card in every language that the bot speaks; for units in which nobody may be asked to confirm, without."""
    policy, found = playbooks.organisation.policy, list[Wording]()
    unasked = [unit for unit in policy.off_in if not allowed("read-marks", unit, playbooks)]
    asked = broadcast.written.receipt and allowed("read-marks", "", playbooks)
    for words in (Words(language, own=policy.word_for) for language in LANGUAGES):
        found.append(Wording(words.language, card(broadcast, initiative, words, author, asked)))
        if asked:
            without = card(broadcast, initiative, words, author, receipt=False)
            found += [Wording(words.language, without, unit) for unit in unasked]
    return tuple(found)


def card(broadcast: Broadcast, initiative: Initiative, words: Words, author: str, receipt: bool) -> Card:
    """What one recipient reads."""
    said = version(broadcast.written, words)
    lead = words("broadcast.urgent-lead") if broadcast.written.urgent else ""
    counted = f"_{words('broadcast.read-note')}_" if receipt else ""
    read = Choice(words("broadcast.read-button"), f"broadcast-read {broadcast.number}", style="primary")
    reply = Choice(words("reply.button"), f"broadcast-reply {broadcast.number}")
    return Card(
        title=said.title,
        body="\n\n".join(part for part in (lead, escape(said.text), counted) if part),
        source=_from(initiative, words, author),
        choices=(read, reply) if receipt else (reply,),
        locale=words.language,
    )


def correction(title: str, text: str, broadcast: Broadcast, initiative: Initiative, words: Words, author: str) -> Card:
    """What stands in its place after a correction."""
    return Card(
        title=words("broadcast.corrected", title=title),
        body=escape(text),
        source=_from(initiative, words, author),
        choices=(Choice(words("reply.button"), f"broadcast-reply {broadcast.number}"),),
        locale=words.language,
    )


def _from(initiative: Initiative, words: Words, author: str) -> str:
    # The author may have been erased since.
    return words("broadcast.from", name=", ".join(part for part in (author, project(initiative, words)) if part))


def version(written: Written, words: Words) -> Version:
    """The version in the language of these words, else the original."""
    return next((one for one in written.versions if one.locale == words.language), written.original)


def project(initiative: Initiative, words: Words) -> str:
    """The initiative's name as people say it: what stands before a colon."""
    return initiative.text(words.locale).name.partition(":")[0].strip()
