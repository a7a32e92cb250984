"""Somebody of whom something is stored in every table that can hold it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.messages import Card, Person, Place, Post, Said
from bot.people.people_file import read_people
from bot.playbook.shared_files import PulseTemplate
from bot.store import (
    Session,
    Store,
    accounts,
    amendments,
    announcements,
    api_keys,
    audit,
    ballots,
    board,
    broadcasts,
    case_history,
    case_news,
    case_supporters,
    cases,
    changes,
    channels,
    conversations,
    deliveries,
    feedback,
    following,
    hearing,
    learned,
    mailbox,
    milestones,
    obligations,
    occurrences,
    offers,
    owners,
    people,
    playbooks,
    results,
    subject,
    surveys,
    told,
    web_messages,
    wins,
)
from bot.store.announcements import Announcement, Audience, Wording
from bot.store.broadcasts import Version, Written
from bot.store.subject import Subject
from bot.store.teams_references import References
from bot.store.wins import Said as Told
from bot.store.wins import Win

NOW = datetime(2027, 3, 15, 9, 30, 12, tzinfo=UTC)
TODAY = NOW.date()
ADDRESS, NAME, ACCOUNT = "canary@example.com", "Canary Mendes", "canary-account"
ME = Person("teams", "T1", ACCOUNT, name=NAME, email=ADDRESS)
LOCAL = Person("web", "local", "canary-local", name=NAME, email=ADDRESS)
DIRECT, ROOM = Place("teams", "T1", "canary-direct"), Place("web", "local", "direct:canary-local")
OTHER = Person("teams", "T1", "other-account", name="Other Person", email="other@example.com")
PEOPLE = (
    "email,name,unit,manager,locale,timezone,roles,start_date\n"
    f"{ADDRESS},{NAME},payroll,,en,Europe/Lisbon,employee,2020-01-01\n"
    f"other@example.com,Other Person,payroll,{ADDRESS},en,Europe/Lisbon,employee,2020-01-01\n"
    f"mojo{ADDRESS},Mojo,payroll,,en,Europe/Lisbon,employee,2020-01-01\n"
).encode()


def everywhere(store: Store) -> Subject:
    """Somebody of whom there is something in every table that can hold it."""
    references = References(store, lambda: NOW)
    references.keep_account("T1", ACCOUNT, {"conversation": "canary-direct", "name": NAME})
    references.keep_conversation("T1", "canary-direct", {"serviceUrl": "https://example.com", "user": ADDRESS})
    with store.begin() as tx:
        people.upsert_people(tx, read_people(PEOPLE, frozenset({"payroll"})).rows)
        key = accounts.identify(tx, ME, NOW).key
        other = accounts.identify(tx, OTHER, NOW).key
        accounts.identify(tx, LOCAL, NOW)
        accounts.remember_direct(tx, ME, DIRECT)
        accounts.remember_direct(tx, LOCAL, ROOM)
        people.set_setting(tx, key, "language", "pt")
        _raised(tx, key, other)
        _written(tx, key, other)
        _remembered(tx, key, other)
        _under_way(tx, key)
        found = subject.subject(tx, ADDRESS)
    assert found
    return Subject(found.key, found.email, found.name, found.accounts, ("canary-conversation",))


def _case(tx: Session, text: str, asker: str | None, owner: str) -> cases.Case:
    return case_history.open_case(
        tx,
        kind="question",
        initiative="crm",
        unit="payroll",
        text=text,
        asker=asker,
        reply_to=DIRECT,
        owner=owner,
        due_at=NOW,
        now=NOW,
    )


def _raised(tx: Session, key: str, other: str) -> None:
    is_open = _case(tx, "open words", key, "other@example.com")
    closed = _case(tx, "closed words", key, "other@example.com")
    case_history.change_state(tx, closed.id, "answered", actor=other, now=NOW, text="an answer")
    unnamed = _case(tx, "unnamed words", None, "other@example.com")
    _case(tx, "to be answered", other, ADDRESS)
    done = _case(tx, "answered by them", other, ADDRESS)
    case_history.change_state(tx, done.id, "answered", actor=key, now=NOW, text="their answer")
    case_supporters.join(tx, done.id, key)
    mailbox.admit(tx, [mailbox.Behind(unnamed.id, key, mailbox.AUTHOR)])
    mailbox.put(tx, NOW, "concern", key, {"text": "words that wait"})
    case_news.draft(tx, done.id, "crm", (), "there was a concern", "it is done", key)
    for case in (is_open, closed):
        card = Card(body=f"{NAME} asks: {case.text}")
        deliveries.enqueue(tx, [Post(key=f"case:{case.number}:asked", card=card, person=other)], NOW)
        audit.note(tx, key, "case.opened", f"case {case.number}", NOW)


def _written(tx: Session, key: str, other: str) -> None:
    learned.add(tx, initiative="crm", locale="en", heading="H", body="B", author=key, today=TODAY)
    learned.add(tx, initiative="crm", locale="en", heading="I", body="B", author=other, today=TODAY, owner=ADDRESS)
    milestones.report(tx, "crm", "go-live", "done", "evidence", key, TODAY)
    milestones.propose(tx, "crm", "go-live", TODAY, TODAY + timedelta(7), "reason", key, TODAY)
    amendments.amend(tx, "crm", amendments.AGENT, "payroll", key, "mark", TODAY)
    for person, holder, by in ((key, other, other), (other, key, key)):
        offers.add(tx, "crm", "sponsor", "", holder=holder, by=by, person=person, note="please", today=TODAY)
    for state in (broadcasts.DRAFT, broadcasts.OUT):
        number = broadcasts.draft(tx, "crm", key, Written((Version("en", "T", f"words {state}"),)), NOW)
        broadcasts.turn(tx, number, state, of=[broadcasts.DRAFT], decided_by=key)
        broadcasts.mark(tx, number, broadcasts.READ, key)
    for state in (wins.SUGGESTED, wins.TOLD):
        wins.add(tx, Win("", "crm", "payroll", state, Told(f"win {state}"), NOW, author=key, suggested_by=key))
    thanks = Told("thanks to them", thanks="their own words")
    wins.add(tx, Win("", "crm", "payroll", wins.TOLD, thanks, NOW, author=other, thanked=key, thanks="yes"))
    obligations.report(tx, "crm", "council", "signed", key, TODAY)
    _surveyed(tx, key)
    owners.ask(tx, "crm", "payroll", owners.ROLE, TODAY, owner=key, today=TODAY, until=TODAY)
    channels.bind(tx, channels.Binding(Place("teams", "T1", "C1", kind="channel"), "crm", "all"), key, TODAY)
    changes.begin(tx, "crm", {"sponsor": ADDRESS, "scope": "all"})
    changes.add(tx, "crm", "sponsor", ADDRESS, "other@example.com", NOW, wide=True)
    api_keys.new_key(tx, f"for {ADDRESS}", NOW)
    playbooks.keep_version(tx, "crm", "v1", {"crm/faq.md": f"ask {ADDRESS}"}, NOW)
    playbooks.keep_version(tx, "crm", "v2", {"crm/faq.md": "ask nobody"}, NOW)


def _surveyed(tx: Session, key: str) -> None:
    asks = surveys.Snapshot(PulseTemplate.model_validate({"id": "mood", "name": "Mood"}))
    new = surveys.New("crm", "mood", "h", asks, "started:1", "all-affected", 1.0, 1, 5, True, "UTC", NOW,
                      NOW + timedelta(days=7), started_by=key)  # fmt: skip
    round = surveys.open_round(tx, new, [(key, "payroll")])
    assert round
    results.propose(tx, [results.Action("", round.id, 1, "", "")])
    (action,) = results.actions(tx, round.id)
    results.say(tx, action, results.NAMED, "what they will do", TODAY, key, [results.OPEN])
    ballots.put_named(tx, round.id, key, "answered with the name", 512)


def _remembered(tx: Session, key: str, other: str) -> None:
    told.remember(tx, key, [told.Version("crm", "crm:purpose", "v1")], TODAY)
    feedback.vote(tx, passage="crm/faq#pay", hash="v1", person=key, helpful=True)
    feedback.vote(tx, passage="crm/faq#pay", hash="v1", person=other, helpful=False)
    occurrences.first_time(tx, f"left:{key}:2027-03-01:crm:{other}", NOW)
    following.note_visit(tx, key, TODAY)
    following.new_address(tx, key, "en", TODAY, lambda n: n - 1)
    address = following.address_of(tx, key)
    assert address
    following.keep(tx, address, {"uid": following.Kept("go-live", "v1", 0, NOW)})
    board.give_link(tx, key, "a-link", NOW + timedelta(minutes=10))
    board.begin_visit(tx, "a-session", board.Visit(key, "roles"), NOW + timedelta(hours=8))
    audit.note(tx, key, "board.opened", "pages", NOW)


def _under_way(tx: Session, key: str) -> None:
    said = Said("canary-event", ME, DIRECT, "canary words")
    hearing.accept(tx, said, "canary-conversation", NOW)
    conversations.hold(tx, "canary-conversation", NOW)
    conversations.keep(tx, "canary-conversation", {"topic": {"initiative": "crm"}}, NOW)
    web_messages.add(tx, key="1", place="direct:canary-local", card=Card(body="to them"), now=NOW)
    web_messages.add(tx, key="2", place="channel:all", sender="canary-local", text="canary words", now=NOW)
    for name, people_meant in (("", (ADDRESS,)), ("all-affected", (ADDRESS, "other@example.com"))):
        meant = Announcement(
            f"a{name}", "news", "crm", Audience(name, people=people_meant), (Wording("en", Card(body="news")),), NOW
        )
        announcements.add(tx, meant, NOW)
    announcements.advance(tx, "aall-affected", reached=key, people=1, channels=0, done=False)
    posts = (
        Post(key=f"aall-affected:{key}", card=Card(body="for you"), person=key, kind="news", batch="aall-affected"),
        Post(key="a-reply", card=Card(body="an answer"), place=DIRECT, reply=True),
    )
    deliveries.enqueue(tx, posts, NOW)
