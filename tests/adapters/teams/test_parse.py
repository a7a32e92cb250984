"""What activities of Teams say: who, where, what, and what is none of it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from adapters.teams.elements import encode
from adapters.teams.parse import event, is_installed, is_removed, joined, left, said, tenant
from bot.messages import Place, Said
from tests.adapters.teams.activities import (
    ANA,
    BOT,
    CHANNEL,
    GROUP,
    TENANT,
    activity,
    dialog,
    executed,
    member,
    mentioned,
    submitted,
    typed,
)


def heard(payload: dict[str, Any], **more: Any) -> Said:
    """What is said, which must be something."""
    found = said(payload, **more)
    assert found is not None
    return found


def mention(name: str, account: str, marked: str = "") -> dict[str, Any]:
    """A mention beside a text."""
    return {"type": "mention", "text": marked or f"<at>{name}</at>", "mentioned": {"id": account, "name": name}}


def test_a_message_to_the_bot_alone() -> None:
    """Person, place and text as they are."""
    found = heard(typed("why?"), member=member())

    assert (found.text, found.how, found.message) == ("why?", "typed", "")
    assert found.place == Place("teams", TENANT, "a:1abc", "", "direct")
    assert (found.person.platform, found.person.workspace, found.person.account) == ("teams", TENANT, ANA)
    assert (found.person.name, found.person.email) == ("Ana Reis", "ana.reis@example.com")
    assert (found.person.locale, found.person.timezone) == ("pt-BR", "America/Sao_Paulo")
    assert found.person.member
    assert not found.person.bot


def test_a_channel_is_one_place_and_its_thread_is_part_of_it() -> None:
    """The message that a thread hangs under is the thread."""
    found = heard(mentioned("when?"), member=member())

    assert found.text == "when?"
    assert found.place == Place("teams", TENANT, "19:sales@thread.tacv2", "1700000000001", "channel")
    assert heard(typed("x", where=GROUP)).place.kind == "group"


@pytest.mark.parametrize(
    ("text", "entities", "expected"),
    [
        ("<at>Throughline</at> why", [mention("Throughline", BOT["id"])], "why"),
        ("  <at>Throughline</at>:&nbsp; why\r\n", [mention("Throughline", BOT["id"])], "why"),
        ("why, <at>Throughline</at>?", [mention("Throughline", BOT["id"])], "why,?"),
        (
            "<at>Throughline</at> ask <at>Bo Li</at> about it",
            [mention("Throughline", BOT["id"]), mention("Bo Li", "29:bo")],
            "ask Bo Li about it",
        ),
        ("<at>Throughline</at> <at>Throughline</at> why", [mention("Throughline", BOT["id"])], "why"),
        (
            "<at>Throughline</at> and <at>Throughline</at>",
            [mention("Throughline", BOT["id"]), mention("Throughline", "29:other")],
            "and Throughline",
        ),
        ('<at id="0">Throughline</at> why', [mention("Throughline", BOT["id"], '<at id="0">Throughline</at>')], "why"),
        (
            "<at>Through&amp;Line</at> R&amp;D &lt;b&gt;",
            [mention("Through&Line", BOT["id"], "<at>Through&amp;Line</at>")],
            "R&D <b>",
        ),
        ("<at>Throughline</at>", [mention("Throughline", BOT["id"])], ""),
        ("one\r\ntwo  three", [], "one\ntwo  three"),
        ("<at>Ana</at> said", [], "Ana said"),
        ("&lt;at&gt;Bo&lt;/at&gt;", [], "<at>Bo</at>"),
    ],
)
def test_only_the_bots_own_mention_goes(text: str, entities: list[Any], expected: str) -> None:
    """Others become the names they show; what people typed comes out as they typed it."""
    assert heard(typed(text, entities=entities)).text == expected


SAYS = "ask-owner crm-renewal named: why: “now”? ✓"


@pytest.mark.parametrize(
    ("payload", "opens", "replaces"),
    [
        (submitted({"says": SAYS}), False, False),
        (executed({"says": SAYS}), False, True),
        (dialog("task/fetch", {"says": SAYS, "msteams": {"type": "task/fetch"}}), True, False),
        (dialog("task/submit", {"says": SAYS}), True, False),
        (typed("Yes", value={"says": SAYS}), False, False),
        (typed("Yes", value='{"says": "ask-owner crm-renewal named: why: “now”? ✓"}'), False, False),
    ],
)
def test_a_press_says_its_text(payload: dict[str, Any], opens: bool, replaces: bool) -> None:
    """To the letter, whichever way it comes, with the post it was on and what may be answered."""
    found = heard(payload)

    assert (found.text, found.how) == (SAYS, "pressed")
    assert (found.opens, found.replaces) == (opens, replaces)
    assert found.message == payload.get("replyToId", "")


FORM = {
    "submits": "answer 14",
    "text.words": "Yes.\r\nAll, even “a,b”.",
    "text.none": "",
    "choice.name": encode("named, really"),
    "multi.units": f"{encode('field, sales')},{encode('R&D %2C')}",
    "multi.empty": "",
    "date.by": "2027-03-15",
    "msteams": {"type": "task/submit"},
}


@pytest.mark.parametrize(
    "payload", [submitted(FORM), dialog("task/submit", FORM), executed(FORM)], ids=["submit", "dialog", "execute"]
)
def test_a_form_says_its_text_and_its_answers(payload: dict[str, Any]) -> None:
    """By name, with the values that the options had, several as several."""
    found = heard(payload)

    assert (found.text, found.how) == ("answer 14", "form")
    assert dict(found.answers) == {
        "words": "Yes.\nAll, even “a,b”.",
        "none": "",
        "name": "named, really",
        "units": ("field, sales", "R&D %2C"),
        "empty": (),
        "by": "2027-03-15",
    }
    assert Said.from_json(found.to_json()) == found


def test_a_reaction_to_a_post_says_which() -> None:
    """With the post, and once; taking it back says nothing."""
    added = activity("messageReaction", reactionsAdded=[{"type": "like"}], replyToId="1700000000005")
    removed = activity("messageReaction", reactionsRemoved=[{"type": "like"}], replyToId="1700000000005")

    assert (heard(added).text, heard(added).how, heard(added).message) == ("reaction like", "pressed", "1700000000005")
    assert said(removed) is None


@pytest.mark.parametrize(
    "payload",
    [
        {**typed("hello"), "from": BOT},
        activity("messageUpdate", text="new words", channelData={"eventType": "editMessage", "tenant": {"id": TENANT}}),
        activity("messageDelete", channelData={"eventType": "softDeleteMessage", "tenant": {"id": TENANT}}),
        activity("conversationUpdate", membersAdded=[{"id": "29:ana"}]),
        activity("installationUpdate", action="add"),
        activity("typing"),
        activity("event", name="whatever"),
        activity("invoke", name="composeExtension/query", value={"data": {"says": "x"}}),
        activity("invoke", name="adaptiveCard/action", value=None),
        activity("invoke", name="adaptiveCard/action", value={"action": "x", "trigger": 1}),
        activity("invoke", name="task/submit", value=[1]),
        dialog("task/submit", {"other": "app"}),
        executed({"says": 1}),
        {**executed({"says": "x"}), "value": {"action": {"data": {"says": "x"}}, "trigger": "automatic"}},
        {"type": "message", "text": "from nobody"},
        {},
    ],
)
def test_what_says_nothing(payload: dict[str, Any]) -> None:
    """The bot's own, edits and deletions, what is the app's, what is no press of ours, and what is broken."""
    assert said(payload) is None


def test_another_bot_is_known_as_one() -> None:
    """So that two bots do not talk to each other for ever."""
    assert heard({**typed("hi"), "from": {"id": "28:other", "name": "Other"}}).person.bot
    assert heard({**typed("hi"), "from": {"id": "29:x", "role": "bot"}}).person.bot


@pytest.mark.parametrize(
    "roster",
    [
        None,
        member(userRole="guest"),
        member(userRole="anonymous"),
        member(userPrincipalName="ana_partner.com#EXT#@example.onmicrosoft.com"),
        member(tenantId="66666666-0000-4000-8000-000000000006"),
        member(aadObjectId="99999999-0000-4000-8000-00000000000b"),
        {"id": "29:somebody-else", "email": "boss@example.com", "userRole": "user"},
    ],
)
def test_who_is_not_shown_to_be_a_member_is_none(roster: dict[str, Any] | None) -> None:
    """Guests, people of another tenant, and whoever comes without a roster entry or with that of somebody else."""
    found = heard(typed("why?"), member=roster)

    assert not found.person.member
    assert found.person.account == ANA


def test_without_an_object_id_nobody_is_a_member() -> None:
    """The bot's own id of the person stands in, and the roster may still tell the object id."""
    unknown = {**typed("why?"), "from": {"id": "29:ana", "name": "Ana"}}

    assert heard(unknown).person.account == "29:ana"
    assert not heard(unknown, member={"id": "29:ana", "userRole": "user", "email": "a@example.com"}).person.member
    assert heard(unknown, member=member()).person.account == ANA


