"""What becomes of a call: tokens, every answer of the Connector, where it goes, and writing to somebody first."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest

from adapters.teams.connector import Connector
from adapters.teams.hosts import MICROSOFT, may_be_called
from adapters.teams.platform import Teams
from adapters.teams.token import Credentials
from bot.messages import Card, Later, Outcome, Place, Refused, Sent, Unknown
from tests.adapters.teams.activities import APP, LOOK, TENANT
from tests.adapters.teams.actors import Account, Fault
from tests.adapters.teams.deployment import LOOPBACK, Deployment, texts
from tests.adapters.teams.fake import PASSWORD

HELLO = Card(body="Hello")


def direct(teams: Deployment, who: str = "lea") -> Place:
    return Place("teams", TENANT, teams.account(who).conversation)


def send(teams: Deployment, card: Card = HELLO, place: Place | None = None) -> Outcome:
    return teams.runner.run(teams.teams.send(place or direct(teams), card, "key"))


def test_a_card_is_posted_and_its_id_comes_back(teams: Deployment) -> None:
    outcome = send(teams)

    assert outcome == Sent(teams.fake.messages[0].id)
    assert texts(teams.fake.messages[0].card) == "Hello"


def test_one_token_serves_all_calls(teams: Deployment) -> None:
    """Also those that are under way together."""

    async def many() -> list[Outcome]:
        place = direct(teams)
        return await asyncio.gather(*(teams.teams.send(place, HELLO, str(n)) for n in range(20)))

    assert all(isinstance(o, Sent) for o in teams.runner.run(many()))
    assert teams.fake.calls.count("token") == 1


def test_a_token_that_ends_soon_is_renewed_before(teams: Deployment) -> None:
    teams.fake.token_lasts = 1
    send(teams)
    teams.fake.token_lasts = 3600
    teams.runner.run(asyncio.sleep(0.6))

    send(teams)
    send(teams)

    assert teams.fake.calls.count("token") == 2


def test_a_token_that_is_not_accepted_is_renewed_once(teams: Deployment) -> None:
    """Rolled secrets, or a token taken back."""
    send(teams)
    teams.fake.tokens.clear()

    assert isinstance(send(teams), Sent)
    assert teams.fake.calls.count("token") == 2


def test_a_wrong_secret_is_later_and_said(teams: Deployment) -> None:
    """Nothing is lost while somebody mends it; and Microsoft is not asked again by each message."""
    teams.fake.password = "another one"

    outcomes = [send(teams) for _ in range(3)]

    assert all(isinstance(o, Later) and "MicrosoftAppPassword" in o.reason for o in outcomes)
    assert teams.fake.calls.count("token") == 1


@pytest.mark.parametrize("fault", [Fault("token", 500), Fault("token", stall=5), Fault("token", reset=True)])
def test_without_a_token_it_is_later(teams: Deployment, fault: Fault) -> None:
    teams.fake.faults.append(fault)
    limited = Credentials(APP, PASSWORD, TENANT, teams.fake.address("/token"))
    connector = Connector(limited, LOOPBACK, 0.3)
    connector.token._seconds = 0.3

    async def once() -> Outcome:
        adapter = Teams(connector, teams.references, LOOK, APP, teams.fake.service)
        try:
            return await adapter.send(direct(teams), HELLO, "key")
        finally:
            await adapter.close()

    assert isinstance(teams.runner.run(once()), Later)


@pytest.mark.parametrize(
    ("fault", "seconds"),
    [
        (Fault("POST activities", 429, {"Retry-After": "7"}), 7),
        (Fault("POST activities", 429, {"Retry-After": "0.2"}), 0.2),
        (Fault("POST activities", 429), 5),
        (Fault("POST activities", 429, {"Retry-After": "soon"}), 5),
        (Fault("POST activities", 412), 1),
        (Fault("POST activities", 502), 5),
        (Fault("POST activities", 503, {"Retry-After": "3"}), 3),
        (Fault("POST activities", 504), 5),
        (Fault("POST activities", 500), 5),
    ],
)
def test_what_passes_is_later(teams: Deployment, fault: Fault, seconds: float) -> None:
    """For as long as Teams asks; nothing is slept here."""
    teams.fake.faults.append(fault)

    outcome = send(teams)

    assert isinstance(outcome, Later)
    assert outcome.seconds == seconds
    assert len(teams.fake.messages) == 0


def test_a_retry_after_may_be_a_moment(teams: Deployment) -> None:
    headers = {"Retry-After": "Mon, 23 Nov 2026 09:00:30 GMT", "Date": "Mon, 23 Nov 2026 09:00:00 GMT"}
    teams.fake.faults.append(Fault("POST activities", 503, headers))

    assert send(teams) == Later(30, "Teams asks to wait (503)")


@pytest.mark.parametrize(
    ("status", "code", "says"),
    [
        (403, "MessageWritesBlocked", "removed or blocked"),
        (403, "ConversationBlockedByUser", "the person has blocked"),
        (403, "BotNotInConversationRoster", "not in this conversation"),
        (403, "BotDisabledByAdmin", "an administrator"),
        (403, "", "does not let the app write"),
        (404, "ConversationNotFound", "does not exist any more"),
        (413, "MessageSizeTooBig", "too long"),
        (400, "BadSyntax", "does not accept the form"),
        (302, "", "did not take it"),
    ],
)
def test_what_will_not_be_taken_is_refused_with_the_reason(
    teams: Deployment, status: int, code: str, says: str
) -> None:
    teams.fake.faults.append(Fault("POST activities", status, code=code))

    outcome = send(teams)

    assert isinstance(outcome, Refused)
    assert says in outcome.reason


def test_a_connection_that_is_refused_is_later(teams: Deployment) -> None:
    """Nothing was sent."""
    send(teams)
    teams.runner.run(teams.fake.__aexit__())

    outcome = send(teams)

    teams.runner.run(teams.fake.__aenter__())
    assert isinstance(outcome, Later)


@pytest.mark.parametrize("taken", [True, False])
def test_a_connection_that_breaks_is_unknown(teams: Deployment, taken: bool) -> None:
    teams.fake.faults.append(Fault("POST activities", reset=True, taken=taken))

    assert isinstance(send(teams), Unknown)


def test_a_stall_is_unknown_within_the_limit(teams: Deployment) -> None:
    teams.call_seconds = 0.3
    teams.start()
    teams.fake.faults.append(Fault("POST activities", stall=5))

    assert isinstance(send(teams), Unknown)


def test_editing_and_taking_back(teams: Deployment) -> None:
    sent = send(teams)
    assert isinstance(sent, Sent)

    edited = teams.runner.run(teams.teams.edit(direct(teams), sent.id, Card(body="Other")))
    shown = texts(teams.fake.find(sent.id).card)
    deleted = [teams.runner.run(teams.teams.delete(direct(teams), sent.id)) for _ in range(2)]

    assert (edited, shown) == (sent, "Other")
    assert deleted == [sent, sent]
    assert isinstance(teams.runner.run(teams.teams.edit(direct(teams), sent.id, HELLO)), Refused)


@pytest.mark.parametrize("fault", [Fault("PUT", 429, {"Retry-After": "2"}), Fault("PUT", stall=5)])
def test_an_edit_in_doubt_is_done_again(teams: Deployment, fault: Fault) -> None:
    teams.call_seconds = 1.0
    teams.start()
    sent = send(teams)
    assert isinstance(sent, Sent)
    teams.fake.faults.append(fault)

    assert isinstance(teams.runner.run(teams.teams.edit(direct(teams), sent.id, HELLO)), Later)


def test_the_history_cannot_be_read(teams: Deployment) -> None:
    now = datetime(2026, 11, 23, tzinfo=UTC)

    assert isinstance(teams.runner.run(teams.teams.find(direct(teams), "key", now, now)), Refused)


def test_the_address_that_was_heard_last_is_used(teams: Deployment) -> None:
    """A region may change."""
    teams.posted(teams.typed("lea", "hello"))
    reference = teams.references.conversation(TENANT, teams.account("lea").conversation)
    assert reference
    moved = {**reference.reference, "serviceUrl": teams.fake.service.replace("emea", "amer")}
    teams.references.keep_conversation(TENANT, teams.account("lea").conversation, moved)

    assert isinstance(send(teams), Refused)
    teams.posted(teams.typed("lea", "hello"))
    assert isinstance(send(teams), Sent)


def test_an_address_that_is_not_allowed_any_more_is_not_called(teams: Deployment) -> None:
    place = direct(teams)
    teams.references.keep_conversation(TENANT, place.conversation, {"serviceUrl": "https://evil.example/"})

    outcome = send(teams)

    assert isinstance(outcome, Refused)
    assert "THROUGHLINE_TEAMS_SERVICE_HOSTS" in outcome.reason


def test_who_removes_the_app_is_not_called_until_they_are_back(teams: Deployment) -> None:
    teams.posted(teams.typed("lea", "hello"))
    teams.send(teams.activity("lea", "installationUpdate", action="remove"))
    calls = len(teams.fake.calls)

    assert isinstance(send(teams), Refused)
    assert len(teams.fake.calls) == calls
    teams.posted(teams.activity("lea", "installationUpdate", action="add"))
    assert isinstance(send(teams), Sent)


def test_who_blocks_the_app_is_called_once(teams: Deployment) -> None:
    teams.posted(teams.typed("lea", "hello"))
    teams.account("lea").blocked = "MessageWritesBlocked"
    send(teams)
    calls = len(teams.fake.calls)

    assert isinstance(send(teams), Refused)
    assert len(teams.fake.calls) == calls


def opened(teams: Deployment, account: str) -> Any:
    return teams.runner.run(teams.teams.open_direct(account, TENANT))


def test_who_is_in_a_team_with_the_app_can_be_written_to_first(teams: Deployment) -> None:
    """They never wrote to it directly."""
    teams.account("lea").installed = False
    teams.posted(teams.typed("lea", "can i keep my number?", "sales"))

    place = opened(teams, teams.account("lea").object_id)

    assert place == direct(teams)
    assert isinstance(send(teams, place=place), Sent)
    opened(teams, teams.account("lea").object_id)
    assert teams.fake.calls.count("POST conversations") == 1


def test_who_has_no_app_is_refused_with_the_reason(teams: Deployment) -> None:
    teams.posted(teams.typed("lea", "hello"))
    teams.fake.accounts["eva"] = Account("Eva", "eva@example.com", installed=False)

    found = opened(teams, teams.account("eva").object_id)

    assert isinstance(found, Refused)
    assert "has not installed the app" in found.reason


@pytest.mark.parametrize("fault", [Fault("POST conversations", 503), Fault("POST conversations", reset=True)])
def test_making_a_conversation_can_be_tried_again(teams: Deployment, fault: Fault) -> None:
    teams.fake.faults.append(fault)

    assert isinstance(opened(teams, teams.account("lea").object_id), Later)
    assert isinstance(opened(teams, teams.account("lea").object_id), Place)


def test_who_is_introduced_is_known_by_the_roster(teams: Deployment) -> None:
    """Name and address are Teams' own, language and zone those that were heard."""
    lea = teams.account("lea")
    lea.locale, lea.timezone = "pt-BR", "America/Sao_Paulo"
    teams.posted(teams.typed("lea", "oi"))

    with teams.store.read() as tx:
        from bot.store import people

        found = people.person_by_email(tx, lea.email)

    assert found is not None
    assert found.listed


