"""Network interfaces of functions in a VPC, which outlive their function for a while."""

import os
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from moto.ec2.models.elastic_network_interfaces import NetworkInterface

from emulator.aws.errors import reject
from emulator.aws.moto_adapter.backends import Backends
from emulator.aws.moto_adapter.call import Answer, Call, Proceed
from emulator.aws.registry import patch_operations

LINGER_VARIABLE = "EMULATOR_LAMBDA_INTERFACE_SECONDS"
"""Environment variable: seconds for which interfaces outlive their function."""

DEFAULT_LINGER_SECONDS = 3.0
"""On AWS they stay for 5 to 45 minutes."""

_TEST = "awslambda/test_network_interfaces"


@dataclass
class _Interfaces:
    """The interfaces of one function; `expires` is set when the function is deleted."""

    backends: Backends
    found: list[NetworkInterface]
    expires: float | None = None

    def remove(self) -> None:
        for interface in self.found:
            self.backends.ec2.enis.pop(interface.id, None)


_INTERFACES: dict[str, _Interfaces] = {}
_LINGERING: list[_Interfaces] = []


@patch_operations(
    "lambda:CreateFunction",
    "lambda:UpdateFunctionConfiguration",
    moto_behaviour="a function in a VPC has no network interfaces",
    aws="it has one per subnet and set of security groups, created by Lambda",
    source="Lambda developer guide, Giving Lambda functions access to resources in a VPC, "
    "Understanding Hyperplane Elastic Network Interfaces",
    test=f"{_TEST}::test_a_function_in_a_vpc_has_an_interface_in_each_subnet",
)
def create_interfaces(call: Call, proceed: Proceed) -> Answer:
    """Create the interfaces of the function's network configuration."""
    result = proceed()
    network: dict[str, Any] | None = call.params.get("VpcConfig")
    if network is not None:
        name = _key(call)
        _remove(_INTERFACES.pop(name, None))
        created = [
            call.ec2.create_network_interface(
                call.ec2.get_subnet(subnet),
                [],
                group_ids=list(network.get("SecurityGroupIds", ())),
                description=f"AWS Lambda VPC ENI-{call.params['FunctionName']}",
            )
            for subnet in network.get("SubnetIds", ())
        ]
        _INTERFACES[name] = _Interfaces(Backends(call.account_id, call.region), created)
    return result


@patch_operations(
    "lambda:DeleteFunction",
    moto_behaviour="nothing remains of a deleted function",
    aws="its network interfaces stay for a while and are then removed by Lambda",
    source="Lambda developer guide, Giving Lambda functions access to resources in a VPC; "
    "hashicorp/terraform-provider-aws issue 10329",
    test=f"{_TEST}::test_a_security_group_is_in_use_until_the_interfaces_are_removed",
)
def keep_interfaces(call: Call, proceed: Proceed) -> Answer:
    """Keep the interfaces for the configured time."""
    result = proceed()
    interfaces = _INTERFACES.pop(_key(call), None)
    if interfaces is not None:
        linger = float(os.environ.get(LINGER_VARIABLE, DEFAULT_LINGER_SECONDS))
        interfaces.expires = time.monotonic() + linger
        _LINGERING.append(interfaces)
    return result


@patch_operations(
    "ec2:DeleteSecurityGroup",
    "ec2:DeleteSubnet",
    "ec2:DescribeNetworkInterfaces",
    moto_behaviour="a security group of a network interface can be deleted",
    aws="DependencyViolation while a network interface has the group",
    source="EC2 API reference, DeleteSecurityGroup; EC2 error codes, DependencyViolation",
    test=f"{_TEST}::test_a_security_group_is_in_use_until_the_interfaces_are_removed",
)
def keep_group_of_interface(call: Call, proceed: Proceed) -> Answer:
    """Remove expired interfaces, then reject the deletion of a group that one still has."""
    for interfaces in [each for each in _LINGERING if (each.expires or 0) <= time.monotonic()]:
        _LINGERING.remove(interfaces)
        interfaces.remove()
    group_id = call.params.get("GroupId")
    if call.operation == "DeleteSecurityGroup" and group_id in _groups(call.ec2.enis.values()):
        reject("DependencyViolation", f"resource {group_id} has a dependent object")
    return proceed()


def _groups(interfaces: Iterable[NetworkInterface]) -> set[str]:
    return {group.id for interface in interfaces for group in interface.group_set}


def _remove(interfaces: _Interfaces | None) -> None:
    if interfaces is not None:
        interfaces.remove()


def _key(call: Call) -> str:
    name = call.params["FunctionName"].rpartition(":")[2]
    return f"{call.account_id}/{call.region}/{name}"
