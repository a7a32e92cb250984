"""A rotating share: everybody once in a cycle, newcomers fitted in, nobody asked by two surveys in a week."""

from __future__ import annotations

from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from bot.pulse.sampling import Turn, next_turn, rounds_to_a_cycle, sample


def mark(person: str) -> str:
    """A fingerprint as the seal makes it."""
    return sha256(person.encode()).hexdigest()


def people(count: int, first: int = 0) -> list[str]:
    """So many keys."""
    return [f"p{n}" for n in range(first, first + count)]


def rounds(
    pool: list[str], share: float, count: int, spared: dict[int, set[str]] | None = None
) -> list[frozenset[str]]:
    """So many rounds one after the other, in each of which nobody of `spared` can be asked."""
    before: list[tuple[int, float]] = []
    last: dict[str, int] = {}
    found = []
    for number in range(count):
        turn = next_turn(before, share)
        asked = sample(pool, share, turn, last, (spared or {}).get(number, set()), mark)
        found.append(asked)
        before.append((turn.cycle, share))
        last |= dict.fromkeys(asked, turn.cycle)
    return found


@given(st.integers(1, 200), st.sampled_from([1.0, 0.5, 1 / 3, 0.25, 0.2, 0.1]), st.integers(1, 3))
def test_everybody_is_asked_once_in_a_cycle(count: int, share: float, cycles: int) -> None:
    """Four rounds of a quarter hold everybody, each once, in parts of nearly the same size."""
    of_it, pool = rounds_to_a_cycle(share), people(count)

    found = rounds(pool, share, of_it * cycles)

    for first in range(0, len(found), of_it):
        cycle = found[first : first + of_it]
        assert sorted(one for asked in cycle for one in asked) == sorted(pool)
        assert max(len(asked) for asked in cycle) - min(len(asked) for asked in cycle) <= 1


@given(st.integers(5, 100))
def test_the_same_order_in_every_cycle(count: int) -> None:
    """Nobody waits seven rounds while another one is asked twice in two."""
    found = rounds(people(count), 0.25, 8)

    assert found[:4] == found[4:]


def test_who_has_come_is_fitted_in() -> None:
    """Newcomers are asked within the cycle, and nobody of the others twice."""
    last = dict.fromkeys(sample(people(20), 0.25, Turn(1, 0), {}, (), mark), 1)
    found = []
    for number in (1, 2, 3):
        asked = sample(people(26), 0.25, Turn(1, number), last, (), mark)
        last |= dict.fromkeys(asked, 1)
        found.append(asked)

    assert sorted(last) == sorted(people(26))
    assert sum(len(asked) for asked in found) == 21


def test_who_was_spared_comes_in_a_later_round() -> None:
    """Somebody who was asked by another survey is passed over, and comes first when the next cycle begins."""
    pool = people(8)
    busy = set(rounds(pool, 0.5, 2)[1])

    first, second, third, _ = rounds(pool, 0.5, 4, spared={1: busy})

    assert len(first) == 4
    assert second == frozenset()
    assert third == busy


def test_a_share_that_was_changed_begins_anew() -> None:
    """Rounds of another share do not count for this cycle."""
    assert next_turn([], 0.25) == Turn(1, 0)
    assert next_turn([(1, 0.25), (1, 0.25)], 0.25) == Turn(1, 2)
    assert next_turn([(1, 0.25), (1, 0.25)], 0.5) == Turn(2, 0)
    assert next_turn([(1, 0.25)] * 4, 0.25) == Turn(2, 0)
    assert next_turn([(1, 1.0)], 1.0) == Turn(2, 0)


def test_everybody_where_no_share_is_named() -> None:
    """A full round asks all who are not spared, every time."""
    found = rounds(people(7), 1.0, 3, spared={1: {"p3"}})

    assert [len(asked) for asked in found] == [7, 6, 7]


def test_a_share_of_more_than_half_still_goes_round() -> None:
    """Nobody is asked each time where only a part is to be asked."""
    assert [rounds_to_a_cycle(share) for share in (1.0, 0.9, 0.7, 0.5, 1 / 3, 0.25)] == [1, 2, 2, 2, 3, 4]
