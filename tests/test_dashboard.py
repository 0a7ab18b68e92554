"""The Grafana dashboard asks for the metrics that there are."""

import json
import re
from pathlib import Path

from tests.worker.audience import crowd, every, watched
from worker.runtime.metrics import Metrics

DASHBOARD = json.loads((Path(__file__).parents[1] / "docs" / "grafana-dashboard.json").read_text())


def queried() -> set[str]:
    queries = [target["expr"] for panel in DASHBOARD["panels"] for target in panel["targets"]]
    return {name for query in queries for name in re.findall(r"camera_worker_[a-z_]+", query)}


def exported() -> set[str]:
    metrics = Metrics()
    metrics.received("lobby", 1)
    metrics.stepped("faces", 1)
    metrics.retried("lobby")
    metrics.ended("lobby", "completed")
    metrics.voiced("kept")
    metrics.photographed("lobby", "stream")
    _, [*_, frame] = watched(every(5, 20, crowd(12)))
    metrics.watched("lobby", frame, 0.5, 20)
    metrics.watch_breaker("lobby", lambda: False)
    metrics._calls.labels("sqs", "ReceiveMessage", "ok")
    names = {sample.name for family in metrics.registry.collect() for sample in family.samples}
    return {name for name in names if name.startswith("camera_worker_") and not name.endswith("_created")}


def test_every_query_finds_its_metric() -> None:
    assert queried() <= exported()


def test_every_metric_is_shown() -> None:
    families = {re.sub(r"_(bucket|sum|count)$", "", name) for name in exported()}
    assert {re.sub(r"_(bucket|sum|count)$", "", name) for name in queried()} == families


def test_panels_have_places_of_their_own() -> None:
    places = [tuple(panel["gridPos"].values()) for panel in DASHBOARD["panels"]]
    assert len(set(places)) == len(places)
    assert len({panel["id"] for panel in DASHBOARD["panels"]}) == len(places)
