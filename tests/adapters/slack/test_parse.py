"""Slack's payloads in, what was said out."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from adapters.slack.around import account, channel, profile_person, workspace
from adapters.slack.mrkdwn import plain
from adapters.slack.parse import said, typed_before
from adapters.slack.views import reopen
from bot.messages import Ask, Card, Option, Said
from tests.adapters.slack import payloads as slack
from tests.adapters.slack.payloads import ANA, BOT, CHANNEL, DIRECT, KNOWN, NOW, PEOPLE, TEAM

ENTERPRISE = "E0ALL"


def heard(payload: dict[str, Any], **known: Any) -> Said:
    """What was said, which must be something."""
    found = said(payload, replace(KNOWN, **known))
    assert found is not None
    return found


def test_a_direct_message_is_said_by_somebody_somewhere() -> None:
    """With everything that users.info tells."""
    found = heard(slack.typed("Ev1", "why &amp; when? &lt;now&gt;"))

    assert (found.event, found.text, found.how) == ("Ev1", "why & when? <now>", "typed")
    assert (found.person.platform, found.person.workspace, found.person.account) == ("slack", TEAM, ANA)
    assert (found.person.name, found.person.email) == ("Ana Prado", "ana.prado@example.com")
    assert (found.person.locale, found.person.timezone) == ("pt-BR", "America/Sao_Paulo")
    assert found.person.member
    assert (found.place.conversation, found.place.thread, found.place.kind) == (DIRECT, "", "direct")
    assert not found.place.outsiders
    assert not found.opens


def test_somebody_of_whom_nothing_is_known_is_bare() -> None:
    """Who that is is asked later."""
    found = heard(slack.typed("Ev1", "hi", user="U0NEW"))

    assert found.person.bare
    assert (found.person.account, found.person.workspace) == ("U0NEW", TEAM)


@pytest.mark.parametrize("text", ["when?", ", when?", ": when?", "  when?"])
def test_a_mention_in_a_channel_is_answered_in_its_thread(text: str) -> None:
    """The thread below the mention, or the one it stands in."""
    root = heard(slack.mentioned("Ev1", text))
    inside = heard(slack.mentioned("Ev2", text, thread_ts="1795000000.000001"))

    assert (root.text, root.place.kind, root.place.thread) == ("when?", "channel", NOW)
    assert inside.place.thread == "1795000000.000001"


def test_a_mention_in_the_middle_goes_too() -> None:
    """And names that are mentioned become names."""
    found = heard(slack.typed("Ev1", f"hey <@{BOT}> is <@{ANA}> in <#C1|sales>?"))

    assert found.text == "hey is @ana in #sales?"


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("see <https://example.com/a?b=1&amp;c=2>", "see https://example.com/a?b=1&c=2"),
        ("see <https://example.com|the page>", "see the page (https://example.com)"),
        ("<http://example.com|example.com>", "http://example.com"),
        ("<mailto:a@example.com|a@example.com>", "a@example.com"),
        ("<!here> and <!subteam^S1|@sales> and <!subteam^S1>", "@here and @sales and "),
        ("<!date^1392734382^{date}|18 February>", "18 February"),
        ("&amp;lt;b&amp;gt;", "&lt;b&gt;"),
        ("a\x00b\ud800", "ab"),
    ],
)
def test_what_slack_writes_its_own_way_is_read_as_it_was_typed(typed: str, read: str) -> None:
    """Links, mentions, dates, entities."""
    assert plain(typed) == read


@pytest.mark.parametrize(
    "payload",
    [
        slack.typed("Ev1", "x", subtype="message_changed", hidden=True),
        slack.typed("Ev1", "x", subtype="message_deleted"),
        slack.typed("Ev1", "x", subtype="channel_join"),
        slack.typed("Ev1", "x", subtype="bot_message", bot_id="B1"),
        slack.typed("Ev1", "x", bot_id="B2"),
        slack.typed("Ev1", "x", user=BOT),
        slack.typed("Ev1", "x", user=None),
        slack.mentioned("Ev1", "x", edited={"user": ANA, "ts": NOW}),
        slack.below("Ev1", "x", subtype="channel_topic"),
        slack.below("Ev1", "x", parent_user_id=ANA),
        slack.below("Ev1", "x", parent_user_id=None),
        slack.below("Ev1", "x", thread_ts=None),
        slack.below("Ev1", f"<@{BOT}> x"),
        slack.reacted("Ev1", "+1", item_user=ANA),
        slack.reacted("Ev1", "+1", user=BOT),
        slack.reacted("Ev1", "+1", item={"type": "file", "file": "F1"}),
        slack.event("Ev1", type="channel_rename", channel={"id": CHANNEL, "name": "new"}),
        slack.event("Ev1", type="team_join", user={"id": "U0NEW"}),
        slack.event("Ev1", type="app_home_opened", user=ANA, channel=DIRECT, tab="home"),
        slack.event("Ev1", type="something_new", user=ANA),
        {"type": "view_closed", "view": {}, "user": {"id": ANA}},
        {"type": "url_verification", "challenge": "x"},
        slack.shortcut("1.2", "something-else", "text"),
        slack.pressed("1.2", ""),
        {},
    ],
)
def test_what_says_nothing_is_not_heard(payload: dict[str, Any]) -> None:
    """Edits, own messages, other bots, what is not under an own post, and kinds of events that are new."""
    assert said(payload, replace(KNOWN, hear_replies=True)) is None


def test_answers_below_its_posts_are_heard_only_where_allowed() -> None:
    """Slack delivers them only with a permission of its own."""
    assert heard(slack.below("Ev1", "thanks"), hear_replies=True).place.thread == NOW
    assert said(slack.below("Ev1", "thanks"), KNOWN) is None


@pytest.mark.parametrize("subtype", ["file_share", "thread_broadcast", "me_message"])
def test_what_was_typed_in_another_way_is_heard(subtype: str) -> None:
    """With a file, to the channel as well, or as /me."""
    assert heard(slack.typed("Ev1", "why?", subtype=subtype)).text == "why?"


def test_a_command_is_said_where_it_was_given() -> None:
    """A form can be opened in answer."""
    found = heard(slack.command("1.2", "changes crm &amp; more"))

    assert (found.event, found.text, found.how) == ("command:1.2", "changes crm & more", "typed")
    assert (found.place.conversation, found.place.thread, found.place.kind) == (CHANNEL, "", "channel")
    assert found.opens
    assert not found.replaces


def test_a_command_among_two_people_is_answered_alone() -> None:
    """The bot cannot write into a conversation of two others."""
    elsewhere = heard(slack.command("1.2", "why", channel_id="D0TWO", channel_name="directmessage"))
    unknown = heard(slack.command("1.2", "why", channel_id="D0TWO", channel_name="directmessage", user_id="U0GUS"))

    assert (elsewhere.place.conversation, elsewhere.place.kind) == (DIRECT, "direct")
    assert (unknown.place.conversation, unknown.place.kind) == ("U0GUS", "direct")


def test_a_press_says_its_value_in_its_thread() -> None:
    """Below the card in a channel; in the open in a direct conversation."""
    alone = heard(slack.pressed("1.2", "more x"))
    where = {"type": "message", "message_ts": NOW, "channel_id": CHANNEL}
    among_others = heard(slack.pressed("1.3", "more x", channel={"id": CHANNEL, "name": "sales"}, container=where))

    assert (alone.event, alone.text, alone.how, alone.message) == ("press:1.2", "more x", "pressed", NOW)
    assert (alone.place.conversation, alone.place.thread, alone.opens, alone.replaces) == (DIRECT, "", True, True)
    assert (among_others.place.conversation, among_others.place.thread) == (CHANNEL, NOW)


def test_a_press_on_what_one_person_sees_replaces_nothing() -> None:
    """Slack cannot exchange it."""
    container = {"type": "message", "message_ts": NOW, "channel_id": CHANNEL, "is_ephemeral": True}

    assert not heard(slack.pressed("1.2", "x", channel={"id": CHANNEL}, container=container)).replaces


def test_a_press_in_the_app_home_is_answered_directly() -> None:
    """There is no conversation there."""
    payload = slack.pressed("1.2", "settings", container={"type": "view", "view_id": "V1"}, view={"type": "home"})
    del payload["channel"], payload["message"]

    found = heard(payload)

    assert (found.place.conversation, found.place.kind, found.message) == (DIRECT, "direct", "")
    assert found.opens
    assert not found.replaces


def test_a_choice_from_a_list_says_its_value() -> None:
    """As a button does."""
    action = {"type": "static_select", "action_id": "say:1", "selected_option": {"value": "about crm"}}

    assert heard(slack.pressed("1.2", "", actions=[action])).text == "about crm"


def test_a_button_that_leads_elsewhere_says_nothing() -> None:
    """Slack tells of it all the same."""
    action = {"type": "button", "action_id": "say:1", "url": "https://example.com", "action_ts": NOW}

    assert said(slack.pressed("1.2", "", actions=[action]), KNOWN) is None


def test_a_form_that_is_opened_again_says_what_it_is_for() -> None:
    """What was typed comes beside it."""
    button = reopen(slack.form("answer 14", {"text": ""}), {"text": "It’s\nmonday", "some": ("a", "b")})
    value = button["blocks"][-1]["elements"][0]["value"]

    assert heard(slack.pressed("1.2", value)).text == "answer 14"
    assert typed_before(slack.pressed("1.2", value)) == {"text": "It’s\nmonday", "some": ("a", "b")}
    assert typed_before(slack.pressed("1.2", "answer 14")) == {}


def test_shortcuts_are_answered_where_nobody_else_reads() -> None:
    """Nobody sees that somebody uses one."""
    concern = heard(slack.shortcut("1.2", "concern-about", "no time to test &amp; no help"))
    ask = heard(slack.shortcut("1.3", "ask-about", "who pays <@U0ANA>?"))
    everywhere = heard(slack.shortcut("1.4", "settings"))

    assert (concern.text, concern.how) == ("concern “no time to test & no help”", "pressed")
    assert (ask.text, ask.how) == ("who pays @ana?", "typed")
    assert (everywhere.text, everywhere.how, everywhere.event) == ("settings", "pressed", "shortcut:1.4")
    assert {one.place.conversation for one in (concern, ask, everywhere)} == {DIRECT}
    assert all(one.opens for one in (concern, ask, everywhere))


def test_what_a_colleague_wrote_is_taken_further_as_a_quotation_and_ones_own_words_as_they_are() -> None:
    payload = slack.shortcut("1.2", "concern-about", "no time to test")
    own = payload | {"message": payload["message"] | {"user": payload["user"]["id"]}}

    assert heard(payload).text == "concern “no time to test”"
    assert heard(own).text == "concern no time to test"


def test_a_form_gives_its_answers_by_name() -> None:
    """The values of the options and not what Slack carried, wherever the form was opened."""
    long = "x" * 400
    card = Card(
        body="B",
        asks=(
            Ask("text", "What?"),
            Ask("one", "Which?", "choice", (Option(long, "A"), Option("b", "B"))),
            Ask("some", "Which?", "multi", (Option("", "None"), Option("#1", "B"), Option("c", "C"))),
            Ask("day", "When?", "date", optional=True),
            Ask("left", "What else?", optional=True),
            Ask("none", "Which?", "multi", (Option("c", "C"),), optional=True),
        ),
        submits="answer 14",
    )
    place = heard(slack.mentioned("Ev1", "x")).place

    answers = {"text": "Yes.\nAll.", "one": "#0", "some": ["#0", "#1"], "day": "2027-03-01"}
    found = heard(slack.handed_in("1.2", card, answers, place))

    assert (found.text, found.how, found.place, found.message) == ("answer 14", "form", place, NOW)
    assert dict(found.answers) == {
        "text": "Yes.\nAll.",
        "one": long,
        "some": ("", "#1"),
        "day": "2027-03-01",
        "left": "",
        "none": (),
    }


def test_a_form_delivered_twice_is_one_event_and_handed_in_anew_another() -> None:
    """Also when nothing in it was changed, or the error would be taken for success."""
    card = slack.form("answer 14", {"text": "x"})
    first, again = (heard(slack.handed_in("1.2", card, {"text": "x"})) for _ in range(2))

    assert first == again
    assert heard(slack.handed_in("1.3", card, {"text": "x"})).event != first.event


def test_a_reaction_is_said_about_its_message() -> None:
    """By its name in Slack."""
    found = heard(slack.reacted("Ev1", "+1::skin-tone-2"))

    assert (found.event, found.text, found.how) == ("Ev1", "reaction +1::skin-tone-2", "pressed")
    assert (found.message, found.place.conversation) == (NOW, CHANNEL)


@pytest.mark.parametrize(
    ("payload", "kind", "outsiders"),
    [
        (slack.mentioned("Ev1", "x"), "channel", False),
        (slack.mentioned("Ev1", "x", shared=True), "channel", True),
        (slack.mentioned("Ev1", "x", shared=None, channel="C0NEW"), "channel", True),
        (slack.mentioned("Ev1", "x", channel="C0PARTNERS"), "channel", True),
        (slack.mentioned("Ev1", "x", channel="G0GROUP"), "group", False),
        (slack.command("1.2", "x"), "channel", False),
        (slack.command("1.2", "x", channel_id="C0NEW"), "channel", True),
        (slack.command("1.2", "x", channel_id="C0PARTNERS"), "channel", True),
        (slack.command("1.2", "x", channel_id="G0NEW", channel_name="mpdm-ana--gus-1"), "group", True),
        (slack.typed("Ev1", "x", channel="D0STRANGE"), "direct", False),
    ],
)
def test_who_reads_along(payload: dict[str, Any], kind: str, outsiders: bool) -> None:
    """Where Slack has not said that only colleagues do, outsiders are taken to."""
    place = heard(payload).place

    assert (place.kind, place.outsiders) == (kind, outsiders)


@pytest.mark.parametrize(
    ("profile", "member"),
    [
        ({}, True),
        ({"is_restricted": True}, False),
        ({"is_restricted": True, "is_ultra_restricted": True}, False),
        ({"is_stranger": True}, False),
        ({"deleted": True}, False),
        ({"team_id": "T0ELSEWHERE"}, False),
        ({"team_id": "T0SECOND", "enterprise_user": {"enterprise_id": ENTERPRISE, "teams": ["T0SECOND"]}}, True),
        ({"team_id": "T0SECOND", "enterprise_user": {"enterprise_id": "E0OTHER", "teams": ["T0SECOND"]}}, False),
        ({"team_id": "T0SECOND", "enterprise_user": {"enterprise_id": "E0OTHER", "teams": [TEAM]}}, True),
    ],
)
def test_who_is_a_member(profile: dict[str, Any], member: bool) -> None:
    """Guests, strangers and people of other organisations are not; colleagues of the same Enterprise are."""
    person = profile_person({**PEOPLE[ANA], **profile}, TEAM, frozenset({TEAM, ENTERPRISE}))

    assert person.member is member


def test_bots_are_bots() -> None:
    """The core does not listen to them."""
    assert profile_person({"id": "U1", "team_id": TEAM, "is_bot": True}, TEAM).bot


def test_an_install_for_a_whole_enterprise_is_one_workspace() -> None:
    """An account and a channel have one id in all of it."""
    grid = slack.typed("Ev1", "x")
    grid["authorizations"] = [{"enterprise_id": ENTERPRISE, "team_id": "T0SECOND", "is_enterprise_install": True}]
    press = slack.pressed("1.2", "x", team=None, is_enterprise_install=True, enterprise={"id": ENTERPRISE})
    order = slack.command("1.2", "x", is_enterprise_install="true", enterprise_id=ENTERPRISE)

    assert {workspace(one) for one in (grid, press, order)} == {ENTERPRISE}
    assert workspace(slack.pressed("1.2", "x", team=None)) == TEAM
    assert heard(slack.typed("Ev1", "x"), workspace="T0NAMED").place.workspace == "T0NAMED"


def test_who_and_where_can_be_told_before_anything_is_read() -> None:
    """So that both can be looked up first."""
    here = [slack.typed("e", "x"), slack.command("1", "x"), slack.pressed("1", "x"), slack.reacted("e", "+1")]

    assert [account(one) for one in here] == [ANA] * 4
    assert [channel(one) for one in here] == [DIRECT, CHANNEL, DIRECT, CHANNEL]
    assert channel(slack.shortcut("1", "settings")) == ""
    assert account(slack.event("e", type="team_join", user={"id": "U0NEW"})) == "U0NEW"


def test_what_is_not_ours_is_an_error_to_catch() -> None:
    """A view that somebody else opened, an event without its id."""
    for broken in ({"type": "view_submission", "view": {"id": "V1"}}, {"type": "event_callback", "event": {"user": 1}}):
        with pytest.raises((ValueError, KeyError, TypeError)):
            said(broken, KNOWN)