def test_an_address_is_only_taken_from_the_roster() -> None:
    """E-mail first, then the sign-in name, never that of a guest's shadow."""
    assert heard(typed("x"), member=member(email="")).person.email == "ana@example.com"
    shadow = member(email="", userPrincipalName="ana_partner.com#EXT#@example.onmicrosoft.com")
    assert heard(typed("x"), member=shadow).person.email == ""
    assert heard(typed("x")).person.email == ""


def test_outsiders_are_taken_to_read_along_where_nobody_knows_better() -> None:
    """A channel shared with others, or somebody who is no member speaking; what is handed in counts more."""
    data = {"tenant": {"id": TENANT}, "channel": {"id": "19:sales@thread.tacv2", "type": "shared"}}
    shared = typed("x", where=CHANNEL, channelData=data)

    assert heard(shared, member=member()).place.outsiders
    assert not heard(shared, member=member(), outsiders=False).place.outsiders
    assert heard(typed("x", where=GROUP), member=member(userRole="guest")).place.outsiders
    assert not heard(typed("x", where=GROUP), member=member()).place.outsiders
    assert heard(typed("x", where=GROUP), member=member(), outsiders=True).place.outsiders
    assert not heard(typed("x"), member=member(userRole="guest")).place.outsiders


def test_the_tenant_is_that_of_the_channel_data() -> None:
    """What stands there is what Teams vouches for; the conversation's own is the second choice."""
    assert tenant(typed("x", channelData={"tenant": {"id": TENANT.upper()}})) == TENANT
    assert tenant(typed("x", channelData={})) == TENANT
    assert tenant({"type": "message"}) == ""