def test_it_is_known_who_reads_in_a_channel(teams: Deployment) -> None:
    """All pages of the list are read, and again when somebody comes."""
    teams.fake.page = 2
    for name in ("a", "b", "c", "d"):
        teams.fake.accounts[name] = Account(name, f"{name}@example.com")
    channel = teams.channel("sales")
    teams.fake.channels[channel] = ["a", "b", "c", "d"]
    teams.posted(teams.typed("a", "hello", "sales"))
    before = teams.references.conversation(TENANT, channel)

    teams.fake.accounts["guest"] = Account("Gus", "gus@partner.example", role="guest")
    teams.fake.channels[channel].append("guest")
    joined = teams.activity("a", "conversationUpdate", "sales", membersAdded=[{"id": teams.account("guest").id}])
    teams.posted(joined)
    after = teams.references.conversation(TENANT, channel)

    assert before
    assert after
    assert (before.outsiders, after.outsiders) == (False, True)


@pytest.mark.parametrize(
    ("address", "allowed"),
    [
        ("https://smba.trafficmanager.net/emea/", True),
        ("https://smba.trafficmanager.net/emea/0000-1111/", True),
        ("https://SMBA.trafficmanager.net/", True),
        ("https://smba.infra.gcc.teams.microsoft.com/gcc", True),
        ("https://smba.infra.gov.teams.microsoft.us/gcch", True),
        ("http://smba.trafficmanager.net/emea/", False),
        ("https://smba.trafficmanager.net.evil.example/", False),
        ("https://evil.example/smba.trafficmanager.net/", False),
        ("https://smba.trafficmanager.net@evil.example/", False),
        ("https://evil.example\\@smba.trafficmanager.net/", False),
        ("https://evil.example#.teams.microsoft.com/", False),
        ("https://teams.microsoft.com.evil.example/", False),
        ("https://evilteams.microsoft.com/", False),
        ("https://127.0.0.1/", False),
        ("https://[::1]/", False),
        ("file:///etc/passwd", False),
        ("https://smba.trafficmanager.net/?x=1", False),
        ("", False),
    ],
)
def test_which_addresses_may_be_called(address: str, allowed: bool) -> None:
    assert may_be_called(address, MICROSOFT) is allowed


def test_loopback_may_be_named() -> None:
    assert may_be_called("http://127.0.0.1:3978/x/", ("127.0.0.1",))
    assert not may_be_called("http://evil.example/", ("evil.example",))
    assert may_be_called("https://proxy.example/", ("proxy.example",))


@pytest.mark.parametrize("address", ["http://login.example/token", "ftp://127.0.0.1/", "login.example"])
def test_the_secret_is_sent_to_https_only(address: str) -> None:
    with pytest.raises(ValueError, match="https"):
        Credentials(APP, PASSWORD, TENANT, address)


def test_the_secret_is_not_in_a_log() -> None:
    assert PASSWORD not in repr(Credentials(APP, PASSWORD, TENANT))


def test_multi_tenant_apps_have_an_endpoint_of_their_own() -> None:
    assert Credentials(APP, PASSWORD).endpoint == "https://login.microsoftonline.com/botframework.com/oauth2/v2.0/token"
    assert TENANT in Credentials(APP, PASSWORD, TENANT).endpoint
