"""What can be said of a group's answers, and how sure it is. Pure; it knows numbers, no survey and no people.

Everything is worked out from how often each value was given. The sources:
- Margin of a share: normal approximation with the correction for finite populations (Cochran, Sampling Techniques,
  3rd edition, 2.8 and 3.3), at the widest, a share of one half.
- Interval of a mean: Student's t with n - 1 degrees of freedom, with the same correction.
- Change of a mean: Welch's t test with Satterthwaite's degrees of freedom, two-sided (Welch 1947, Biometrika 34).
- Many changes at once: the procedure of Benjamini and Hochberg (1995, J. R. Statist. Soc. B 57): of the changes that
  are shown, one in twenty at most is expected to be noise.
- Score of a recommendation: share of 9 and 10 less share of 0 to 6, with the variance of a difference of two shares of
  one multinomial sample.
All intervals and margins are 95 %. They treat those who answered as a random part of those who were asked, which nobody
can promise.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import exp, inf, lgamma, log, log1p, sqrt
from statistics import NormalDist

SURE = 0.95
NOISE = 0.05
_Z = NormalDist().inv_cdf((1 + SURE) / 2)
PROMOTES_FROM, DETRACTS_TO = 9, 6

Counts = Mapping[int, int]
"""How often each value was given."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure, with the ends of its interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Participation:
    """How many of those who were asked answered. `margin` is by how much, as a part of 1, a share among all who were
    asked may differ from the share among those who answered; 0 where everybody did."""

    answered: int
    asked: int
    margin: float

    @property
    def share(self) -> float:
        """The part of those asked that answered."""
        return self.answered / self.asked if self.asked else 0.0


def participation(answered: int, asked: int) -> Participation:
    """Participation with its margin; `asked` is at least `answered`."""
    asked = max(asked, answered)
    if not answered:
        return Participation(0, asked, 1.0)
    finite = sqrt((asked - answered) / (asked - 1)) if asked > 1 else 0.0
    return Participation(answered, asked, min(1.0, _Z * sqrt(0.25 / answered) * finite))


def number(counts: Counts) -> int:
    """How many answers these are."""
    return sum(counts.values())


def mean(counts: Counts) -> float:
    """Their mean; there must be at least one."""
    return sum(value * times for value, times in counts.items()) / number(counts)


def variance(counts: Counts) -> float:
    """Their variance as that of a sample (n - 1); 0 for a single one."""
    n, middle = number(counts), mean(counts)
    return sum(times * (value - middle) ** 2 for value, times in counts.items()) / (n - 1) if n > 1 else 0.0


def mean_estimate(counts: Counts, asked: int, lowest: float = -inf, highest: float = inf) -> Estimate:
    """The mean with its interval, cut at the ends of the scale. `asked` is how many could have answered."""
    n, middle = number(counts), mean(counts)
    if n < 2:  # noqa: PLR2004 - one answer has no spread
        return Estimate(middle, lowest, highest)
    half = t_quantile((1 + SURE) / 2, n - 1) * sqrt(variance(counts) / n * _finite(n, asked))
    return Estimate(middle, max(lowest, middle - half), min(highest, middle + half))


def recommendation(counts: Counts, asked: int) -> Estimate:
    """The score of a recommendation from 0 to 10, between -100 and 100, with its interval."""
    n = number(counts)
    pro = sum(times for value, times in counts.items() if value >= PROMOTES_FROM) / n
    contra = sum(times for value, times in counts.items() if value <= DETRACTS_TO) / n
    score = pro - contra
    half = _Z * sqrt((pro + contra - score**2) / n * _finite(n, asked))
    return Estimate(100 * score, 100 * max(-1.0, score - half), 100 * min(1.0, score + half))


def _finite(answered: int, asked: int) -> float:
    """What the variance is multiplied by since only so many could have answered."""
    return 1 - answered / max(asked, answered)


def welch(before: Counts, after: Counts) -> float:
    """The probability of means at least this far apart if nothing had changed, by Welch's test. Answers of one person
    in both rounds count as independent, since nobody knows which they are; so a change is sooner missed than made up.
    """
    n, m = number(before), number(after)
    apart = mean(after) - mean(before)
    a, b = variance(before) / n, variance(after) / m
    if min(n, m) < 2:  # noqa: PLR2004 - one answer has no spread
        return 1.0
    if a + b == 0:
        return 0.0 if apart else 1.0
    degrees = (a + b) ** 2 / (a**2 / (n - 1) + b**2 / (m - 1))
    return 2 * t_tail(abs(apart) / sqrt(a + b), degrees)


def more_than_noise(probabilities: Sequence[float]) -> tuple[bool, ...]:
    """Which of these many findings can be shown, by the procedure of Benjamini and Hochberg."""
    ordered = sorted(probabilities)
    passed = [p for rank, p in enumerate(ordered, 1) if p <= NOISE * rank / len(ordered)]
    limit = max(passed, default=-1.0)
    return tuple(p <= limit for p in probabilities)


def t_tail(t: float, degrees: float) -> float:
    """The probability that Student's t is above this, which is not negative."""
    return _beta_part(degrees / (degrees + t * t), degrees / 2, 0.5) / 2


@lru_cache(10_000)
def t_quantile(probability: float, degrees: float) -> float:
    """The value that Student's t stays below with this probability, from one half to below 1."""
    low, high = 0.0, 1.0
    while t_tail(high, degrees) > 1 - probability:
        low, high = high, high * 2
    for _ in range(200):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        low, high = (middle, high) if t_tail(middle, degrees) > 1 - probability else (low, middle)
    return (low + high) / 2


def _beta_part(x: float, a: float, b: float) -> float:
    """The regularised incomplete beta function (DLMF 8.17.22: a continued fraction, by the method of Lentz)."""
    if x <= 0 or x >= 1:
        return 0.0 if x <= 0 else 1.0
    if x > (a + 1) / (a + b + 2):
        return 1 - _beta_part(1 - x, b, a)
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x)) / a
    return front / _fraction(x, a, b)


_TINY, _CLOSE, _MOST_STEPS = 1e-300, 1e-16, 10_000


def _fraction(x: float, a: float, b: float) -> float:
    found = forward = 1.0
    backward = 0.0
    for step in range(1, _MOST_STEPS):
        m = step // 2
        if step % 2:
            part = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        else:
            part = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        backward = 1 / _not_zero(1 + part * backward)
        forward = _not_zero(1 + part / forward)
        found *= forward * backward
        if abs(forward * backward - 1) < _CLOSE:
            break
    return found


def _not_zero(value: float) -> float:
    return value if abs(value) > _TINY else _TINY
