"""Connection limits (Amazon Aurora User Guide, Maximum connections for Aurora Serverless v2)."""

import pytest

from components.aurora_data_platform.aurora.max_connections import (
    connection_cap,
    derived_connections,
    effective_connections,
    requested_connections,
)
from components.aurora_data_platform.aurora.parameters import ParameterValue

DERIVED = {
    **{0.5: 0, 1: 189, 3.5: 189, 4: 823, 7.5: 823, 8: 1669, 15.5: 1669},
    **{16: 3360, 31.5: 3360, 32: 5000, 256: 5000},
}
"""Connections by capacity."""


def test_aws_derives_the_connections_from_the_maximum_capacity() -> None:
    assert {capacity: derived_connections(capacity) for capacity in DERIVED} == DERIVED


def test_the_cap_is_lower_below_one_acu() -> None:
    caps = {0: 2000, 0.5: 2000, 1: 5000, 2: 5000}
    assert {capacity: connection_cap(capacity) for capacity in caps} == caps


@pytest.mark.parametrize(
    ("written", "requested"),
    [(1000, 1000), ("1000", 1000), ("LEAST({DBInstanceClassMemory/9531392},5000)", None),
     ("²", None), ("", None)],
)  # fmt: skip
def test_only_a_number_requests_connections(written: ParameterValue, requested: int | None) -> None:
    assert requested_connections({"max_connections": written}) == requested
    assert requested_connections({}) is None


@pytest.mark.parametrize(
    ("parameters", "minimum", "connections"),
    [
        ({}, 1, 3360),
        ({}, 0.5, 2000),
        ({"max_connections": 100}, 0.5, 100),
        ({"max_connections": 4000}, 0.5, 2000),
        ({"max_connections": 4000}, 1, 4000),
    ],
)
def test_an_instance_accepts_the_requested_or_else_the_derived_connections_up_to_the_cap(
    parameters: dict[str, ParameterValue], minimum: float, connections: int
) -> None:
    found = effective_connections(parameters, min_capacity_acu=minimum, max_capacity_acu=16)
    assert found == connections
