"""Accounts: to whom a resource gives access, and to whom a stack belongs."""

# Values are free-form data.
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false

from typing import Any

import pytest

from policy_pack.aurora_policies.reading.accounts import foreign, grantees_of, own_accounts
from policy_pack.aurora_policies.reading.resource_types import (
    INGRESS_RULE,
    KEY,
    OPEN_GRANTEES,
    PERMISSION,
    SECURITY_GROUP,
    SHARED_SNAPSHOTS,
)
from policy_pack.aurora_policies.reading.resources import Resource
from policy_pack.aurora_policies.reading.values import UNKNOWN
from tests.policy_pack.reading.resources import created, declared

OWN, OTHER = "123456789012", "210987654321"


def policy(*accounts: str, effect: str = "Allow") -> dict[str, Any]:
    return {"Statement": [{"Effect": effect, "Principal": {"AWS": list(accounts)}}]}


@pytest.mark.parametrize(
    ("resource", "found"),
    [
        (
            declared(KEY, policy=policy(OTHER, OWN)),
            [("policy.Statement[0]", OWN), ("policy.Statement[0]", OTHER)],
        ),
        (declared(KEY, policy=policy(OTHER, effect="Deny")), []),
        (declared("aws:ecs/cluster:Cluster", policy=policy(OTHER)), []),
        (
            declared(PERMISSION, principal=f"arn:aws:iam::{OTHER}:role/x", sourceAccount=int(OWN)),
            [("principal", OTHER), ("sourceAccount", OWN)],
        ),
        (
            declared(
                "aws:ram/principalAssociation:PrincipalAssociation",
                principal=f"arn:aws:organizations::{OTHER}:organization/o-1",
            ),
            [("principal", "o-1")],
        ),
        (
            declared(INGRESS_RULE, referencedSecurityGroupId=f"{OTHER}/sg-1"),
            [("security group", OTHER)],
        ),
        (declared(INGRESS_RULE, referencedSecurityGroupId="sg-1"), []),
        (
            declared(
                SECURITY_GROUP,
                ingress=[{"securityGroups": [UNKNOWN, "sg-1"]}],
                egress=[{"securityGroups": ["sg-1", f"{OTHER}/sg-1"]}],
            ),
            [("egress[0].security group", OTHER)],
        ),
    ],
    ids=lambda value: value.type if isinstance(value, Resource) else None,
)
def test_a_resource_gives_access_to_these(resource: Resource, found: list[tuple[str, str]]) -> None:
    assert list(grantees_of(resource)) == found


def test_accounts_and_organizations_are_foreign_unless_accepted() -> None:
    names = ["*", OWN, OTHER, "o-1", "o-2", f"{OTHER}0", "ecs.amazonaws.com", "o-X"]
    found = foreign([(f"path of {each}", each) for each in names], {OWN, "o-1"})
    assert list(found) == [
        (f"path of {OTHER}", "another account"),
        ("path of o-2", "another organization"),
    ]


ARN = f"arn:aws:sns:us-east-2:{OWN}:topic"


@pytest.mark.parametrize(
    ("resources", "own"),
    [
        ([created("a", ARN), created("b", "arn:aws:s3:::logs")], {OWN}),
        ([created("a", ARN), declared(KEY, policy=policy(OTHER))], {OWN}),
        ([created("a", ARN), created("b", ARN.replace(OWN, OTHER))], {OWN, OTHER}),
        ([created("a", UNKNOWN), declared(KEY, policy=policy(OTHER))], {OTHER}),
        ([declared(KEY, policy=policy(OWN)), declared(KEY, policy=policy(OTHER))], set()),
        ([declared(KEY, policy=policy(OWN, OTHER))], set()),
        ([declared(KEY, policy=policy(OWN, OTHER)), declared(KEY, policy=policy(OTHER))], {OTHER}),
        ([declared(KEY, policy=policy("ecs", f"{OWN}0"))], set()),
        ([declared(KEY, policy=policy(OWN, "333333333333"))], {OWN}),
        ([], set()),
    ],
)
def test_a_stack_belongs_to_the_accounts_of_its_arns_or_to_the_one_named_most(
    resources: list[Resource], own: set[str]
) -> None:
    assert own_accounts(iter(resources), {"333333333333"}) == own


def test_every_shared_snapshot_is_a_snapshot() -> None:
    assert [each.split(":")[2] for each in SHARED_SNAPSHOTS] == [
        *("ClusterSnapshot", "ClusterSnapshotCopy", "Snapshot", "SnapshotCopy")
    ]


def test_endpoint_services_and_event_buses_can_be_open_to_everyone() -> None:
    assert {type_.split(":")[2]: paths for type_, paths in OPEN_GRANTEES.items()} == {
        "EventPermission": ("principal", "condition.value"),
        "VpcEndpointService": ("allowedPrincipals",),
        "VpcEndpointServiceAllowedPrinciple": ("principalArn",),
    }
