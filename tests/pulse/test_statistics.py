"""The statistics of surveys against a reference library (SciPy) and published worked examples."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from math import sqrt

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats  # type: ignore[import-untyped]  # it has no annotations

from bot.pulse import statistics
from bot.pulse.statistics import Estimate, mean_estimate, more_than_noise, participation, recommendation, welch

ENDLESS = 10**12
SCALE = st.dictionaries(st.integers(1, 5), st.integers(0, 40), min_size=1).filter(lambda c: sum(c.values()) > 1)


def _each(counts: Mapping[int, int]) -> list[int]:
    return [value for value, times in counts.items() for _ in range(times)]


@given(counts=SCALE)
def test_mean_and_interval_are_those_of_the_reference(counts: dict[int, int]) -> None:
    values = _each(counts)
    found = mean_estimate(counts, ENDLESS)
    spread = float(stats.sem(values))

    assert found.value == pytest.approx(float(stats.tmean(values)))
    if spread:
        low, high = stats.t.interval(0.95, len(values) - 1, loc=found.value, scale=spread)
        assert [found.low, found.high] == pytest.approx([float(low), float(high)], abs=1e-7)
    else:
        assert found.low == found.high == found.value


@given(before=SCALE, after=SCALE)
def test_the_test_of_a_change_is_that_of_the_reference(before: dict[int, int], after: dict[int, int]) -> None:
    a, b = _each(before), _each(after)
    # Where all of a group say the same, the reference warns; the test for that case is below.
    assume(len(set(a)) > 1 and len(set(b)) > 1)
    expected = float(stats.ttest_ind(a, b, equal_var=False).pvalue)
    assert welch(before, after) == pytest.approx(expected, rel=1e-8, abs=1e-14)


@given(found=st.lists(st.floats(0, 1), min_size=1, max_size=40))
def test_many_changes_are_judged_as_by_the_reference(found: list[float]) -> None:
    adjusted = stats.false_discovery_control(found)
    clear = [(p, q) for p, q in zip(more_than_noise(found), adjusted, strict=True) if abs(q - 0.05) > 1e-12]
    assert [shown for shown, _ in clear] == [bool(q <= 0.05) for _, q in clear]


@pytest.mark.parametrize("degrees", [1, 2, 4, 4.5, 9, 29.3, 120, 59_999])
@pytest.mark.parametrize("probability", [0.9, 0.95, 0.975, 0.995])
def test_quantiles_of_student_are_those_of_the_reference(degrees: float, probability: float) -> None:
    assert statistics.t_quantile(probability, degrees) == pytest.approx(float(stats.t.ppf(probability, degrees)))


def test_students_sleep() -> None:
    """Student's own data (The probable error of a mean, Biometrika 6, 1908; `sleep` in R): two drugs, ten people each.
    R's documentation gives, for `t.test(extra ~ group, data = sleep)`, t = -1.8608, df = 17.776, p-value = 0.07939.
    Tenths of an hour, since values here are whole.
    """
    first, second = [7, -16, -2, -12, -1, 34, 37, 8, 0, 20], [19, 8, 11, 1, -1, 44, 55, 16, 46, 34]

    assert round(welch(Counter(first), Counter(second)), 5) == 0.07939


def test_the_first_example_of_benjamini_and_hochberg() -> None:
    """The fifteen probabilities of their section 3.2: Bonferroni's method rejects three, theirs the first four."""
    found = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528,
             0.7590, 1.0000]  # fmt: skip

    assert more_than_noise(found) == (True,) * 4 + (False,) * 11


def test_a_table_of_student() -> None:
    """Two-sided five per cent, as every table has it: 12.706, 2.776, 2.262, 2.045, 1.980."""
    found = [statistics.t_quantile(0.975, degrees) for degrees in (1, 4, 9, 29, 120)]
    assert [round(one, 3) for one in found] == [12.706, 2.776, 2.262, 2.045, 1.980]


def test_the_usual_margin_of_participation() -> None:
    """The textbook's 384 or 385 answers for five points in a large population, and 278 of 1,000 (Krejcie and Morgan,
    Determining sample size for research activities, 1970: N = 1000, S = 278)."""
    assert participation(385, ENDLESS).margin == pytest.approx(0.05, abs=1e-4)
    assert participation(278, 1000).margin == pytest.approx(0.05, abs=1e-4)


def test_who_asks_everybody_and_hears_from_all_has_no_margin() -> None:
    assert participation(40, 40).margin == 0
    assert mean_estimate({3: 4, 4: 6}, 10) == Estimate(3.6, 3.6, 3.6)


def test_nobody_and_one() -> None:
    assert participation(0, 30) == statistics.Participation(0, 30, 1.0)
    assert participation(0, 0).share == 0
    assert mean_estimate({4: 1}, 9, 1, 5) == Estimate(4, 1, 5)
    assert welch({4: 1}, {1: 30}) == 1


def test_more_answers_than_people_is_taken_as_all_of_them() -> None:
    """Somebody who was asked can have been erased since."""
    assert participation(12, 10) == statistics.Participation(12, 12, 0)


def test_an_interval_ends_where_the_scale_does() -> None:
    found = mean_estimate({5: 4, 4: 1}, ENDLESS, 1, 5)
    assert found.high == 5
    assert found.low == pytest.approx(4.8 - 2.7764451 * sqrt(0.2 / 5), abs=1e-6)


def test_everybody_the_same_is_no_noise_and_no_change() -> None:
    assert welch({3: 5}, {3: 6}) == 1
    assert welch({3: 5}, {4: 5}) == 0
    assert mean_estimate({3: 7}, ENDLESS) == Estimate(3, 3, 3)


def test_the_score_of_a_recommendation() -> None:
    """Of 100 answers 60 promote and 15 object: 45, and by the variance of the values 1, 0 and -1 the interval."""
    found = recommendation({10: 40, 9: 20, 8: 15, 7: 10, 6: 5, 0: 10}, ENDLESS)
    values = [1] * 60 + [0] * 25 + [-1] * 15
    half = 100 * float(stats.norm.ppf(0.975)) * sqrt(float(stats.tvar(values)) * 99 / 100 / 100)

    assert found.value == pytest.approx(45)
    assert [found.low, found.high] == pytest.approx([45 - half, 45 + half])