def test_one_event_is_one_event() -> None:
    """Conversation and activity together; the same activity id elsewhere is another event."""
    assert event(typed("x")) == "a:1abc|1700000000009"
    assert event(typed("x", where=CHANNEL)) != event(typed("x", where=GROUP))


def test_an_invoke_without_an_id_is_known_by_its_content() -> None:
    """A second delivery is the same event, a second press another."""
    first = executed({"says": "why"}, event="")
    again = {**first, "channelData": {"tenant": {"id": TENANT}, "attempt": 2}}
    later = {**first, "timestamp": "2026-11-23T09:00:01.000Z"}

    assert event(first) == event(again)
    assert event(first) != event(later)
    assert event(first).startswith("a:1abc|=")


def test_installing_and_removing_are_recognised() -> None:
    """Both ways in which Teams tells."""
    assert is_installed(activity("installationUpdate", action="add"))
    assert is_installed(activity("installationUpdate", action="add-upgrade"))
    assert is_installed(activity("conversationUpdate", membersAdded=[BOT, {"id": "29:ana"}]))
    assert not is_installed(activity("conversationUpdate", membersAdded=[{"id": "29:ana"}]))
    assert is_removed(activity("installationUpdate", action="remove-upgrade"))
    assert is_removed(activity("conversationUpdate", membersRemoved=[BOT]))
    assert not is_removed(activity("installationUpdate", action="add"))


def test_who_came_and_who_left() -> None:
    """People only."""
    changed = activity("conversationUpdate", membersAdded=[BOT, {"id": "29:bo"}], membersRemoved=[{"id": "29:cy"}, {}])

    assert joined(changed) == ("29:bo",)
    assert left(changed) == ("29:cy",)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
FIELDS = (
    "id",
    "name",
    "from",
    "conversation",
    "recipient",
    "entities",
    "channelData",
    "value",
    "text",
    "reactionsAdded",
)


@given(
    st.sampled_from(["message", "invoke", "messageReaction", "conversationUpdate", "installationUpdate"]),
    st.dictionaries(st.sampled_from(FIELDS), json_values),
)
@example("messageReaction", {"reactionsAdded": 1})
def test_no_activity_is_a_fault(kind: str, broken: dict[str, Any]) -> None:
    """Whatever stands in an activity, nothing is raised."""
    payload = {**activity(kind, name="task/submit", value={"data": {"submits": "x"}}), **broken}

    said(payload, member=member())
    is_installed(payload), is_removed(payload), joined(payload), left(payload)
