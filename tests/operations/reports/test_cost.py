"""Costs, computed by hand."""

import copy
from typing import Any

import pytest

from operations.errors import CannotRunError
from operations.outputs import StackOutputs, parse_outputs
from operations.reports.cost.estimate import Load, estimate
from tests.operations.examples import OUTPUTS


def outputs(region: str = "us-east-2", **declared: Any) -> StackOutputs:
    changed = copy.deepcopy(OUTPUTS)
    changed["declaredState"].update(declared)
    changed["clusterArn"] = changed["clusterArn"].replace("us-east-2", region)
    return parse_outputs(changed, "the test")


NOTHING = Load(None, None, None, 0)


def test_costs_are_per_instance_and_month() -> None:
    found = estimate(outputs(instanceIdentifiers=["a", "b"]), Load(2.0, 100.0, 50.0, 336))
    assert found.floor == pytest.approx(2 * 0.5 * 0.12 * 730)
    assert found.expected == pytest.approx(2 * 2.0 * 0.12 * 730)
    assert found.ceiling == pytest.approx(2 * 128 * 0.12 * 730)
    assert found.storage == pytest.approx(100 * 0.10)
    assert found.io == pytest.approx(50 * 0.20)
    assert found.fixed == pytest.approx(1.00 + 0.40 + 0.10)


@pytest.mark.parametrize(
    ("millions", "advice"),
    [
        (100.0, "I/O is 15% of the Aurora spend of 14 days: Standard is cheaper"),
        (400.0, "I/O is 42% of the Aurora spend of 14 days: consider storageType aurora-iopt1"),
    ],
)
def test_io_optimized_is_advised_above_a_quarter_of_the_spend(millions: float, advice: str) -> None:
    assert estimate(outputs(), Load(1.0, 250.0, millions, 336)).advice == advice


def test_io_costs_nothing_with_io_optimized() -> None:
    found = estimate(
        outputs(storageType="aurora-iopt1", acuHourlyPriceUsd=None), Load(1.0, 100.0, 400.0, 336)
    )
    assert (found.io, found.storage) == (0.0, pytest.approx(22.5))
    assert found.expected == pytest.approx(0.156 * 730)


def test_a_configured_price_replaces_the_list_price() -> None:
    assert estimate(outputs(acuHourlyPriceUsd=0.1), NOTHING).floor == pytest.approx(36.5)


def test_a_region_without_prices_is_refused() -> None:
    with pytest.raises(
        CannotRunError, match=r"^no prices for region eu-west-1; known regions: us-east-1"
    ):
        estimate(outputs("eu-west-1"), NOTHING)
