"""Metrics: what an operator watches, counted from the database when it is asked for. No text, no person, no place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from bot.cases import watch
from bot.library import Library
from bot.shortening import Shortener
from bot.store import deliveries, hearing, lanes
from bot.store.engine import Store
from bot.store.faults import StoreUnavailable


def registry(store: Store, library: Library, shortener: Shortener | None = None) -> CollectorRegistry:
    """The metrics of one process; of a language model only where there is one."""
    found = CollectorRegistry()
    found.register(_Counts(store, library, shortener))
    return found


class _Counts(Collector):
    def __init__(self, store: Store, library: Library, shortener: Shortener | None) -> None:
        self._store = store
        self._library = library
        self._shortener = shortener

    def describe(self) -> Iterable[Metric]:
        return ()

    def collect(self) -> Iterable[Metric]:
        counted = list(self._counted())
        yield GaugeMetricFamily("throughline_database_up", "Whether the database could be read", bool(counted))
        yield from counted
        if self._shortener:
            yield from _model(self._shortener)
        in_force = len(self._library.current.playbooks.initiatives)
        yield GaugeMetricFamily("throughline_playbooks", "Initiatives in force", in_force)
        yield GaugeMetricFamily(
            "throughline_playbook_errors",
            "Errors found when the folder was last read",
            len(self._library.faults),
        )

    def _counted(self) -> Iterable[Metric]:
        try:
            with self._store.read() as tx:
                heard, sent, doubts = hearing.counts(tx), deliveries.counts(tx), deliveries.doubts(tx)
                now = lanes.database_time(tx)
                waiting, held = deliveries.waiting(tx, now), lanes.held(tx, now)
                watched = watch.watched(tx)
        except StoreUnavailable:
            return
        yield _by_state("throughline_events", "Events heard in the last day, by state", heard)
        yield _by_state("throughline_deliveries", "Messages by delivery state", sent)
        yield GaugeMetricFamily("throughline_doubtful_sends", "Messages sent again without knowing the outcome", doubts)
        yield _waiting(waiting)
        oldest = max((seconds for (_, reply), (_, seconds) in waiting.items() if reply), default=0.0)
        yield GaugeMetricFamily("throughline_oldest_reply_seconds", "How long the oldest reply has been due", oldest)
        unheld = sum(not is_held for is_held in held.values())
        yield GaugeMetricFamily("throughline_lanes_unheld", "Workspaces and tenants that no worker sends to", unheld)
        yield from _cases(watched)


def _cases(watched: watch.Watched) -> Iterable[Metric]:
    yield GaugeMetricFamily("throughline_cases_running", "Open cases", watched.running)
    yield GaugeMetricFamily("throughline_cases_lost", "Open cases that nothing looks after", watched.lost)
    yield CounterMetricFamily("throughline_cases_restored", "Cases that were lost and brought back", watched.healed)
    last = watched.last.timestamp() if watched.last else 0
    yield GaugeMetricFamily("throughline_cases_last_audit_seconds", "When open cases were looked after last", last)


def _model(shortener: Shortener) -> Iterable[Metric]:
    calls = CounterMetricFamily(
        "throughline_language_model_calls", "Calls of the language model, by what came of them", labels=["outcome"]
    )
    for outcome, count in sorted(shortener.counts.items()):
        calls.add_metric([outcome], count)
    yield calls
    yield CounterMetricFamily("throughline_language_model_tokens", "What the calls cost, in tokens", shortener.tokens)


def _waiting(waiting: Mapping[tuple[lanes.Lane, bool], tuple[int, float]]) -> Metric:
    family = GaugeMetricFamily("throughline_waiting", "Messages due and not yet sent", labels=["platform", "kind"])
    counted: Counter[tuple[str, str]] = Counter()
    for (lane, reply), (count, _) in waiting.items():
        counted[lane.platform, "reply" if reply else "other"] += count
    for labels, count in sorted(counted.items()):
        family.add_metric(list(labels), count)
    return family


def _by_state(name: str, about: str, counts: Mapping[str, int]) -> Metric:
    family = GaugeMetricFamily(name, about, labels=["state"])
    for state, count in sorted(counts.items()):
        family.add_metric([state], count)
    return family
