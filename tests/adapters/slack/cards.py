"""Cards for tests: any card that could be, and the worst that come to mind."""

from __future__ import annotations

from hypothesis import strategies as st

from bot.messages import PICTURE, Ask, Card, Choice, Option
from tests.adapters.contract import NASTY

MARKS = "*_~`#[]()<>!@&|\\-+.1 \n\t\u200b\u2060\u202e😀é:/"
words = st.one_of(
    st.text(max_size=40),
    st.text(alphabet=MARKS, max_size=60),
    st.sampled_from(["", " ", NASTY, "😀" * 80, "x" * 200, "wort " * 60, "https://example.com/a_b?c=d&e", "<!here>"]),
)
lines = st.one_of(
    words,
    st.lists(words, max_size=6).map("\n\n".join),
    st.lists(words, max_size=6).map(lambda some: "\n".join(f"- {one}" for one in some)),
    st.lists(words, max_size=4).map(lambda some: "\n".join(f"> {one}" for one in some)),
    st.builds(lambda text, times: text * times, words, st.integers(1, 500)),
)
addresses = st.sampled_from(
    [
        "",
        "https://example.com/x",
        "http://a",
        "javascript:alert(1)",
        "/board/x",
        "https://exa mple",
        "x" * 4000,
        PICTURE + "A" * 4000,
    ]
)
choices = st.builds(Choice, label=words, says=lines, style=st.sampled_from(["", "primary", "danger"]), url=addresses)
values = st.one_of(words, st.text(min_size=140, max_size=160), st.sampled_from(["#0", "#1", "a,b", "x" * 3_000]))
options = st.lists(st.builds(Option, value=values, label=words), max_size=12).map(tuple)
asks = st.builds(
    Ask,
    name=words,
    question=lines,
    kind=st.sampled_from(["text", "choice", "multi", "date"]),
    options=options,
    optional=st.booleans(),
    longest=st.integers(-1, 50_000),
    value=lines,
    hint=words,
)
pairs = st.tuples(words, lines)
cards = st.builds(
    Card,
    body=lines,
    title=words,
    facts=st.lists(pairs, max_size=12).map(tuple),
    table=st.lists(st.lists(words, max_size=23).map(tuple), max_size=6).map(tuple),
    image=addresses,
    image_text=words,
    choices=st.lists(choices, max_size=30).map(tuple),
    asks=st.lists(asks, max_size=6).map(tuple),
    submits=st.one_of(words, st.just("s" * 2_500)),
    submit_label=words,
    source=lines,
    details=words,
)

MANY = tuple(Option(f"unit-{n}", f"Department of a rather long name, number {n}") for n in range(1_500))
WORST = {
    "long body": Card(title="T" * 400, body="Beginning. " + "word " * 80_000, source="s" * 9_000),
    "one word": Card(body="ß" * 50_000),
    "only signs": Card(body="😀" * 20_000, title="😀" * 149),
    "many choices": Card(
        body="Beginning.", choices=tuple(Choice(f"No. {n}", f"show {n} " + "x" * 900) for n in range(90))
    ),
    "too much to say": Card(body="B", choices=(Choice("Ask", "ask-owner x named: " + "y" * 2_000, "primary"),)),
    "wide table": Card(body="B", table=(tuple(f"c{n}" for n in range(30)),) * 3),
    "long table": Card(body="B", table=(("Name", "Number"), *((f"n{n}", str(n)) for n in range(400)))),
    "many facts": Card(body="B", facts=tuple((f"Fact {n}", "value " * 20) for n in range(100))),
    "deep list": Card(body="\n".join("  " * n + f"- level {n}" for n in range(18))),
    "broken address": Card(body="[x](page.md) [y](javascript:alert) ![z](http://a/b.png) <https://a.example>"),
    "nasty": Card(body=NASTY, title=NASTY, facts=((NASTY, NASTY),), choices=(Choice(NASTY, NASTY),), source=NASTY),
    "nothing": Card(body=""),
    "a picture": Card(body="word " * 9_000, image=PICTURE + "A" * 900_000, image_text="What it shows. " * 900),
    "many options": Card(
        title="Which of all these departments is it about?",
        body="B",
        asks=(Ask("one", "Which?", "choice", MANY, value="unit-700"), Ask("some", "Which?", "multi", MANY, True)),
        submits="x",
    ),
    "long values": Card(
        body="B",
        asks=(Ask("one", "Which?", "choice", tuple(Option(f"{n}" * 200, f"label {n}") for n in range(20))),),
        submits="x",
    ),
    "many asks": Card(
        body="word " * 4_000,
        asks=tuple(Ask(f"a{n}", "Question " * 200, hint="Hint " * 300, value="v" * 5_000) for n in range(120)),
        submits="x",
    ),
    "a huge aim": Card(body="B", asks=(Ask("text", "What?"),), submits="x" * 4_000),
}
