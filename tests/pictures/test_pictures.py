"""Pictures of our own: that every state is told apart, that everything fits, and that nothing breaks the drawing."""

from __future__ import annotations

import re
from base64 import b64decode
from datetime import date, timedelta
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.messages import PICTURE, Card, picture_of
from bot.pictures import MOST_ROWS, Bar, Legend, Row, bars, png, timeline
from bot.pictures.letters import FILES, fitted, width, written
from bot.pictures.signs import STATES, sign

TODAY = date(2027, 3, 20)
LEGEND = Legend("The plan", "Today", {one: one.upper() for one in STATES}, "earlier", lambda day: f"{day:%b}")
Svg = ElementTree.Element


def row(name: str = "Start", day: date = TODAY, **more: object) -> Row:
    return Row(name, day, f"{day:%d %b}", **more)  # type: ignore[arg-type]  # passed on


def read(svg: str) -> Svg:
    return ElementTree.fromstring(svg)  # noqa: S314 - drawn here


def texts(svg: str) -> list[str]:
    return ["".join(one.itertext()) for one in read(svg).iter("{http://www.w3.org/2000/svg}text")]


def size(image: str) -> tuple[int, int]:
    head = b64decode(image.removeprefix(PICTURE))[16:24]
    return int.from_bytes(head[:4], "big"), int.from_bytes(head[4:], "big")


def test_states_differ_in_shape_and_not_in_colour_alone() -> None:
    shapes = {re.sub(r"#[0-9A-F]{6}", "", sign(one, 0, 0, 10)) for one in STATES}

    assert len(shapes) == len(STATES)


def test_the_legend_names_the_states_that_are_there_and_no_others() -> None:
    svg = timeline([row(state="done"), row(state="at-risk")], TODAY, LEGEND)

    said = texts(svg)
    assert {"DONE", "AT-RISK"} <= set(said)
    assert not {"PLANNED", "PASSED", "ON-TRACK", "earlier"} & set(said)


def test_a_moved_date_shows_where_it_was() -> None:
    before = row(day=TODAY + timedelta(days=30))
    moved = row(day=TODAY + timedelta(days=30), before=TODAY + timedelta(days=10))

    assert "stroke-dasharray" not in timeline([before], TODAY, LEGEND)
    assert "earlier" in texts(timeline([moved], TODAY, LEGEND))
    assert "stroke-dasharray" in timeline([moved], TODAY, LEGEND)


@pytest.mark.parametrize("count", [1, 2, 14, MOST_ROWS, MOST_ROWS + 5])
def test_a_plan_fits_where_pictures_are_shown(count: int) -> None:
    rows = [row(f"Milestone number {n} with a long name", TODAY + timedelta(days=20 * n)) for n in range(count)]

    image = png(timeline(rows, TODAY, LEGEND))

    assert picture_of(Card("", image=image)) is not None
    assert size(image)[0] == 1024
    assert size(image)[1] <= 1024


def test_letters_are_never_smaller_than_can_be_read() -> None:
    rows = [row(f"Number {n}", TODAY + timedelta(days=n)) for n in range(MOST_ROWS)]

    sizes = [float(one) for one in re.findall(r'font-size="([\d.]+)"', timeline(rows, TODAY, LEGEND))]

    assert min(sizes) >= 18


def test_a_long_name_is_cut_with_an_ellipsis_before_the_date() -> None:
    name = "An uncommonly long name of a milestone that nobody would want to read twice"

    crowd = [row(name), *(row(f"Number {n}") for n in range(20))]

    said = texts(timeline(crowd, TODAY, LEGEND))

    shown = next(one for one in said if one.startswith("An unc"))
    assert shown.endswith("…")
    assert width(shown, 20) < 500


def test_a_long_name_stands_on_two_lines_where_there_is_room() -> None:
    name = "Second factor for the service desk and the corporate functions, and for whoever else there may be later on"

    said = texts(timeline([row(name)], TODAY, LEGEND))

    first = next(n for n, one in enumerate(said) if one.startswith("Second"))
    assert name.startswith(said[first])
    assert said[first + 1].endswith("…")


def test_months_that_have_no_room_are_left_out() -> None:
    far = [row(day=TODAY), row(day=TODAY + timedelta(days=3000))]

    said = texts(timeline(far, TODAY, LEGEND))

    assert 1 <= sum(one in {f"{date(2027, n, 1):%b}" for n in range(1, 13)} for one in said) <= 6


@pytest.mark.parametrize("weight", sorted(FILES))
def test_the_font_has_the_letters_of_the_product_languages(weight: str) -> None:
    for letters in ("äöüßÄÖÜ", "ãõçáéíóúâêôà", "ñ¿¡áéíóúü", "„“«»–—…’", "ŁłŻźčřşğ", "Привет", "Ελλάδα"):
        assert written(letters) == letters
        assert width(letters, 10, weight) > 0  # type: ignore[arg-type]  # its own keys


def test_what_the_font_cannot_write_is_left_out() -> None:
    assert written("Go 🚀 日本 live\x00\ud83d") == "Go live"
    assert fitted("", 100, 20) == ""


def test_a_picture_is_the_same_every_time() -> None:
    svg = timeline([row("Übergabe")], TODAY, LEGEND)
    first = png(svg)
    png.cache_clear()

    assert png(svg) == first


def test_text_is_really_drawn() -> None:
    with_name, without = (png(timeline([row(name)], TODAY, LEGEND)) for name in ("Start of everything", ""))

    assert with_name != without


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.builds(
            Row,
            st.text(max_size=80),
            st.dates(date(1990, 1, 1), date(2100, 1, 1)),
            st.text(max_size=20),
            st.sampled_from(STATES),
            st.none() | st.dates(date(1990, 1, 1), date(2100, 1, 1)),
        ),
        min_size=1,
        max_size=30,
    ),
    st.dates(date(1990, 1, 1), date(2100, 1, 1)),
)
def test_whatever_a_plan_holds_it_is_a_drawing(rows: list[Row], today: date) -> None:
    drawn = read(timeline(rows, today, LEGEND))

    assert float(drawn.attrib["height"]) <= 1024


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60), st.floats(-1e6, 1e6), st.floats(-1, 1e6), st.text(max_size=40))
def test_whatever_a_figure_says_its_bar_stays_inside(label: str, value: float, whole: float, said: str) -> None:
    for one in read(bars([Bar(label, value, whole, said)], label)).iter("{http://www.w3.org/2000/svg}rect"):
        assert float(one.attrib["width"]) >= 0
        assert float(one.attrib.get("x", 0)) + float(one.attrib["width"]) <= 1024


def test_without_a_whole_there_is_no_bar() -> None:
    rects = [len(list(read(bars([Bar("Reach", 3, whole, "3")])).iter("{http://www.w3.org/2000/svg}rect")))
             for whole in (0, 5)]  # fmt: skip

    assert rects[0] < rects[1]
