"""Temporary clusters: their names, and what is refused before any call."""

from datetime import UTC, datetime
from typing import Any

import pytest

from operations.aws.clients import AwsClients
from operations.drill.clusters import DrillClusters
from operations.errors import RefusedError

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)


class NoCalls(AwsClients):
    def call(self, service: str, operation: str, **members: object) -> Any:
        raise AssertionError(f"{service} {operation} was called")


def clusters(source: str) -> DrillClusters:
    return DrillClusters(NoCalls("us-east-2"), source)


def test_a_name_contains_the_time_and_fits_even_the_longest_cluster_name() -> None:
    longest = "e" * 16 + "-" + "p" * 16 + "-cluster-" + "usw"
    name = clusters(longest).new_identifier(NOW)
    assert name == f"{longest}-drill-{int(NOW.timestamp()):x}"
    assert len(f"{name}-1") <= 63


@pytest.mark.parametrize("name", ["source", "source-1", "source-drill", "another-drill-1", ""])
def test_a_cluster_of_another_name_is_never_changed(name: str) -> None:
    own = clusters("source")
    for change in (
        lambda: own.remove(name),
        lambda: own.add_instance(name),
        lambda: own.restore(name, {}, NOW),
    ):
        with pytest.raises(RefusedError, match="is not a temporary cluster of source"):
            change()
