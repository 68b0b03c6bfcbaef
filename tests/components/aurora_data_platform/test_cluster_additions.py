"""Associated roles and custom endpoints of the cluster: resources and their options."""

from typing import Any

import pytest

from components.aurora_data_platform.errors import ConfigError
from tests.components.aurora_data_platform.platforms import arguments, platform
from tools.testing.programs import run_program
from tools.testing.recorder import FailedLookup, Recording

ROLES = {
    "s3Import": "arn:aws:iam::123456789012:role/dev-s3-import",
    "s3Export": "arn:aws:iam::123456789012:role/teams/dev-s3-export",
}
CLUSTER = "dev-aurora-cluster-ue2"
ASSOCIATION, ENDPOINT = ":ClusterRoleAssociation", ":ClusterEndpoint"


def dev(**changes: Any) -> Recording:
    return run_program("dev", **changes)


def test_a_stack_has_no_role_and_no_custom_endpoint_unless_declared() -> None:
    recording = dev()
    assert recording.of_type(ASSOCIATION) + recording.of_type(ENDPOINT) == []
    assert recording.exports["customEndpoints"] == {}


def test_each_role_is_associated_for_its_feature_and_replaced_in_this_order() -> None:
    recording = dev(iamRoles=ROLES)
    assert {each.name: each.inputs for each in recording.of_type(ASSOCIATION)} == {
        f"aurora-role-{feature}": {
            "dbClusterIdentifier": CLUSTER,
            "featureName": feature,
            "roleArn": role,
        }
        for feature, role in ROLES.items()
    }
    assert recording.options["aurora-role-s3Import"].delete_before_replace is True
    assert "iamRoles" not in recording.named("aurora-cluster").inputs
    assert recording.exports["declaredState"]["iamRoles"] == ROLES


def test_roles_open_https_for_the_cluster_and_nothing_else() -> None:
    before, after = (
        {each.name: each.inputs for each in recording.resources if ":vpc/" in each.type}
        for recording in (dev(), dev(iamRoles=ROLES))
    )
    assert after.keys() - before.keys() == {"aurora-egress-https"}
    rule = dict(after["aurora-egress-https"])
    assert rule.pop("tags")["Name"] == "dev-rds-aurora-sg-ue2"
    assert rule == {
        "securityGroupId": "aurora-security-group-id",
        "cidrIpv4": "0.0.0.0/0",
        "ipProtocol": "tcp",
        "fromPort": 443,
        "toPort": 443,
        "description": "AWS services for s3Import, s3Export",
    }


def test_a_role_of_another_account_is_rejected() -> None:
    other = "arn:aws:iam::210987654321:role/dev-s3-import"
    with pytest.raises(ConfigError, match=r"iamRoles\.s3Import\n.*\n.*a role in 123456789012"):
        arguments(iam_roles={"s3Import": other})


def test_a_role_that_does_not_exist_is_rejected_by_the_preview() -> None:
    gone = {"aws:iam/getRole:getRole": FailedLookup("NoSuchEntity")}
    with pytest.raises(Exception, match=r"iamRoles\.s3Export"):
        run_program("dev", answers=gone, iamRoles=ROLES)


def test_members_of_an_endpoint_are_instances_by_number() -> None:
    recording = platform(
        instance_count=3,
        custom_endpoints={
            "reports": {"staticMembers": [3, 2]},
            "others": {"type": "ANY", "excludedMembers": [2]},
            "all": {"type": "ANY"},
        },
    )
    cluster = "test-aurora-cluster-ue2"
    inputs = {each.name: dict(each.inputs) for each in recording.of_type(ENDPOINT)}
    tags = {name: each.pop("tags")["Name"] for name, each in inputs.items()}
    assert tags["p-endpoint-reports"] == "test-aurora-reports-ue2"
    assert inputs == {
        "p-endpoint-reports": {
            "clusterEndpointIdentifier": "test-aurora-reports-ue2",
            "clusterIdentifier": cluster,
            "customEndpointType": "READER",
            "staticMembers": [f"{cluster}-3", f"{cluster}-2"],
        },
        "p-endpoint-others": {
            "clusterEndpointIdentifier": "test-aurora-others-ue2",
            "clusterIdentifier": cluster,
            "customEndpointType": "ANY",
            "excludedMembers": [f"{cluster}-2"],
        },
        "p-endpoint-all": {
            "clusterEndpointIdentifier": "test-aurora-all-ue2",
            "clusterIdentifier": cluster,
            "customEndpointType": "ANY",
        },
    }
    assert recording.depends_on("p-endpoint-all") == ["p-instance-1"]
    assert recording.exports["customEndpoints"].keys() == {"reports", "others", "all"}
