"""Custom endpoints, as a stack file declares them."""

from typing import Any

import pytest

from components.aurora_data_platform.settings.custom_endpoints import CustomEndpoint
from components.aurora_data_platform.settings.warnings import warnings_for
from tests.components.aurora_data_platform.settings.test_settings import issues, settings

NUMBERS = "instance numbers from 1 to instanceCount (3), each once"
REPORTS = "customEndpoints.reports"


@pytest.mark.parametrize(
    ("endpoint", "expected"),
    [
        ({"type": "WRITER"}, (f"{REPORTS}.type", "READER or ANY")),
        ({"members": [1]}, (f"{REPORTS}.members", "")),
        ({"staticMembers": [4]}, (f"{REPORTS}.staticMembers", NUMBERS)),
        ({"staticMembers": [0]}, (f"{REPORTS}.staticMembers", NUMBERS)),
        ({"excludedMembers": [2, 2]}, (f"{REPORTS}.excludedMembers", NUMBERS)),
        (
            {"staticMembers": [2], "excludedMembers": [1]},
            (f"{REPORTS}.excludedMembers", "unset with staticMembers"),
        ),
        (
            {"excludedMembers": [1, 2, 3]},
            (f"{REPORTS}.excludedMembers", "not every instance"),
        ),
    ],
)
def test_an_endpoint_that_aws_would_reject_is_an_issue(
    endpoint: dict[str, Any], expected: tuple[str, str]
) -> None:
    assert issues(instance_count=3, custom_endpoints={"reports": endpoint}) == [expected]


def test_a_reader_endpoint_needs_a_reader() -> None:
    assert issues(custom_endpoints={"reports": {}}) == [
        (f"{REPORTS}.type", "ANY while instanceCount is 1")
    ]
    settings(custom_endpoints={"everyone": {"type": "ANY"}})


@pytest.mark.parametrize("name", ["Reports", "-reports", "re--ports", "r" * 25])
def test_a_name_must_fit_the_identifier(name: str) -> None:
    ((key, _),) = issues(instance_count=3, custom_endpoints={name: {}})
    assert key == f"customEndpoints.{name}"


def test_a_sixth_endpoint_is_an_issue() -> None:
    endpoints: dict[str, Any] = {f"reports{number}": {} for number in range(6)}
    ((key, _),) = issues(instance_count=3, custom_endpoints=endpoints)
    assert key == "customEndpoints"


@pytest.mark.parametrize(
    ("endpoint", "members"),
    [
        ({}, [1, 2, 3]),
        ({"static_members": [3, 2]}, [3, 2]),
        ({"excluded_members": [1]}, [2, 3]),
    ],
)
def test_members_are_named_or_all_the_others(endpoint: dict[str, Any], members: list[int]) -> None:
    assert CustomEndpoint(**endpoint).members(3) == members


def test_a_single_reader_is_warned_about_since_it_can_become_the_writer() -> None:
    def warnings(**endpoint: object) -> list[str]:
        declared = settings(instance_count=3, custom_endpoints={"reports": endpoint})
        return [each for each in warnings_for(declared, []) if "customEndpoints" in each]

    assert warnings(staticMembers=[3]) == [
        "customEndpoints reports: type READER with one member; nobody can connect to it while that "
        "instance is the writer"
    ]
    assert warnings(staticMembers=[2, 3]) == []
    assert warnings(staticMembers=[3], type="ANY") == []
