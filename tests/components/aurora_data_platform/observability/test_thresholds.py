"""Alarm thresholds, exact."""

from typing import Any

import pytest

from components.aurora_data_platform.observability.alarms import thresholds
from components.aurora_data_platform.settings.model import PlatformSettings
from tools.reference.stacks import settings_of


def prod(**changes: Any) -> PlatformSettings:
    return settings_of("prod").model_copy(update=changes)


@pytest.mark.parametrize(
    ("minimum", "maximum", "scales"),
    [(8.5, 10, True), (9, 10, False), (9.5, 10, False), (10, 10, False), (0, 1, True)],
)
def test_an_instance_can_scale_below_ninety_percent_of_the_maximum(
    minimum: float, maximum: float, *, scales: bool
) -> None:
    settings = prod(aurora_min_capacity=minimum, aurora_max_capacity=maximum)
    assert thresholds.can_scale(settings) is scales


@pytest.mark.parametrize(("maximum", "cpus"), [(1, 1), (4, 1), (4.5, 1.125), (256, 64)])
def test_an_instance_has_a_virtual_cpu_per_four_acu_and_at_least_one(
    maximum: float, cpus: float
) -> None:
    assert thresholds.virtual_cpus(prod(aurora_max_capacity=maximum)) == cpus


def test_thresholds_of_prod() -> None:
    settings = prod(aurora_max_capacity=256, rotation_days=30)
    assert {
        "max capacity": thresholds.max_capacity_acu(settings),
        "free memory": thresholds.free_memory_bytes(settings),
        "storage": thresholds.storage_bytes(settings),
        "rotation age": thresholds.rotation_age_days(settings),
        "connections": thresholds.connections_in_use(settings),
    } == {
        "max capacity": 230.4,
        # A twentieth of 512 GiB.
        "free memory": 27_487_790_694,
        # Four fifths of 128 TiB.
        "storage": 112_589_990_684_262,
        "rotation age": 32,
        "connections": 4000,
    }


def test_constant_thresholds() -> None:
    assert (
        thresholds.CPU_PERCENT,
        thresholds.TRANSACTION_IDS_WARNING,
        thresholds.TRANSACTION_IDS_CRITICAL,
        thresholds.COMMIT_LATENCY_MILLISECONDS,
        thresholds.REPLICA_LAG_MILLISECONDS,
        thresholds.SLOT_BYTES,
    ) == (90, 500_000_000, 1_000_000_000, 100, 2000, 10_737_418_240)
