"""Retention: what is deleted when its time has come, as `policy.yaml` says, and what is kept for a fixed time."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.playbook.shared_files import Policy
from bot.store import (
    accounts,
    amendments,
    announcements,
    audit,
    board,
    broadcasts,
    cases,
    changes,
    conversations,
    deliveries,
    following,
    gaps,
    hearing,
    learned,
    milestones,
    occurrences,
    offers,
    owners,
    pictures,
    releases,
    surveys,
    told,
    wins,
)
from bot.store.engine import Session

# Deduplication: the platforms send an event again for up to a day.
HEARD_KEPT = timedelta(hours=24)
CONVERSATION_KEPT = timedelta(days=90)
REPLIES_KEPT = timedelta(days=2)
# Longer than a year, so that what comes once a year is not done twice.
OCCURRENCES_KEPT = timedelta(days=400)
# What the bot wrote of its own accord is counted by the week, in every zone.
COUNTED = timedelta(days=8)
# So long somebody whom a platform refused is passed over; then it is tried again.
REFUSALS_KEPT = timedelta(days=7)


def purge(tx: Session, policy: Policy, now: datetime) -> None:
    """Deletes what is older than it may be. How much of what went is a line of the audit trail."""

    questions = now - timedelta(days=policy.kept("questions"))
    concerns = now - timedelta(days=policy.kept("concerns"))
    sent = now - timedelta(days=policy.kept("deliveries"))
    accounts.forgive(tx, (now - REFUSALS_KEPT).date())
    hearing.forget(tx, now - HEARD_KEPT)
    conversations.forget(tx, (now - CONVERSATION_KEPT).date())
    occurrences.forget(tx, now - OCCURRENCES_KEPT)
    board.forget(tx, now)
    gone = {
        "unanswered questions": gaps.forget(tx, questions.date()),
        "questions": cases.forget(tx, "question", questions),
        "concerns": cases.forget(tx, "concern", concerns),
        "requests": cases.forget(tx, "request", concerns),
        "answers out of force": learned.forget(tx, questions.date()),
        "notes of answers given": told.forget(tx, questions.date()),
        "questions about releases": releases.forget(tx, questions.date()),
        "messages": deliveries.forget(
            tx, older_than=sent, replies_older_than=now - REPLIES_KEPT, counted_older_than=now - COUNTED
        ),
        "posts of milestones": milestones.forget(tx, sent.date()),
        "wins": wins.forget(tx, questions, told_older_than=concerns),
        "roles of initiatives that ended": amendments.forget(tx, sent.date()),
        "offers of roles": offers.forget(tx, sent.date()),
        "words of owners": owners.forget(tx, concerns.date()),
        "broadcasts": broadcasts.forget(tx, sent),
        "short surveys": surveys.forget(tx, concerns),
        "announcements": announcements.forget(tx, sent),
        "changes of decisions": changes.forget(tx, now - timedelta(days=policy.kept("audit"))),
        "pictures": pictures.forget(tx, now.date()),
        "calendar addresses and visits of people who left": following.forget(tx),
        "audit lines": audit.forget(tx, now - timedelta(days=policy.kept("audit"))),
    }
    text = ", ".join(f"{count} {what}" for what, count in gone.items() if count)
    audit.note(tx, "", "purged", text or "nothing", now)
