import time
from collections.abc import Callable
from typing import Any

import pytest

from emulator.aws.patches.awslambda.network_interfaces import LINGER_VARIABLE
from emulator.testing.requests import create_function, create_security_group, subnets_of
from emulator.tests.aws.requests import Rejection, rejection

pytestmark = pytest.mark.emulator

CODE = "def handle(event, context):\n    pass\n"


def _interfaces(ec2: Any, group: str) -> list[dict[str, Any]]:
    filters = [{"Name": "group-id", "Values": [group]}]
    return ec2.describe_network_interfaces(Filters=filters)["NetworkInterfaces"]


@pytest.fixture
def group(client: Callable[[str], Any], ec2: Any, name: str) -> str:
    subnets = subnets_of(ec2, "first")
    created = create_security_group(ec2, name, subnets[0]["VpcId"])
    network = {
        "SubnetIds": [subnet["SubnetId"] for subnet in subnets],
        "SecurityGroupIds": [created],
    }
    create_function(client, name, CODE, VpcConfig=network)
    return created


def test_a_function_in_a_vpc_has_an_interface_in_each_subnet(
    ec2: Any, name: str, group: str
) -> None:
    found = _interfaces(ec2, group)
    expected = sorted(subnet["SubnetId"] for subnet in subnets_of(ec2, "first"))
    assert sorted(interface["SubnetId"] for interface in found) == expected
    assert {interface["Description"] for interface in found} == {f"AWS Lambda VPC ENI-{name}"}


def test_a_changed_network_replaces_the_interfaces(
    functions: Any, ec2: Any, name: str, group: str
) -> None:
    subnet = subnets_of(ec2, "first")[0]
    other = create_security_group(ec2, f"{name}-other", subnet["VpcId"])
    functions.update_function_configuration(
        FunctionName=name,
        VpcConfig={"SubnetIds": [subnet["SubnetId"]], "SecurityGroupIds": [other]},
    )
    assert (len(_interfaces(ec2, group)), len(_interfaces(ec2, other))) == (0, 1)


def test_a_security_group_is_in_use_until_the_interfaces_are_removed(
    functions: Any, ec2: Any, name: str, group: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(LINGER_VARIABLE, "1")
    in_use = Rejection("DependencyViolation", f"resource {group} has a dependent object")
    assert rejection(ec2.delete_security_group, GroupId=group) == in_use
    functions.delete_function(FunctionName=name)
    assert rejection(ec2.delete_security_group, GroupId=group) == in_use
    assert len(_interfaces(ec2, group)) == 3
    time.sleep(1.1)
    assert _interfaces(ec2, group) == []
    ec2.delete_security_group(GroupId=group)
