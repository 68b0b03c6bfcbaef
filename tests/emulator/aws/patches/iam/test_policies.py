from collections.abc import Callable
from typing import Any

import pytest

from emulator.aws.patches.iam.policies import MANAGED_POLICIES
from tests.emulator.aws.requests import Rejection, create_role, rejection

pytestmark = pytest.mark.emulator

_SERVICE_ROLE = "arn:aws:iam::aws:policy/service-role/"


def test_the_managed_policies_of_a_platform_can_be_attached(
    client: Callable[[str], Any], name: str
) -> None:
    iam = client("iam")
    create_role(iam, name, "monitoring.rds.amazonaws.com")
    arns = [f"{_SERVICE_ROLE}{policy}" for policy in MANAGED_POLICIES]
    for arn in arns:
        iam.attach_role_policy(RoleName=name, PolicyArn=arn)
    attached = iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]
    assert sorted(policy["PolicyArn"] for policy in attached) == arns


def test_a_managed_policy_that_does_not_exist_is_rejected(
    client: Callable[[str], Any], name: str
) -> None:
    iam = client("iam")
    create_role(iam, name, "monitoring.rds.amazonaws.com")
    arn = f"{_SERVICE_ROLE}AmazonRDSEnhancedMonitoringRol"
    assert rejection(iam.attach_role_policy, RoleName=name, PolicyArn=arn) == Rejection(
        "NoSuchEntity", f"Policy {arn} does not exist or is not attachable.", 404
    )
