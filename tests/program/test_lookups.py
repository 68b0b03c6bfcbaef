"""Lookups before deployment: what they find, and what they reject."""

from typing import Any

import pulumi
import pytest

from tools.testing.programs import run_program
from tools.testing.recorder import FailedLookup, Recording

VPCS, TABLES, TABLE = (
    f"aws:ec2/{name}:{name}" for name in ("getVpcs", "getRouteTables", "getRouteTable")
)
SUBNET, SUBNETS, GROUP = (
    f"aws:ec2/{name}:{name}" for name in ("getSubnet", "getSubnets", "getSecurityGroup")
)
ENGINE_VERSION = "aws:rds/getEngineVersion:getEngineVersion"
CLUSTERS, CLUSTER = "aws:rds/getClusters:getClusters", "aws:rds/getCluster:getCluster"
OWN_CLUSTER = "dev-aurora-cluster-ue2"
PUBLIC_TABLE = {
    "associations": [{"main": True, "subnetId": ""}],
    "routes": [{"cidrBlock": "0.0.0.0/0", "ipv6CidrBlock": "", "gatewayId": "igw-1"}],
}


def error_of(answers: dict[str, Any], **changes: Any) -> str:
    with pytest.raises(pulumi.RunError) as error:
        run_program("dev", answers=answers, **changes)
    return str(error.value)


def test_every_vpc_that_the_tags_match_is_named() -> None:
    message = error_of({VPCS: {"ids": ["vpc-2", "vpc-1"]}})
    assert "reason:  2 VPCs matched: vpc-1, vpc-2" in message


def test_tags_without_a_matching_vpc_are_rejected() -> None:
    assert "reason:  0 VPCs matched\n" in error_of({VPCS: {"ids": []}}) + "\n"


def test_tags_without_a_matching_subnet_are_rejected_with_the_alternative() -> None:
    assert (
        "reason:  0 subnets matched {'Tier': 'private'} in vpc-1; list them in subnetIds"
    ) in error_of({SUBNETS: {"ids": []}})


def test_a_subnet_with_a_default_route_to_an_internet_gateway_is_public() -> None:
    message = error_of({TABLE: PUBLIC_TABLE})
    assert "subnet-a: public subnet (0.0.0.0/0 to igw-1 in rtb-main)" in message
    assert message.count("public subnet") == 3, "each subnet is named"


def test_an_ipv6_default_route_makes_a_subnet_public_too() -> None:
    table = {
        "associations": [{"main": True, "subnetId": ""}],
        "routes": [{"cidrBlock": "", "ipv6CidrBlock": "::/0", "gatewayId": "igw-1"}],
    }
    assert "subnet-a: public subnet (::/0 to igw-1 in rtb-main)" in error_of({TABLE: table})


@pytest.mark.parametrize("gateway", ["", "nat-1", "local", "vgw-1"])
def test_a_subnet_with_another_default_route_is_private(gateway: str) -> None:
    table = {
        "associations": [{"main": True, "subnetId": ""}],
        "routes": [{"cidrBlock": "0.0.0.0/0", "ipv6CidrBlock": "", "gatewayId": gateway}],
    }
    assert run_program("dev", answers={TABLE: table}).only(":Cluster")


def test_a_subnets_own_route_table_replaces_the_main_one() -> None:
    def table(arguments: dict[str, Any]) -> dict[str, Any]:
        if arguments["routeTableId"] == "rtb-main":
            return PUBLIC_TABLE
        subnets = ["subnet-a", "subnet-b", "subnet-c"]
        return {
            "associations": [{"main": False, "subnetId": subnet} for subnet in subnets],
            "routes": [{"cidrBlock": "10.0.0.0/8", "ipv6CidrBlock": "", "gatewayId": "local"}],
        }

    answers = {TABLES: {"ids": ["rtb-main", "rtb-private"]}, TABLE: table}
    assert run_program("dev", answers=answers).only(":Cluster")


def test_a_zone_without_lambda_in_a_vpc_is_rejected() -> None:
    zone = {
        "vpcId": "vpc-1",
        "availabilityZone": "us-east-1e",
        "availabilityZoneId": "use1-az3",
        "mapPublicIpOnLaunch": False,
    }
    assert "subnet-a: Lambda has no VPC access in use1-az3" in error_of({SUBNET: zone})


def test_a_dual_stack_cluster_needs_an_ipv6_range_in_every_subnet() -> None:
    def subnet(arguments: dict[str, Any]) -> dict[str, Any]:
        zone = arguments["id"][-1]
        return {
            "vpcId": "vpc-1",
            "availabilityZone": f"us-east-2{zone}",
            "availabilityZoneId": "use2-az1",
            "mapPublicIpOnLaunch": False,
            "ipv6CidrBlock": "" if zone == "b" else "2001:db8::/64",
        }

    message = error_of({SUBNET: subnet}, networkType="DUAL")
    assert message.count("has no IPv6 range") == 1
    assert "reason:  subnet-b has no IPv6 range" in message


def test_the_interface_endpoint_gets_the_first_subnet_of_each_zone() -> None:
    def subnet(arguments: dict[str, Any]) -> dict[str, Any]:
        return {
            "vpcId": "vpc-1",
            "availabilityZone": f"us-east-2{arguments['id'][-1]}",
            "availabilityZoneId": "use2-az1",
            "mapPublicIpOnLaunch": False,
        }

    ids = ["subnet-2-a", "subnet-1-b", "subnet-1-a", "subnet-2-b"]
    recording = run_program("dev", answers={SUBNETS: {"ids": ids}, SUBNET: subnet})
    assert recording.only(":VpcEndpoint").inputs["subnetIds"] == ["subnet-1-a", "subnet-1-b"]
    assert recording.only(":SubnetGroup").inputs["subnetIds"] == sorted(ids)
    for function in recording.of_type(":Function"):
        assert function.inputs["vpcConfig"]["subnetIds"] == sorted(ids)


def test_a_security_group_is_looked_up_in_the_vpc() -> None:
    lookups = [arguments for token, arguments in run_program("dev").invokes if token == GROUP]
    assert lookups == [{"name": "dev-ecs-container-sg-ue2", "vpcId": "vpc-1"}]


def by_name_or_id(arguments: dict[str, Any]) -> dict[str, Any]:
    return {"id": "sg-0a", "name": "web"}


def rules(recording: Recording) -> list[str]:
    return [each.name for each in recording.of_type("IngressRule") if "-from-" in each.name]


@pytest.mark.parametrize("spelling", ["web", "sg-0a"])
def test_a_client_has_the_same_rule_by_name_and_by_id(spelling: str) -> None:
    recording = run_program("dev", answers={GROUP: by_name_or_id}, clientSecurityGroups=[spelling])
    assert rules(recording) == ["aurora-ingress-from-web"]


def test_a_client_listed_by_name_and_by_id_is_one_error_that_names_both() -> None:
    message = error_of({GROUP: by_name_or_id}, clientSecurityGroups=["web", "sg-0a"])
    assert "reason:  web and sg-0a are the same security group, sg-0a" in message
    assert message.startswith("1 error in")


def test_every_failed_lookup_is_reported_in_one_message() -> None:
    message = error_of(
        {
            VPCS: {"ids": []},
            "aws:kms/getKey:getKey": {"arn": "k", "enabled": False, "keyState": "Disabled"},
        },
        kmsKeyId="alias/old",
    )
    assert [line for line in message.splitlines() if line[:2] == "  " and line[2] != " "] == [
        *("  vpcTags", "  kmsKeyId"),
    ]


@pytest.mark.parametrize(
    ("token", "key"),
    [
        (VPCS, "vpcTags"),
        (GROUP, "clientSecurityGroups"),
        ("aws:iam/getRole:getRole", "ecsTaskExecutionRoleName"),
        (ENGINE_VERSION, "engineVersion"),
    ],
)
def test_a_failed_lookup_is_reported_with_its_key(token: str, key: str) -> None:
    message = error_of({token: FailedLookup("no such thing")})
    assert f"  {key}\n" in message
    assert "no such thing" in message


@pytest.mark.parametrize(
    ("subnet", "reason"),
    [
        pytest.param({}, "found 3 in us-east-2a; Aurora requires at least two", id="one zone"),
        pytest.param(
            {"mapPublicIpOnLaunch": True},
            "public subnet (auto-assigns public IPv4 addresses)",
            id="public addresses",
        ),
        pytest.param({"vpcId": "vpc-2"}, "subnet-a: in vpc-2, not in vpc-1", id="another VPC"),
    ],
)
def test_a_subnet_that_the_cluster_cannot_use_is_rejected(
    subnet: dict[str, Any], reason: str
) -> None:
    private = {"vpcId": "vpc-1", "availabilityZone": "us-east-2a", "mapPublicIpOnLaunch": False}
    assert reason in error_of({SUBNET: {**private, **subnet}})


def test_an_existing_key_is_resolved_to_its_arn() -> None:
    recording = run_program("dev", kmsKeyId="alias/shared-database")
    assert recording.exports["kmsKeyArn"] == "arn:aws:kms:us-east-2:123456789012:key/adopted"


def test_a_disabled_key_is_rejected() -> None:
    disabled = {"arn": "arn:key", "enabled": False, "keyState": "PendingDeletion"}
    message = error_of({"aws:kms/getKey:getKey": disabled}, kmsKeyId="alias/old")
    assert "arn:key is PendingDeletion" in message


def test_a_retired_version_is_replaced_by_the_closest_with_a_warning(
    caplog: pytest.LogCaptureFixture,
) -> None:
    recording = run_program("dev", answers={ENGINE_VERSION: {"versionActual": "17.5"}})
    assert recording.only(":Cluster").inputs["engineVersion"] == "17.5"
    assert (
        "engineVersion 17.4 (end of standard support 2026-11-30): AWS no longer creates clusters "
        "on it; a new cluster gets 17.5, the closest later minor version"
    ) in caplog.text


def test_another_port_of_an_existing_cluster_is_rejected_because_secrets_contain_the_port() -> None:
    existing = {
        CLUSTERS: {"clusterIdentifiers": [OWN_CLUSTER]},
        CLUSTER: {"clusterIdentifier": OWN_CLUSTER, "engineVersion": "17.4", "port": 5432},
    }
    run_program("dev", answers=existing)
    assert error_of(existing, port=5433).endswith(
        "  port\n"
        "    got:     5433\n"
        "    allowed: 5432, the port of dev-aurora-cluster-ue2\n"
        "    reason:  the secrets contain it, and clients, rotations and the setup would still "
        "connect to it; a platform with another port is a new one, restored from this one "
        "(docs/runbooks/restore.md)"
    )


@pytest.mark.parametrize(
    ("existing", "changes", "looked_up"),
    [
        ([], {}, True),
        ([OWN_CLUSTER], {}, False),
        ([OWN_CLUSTER], {"allowEngineUpgrade": True}, True),
        (["another-cluster"], {}, True),
    ],
)
def test_without_a_fallback_an_existing_cluster_may_have_a_version_that_aws_no_longer_offers(
    existing: list[str], changes: dict[str, Any], looked_up: bool
) -> None:
    answers: dict[str, Any] = {
        CLUSTERS: {"clusterIdentifiers": existing},
        ENGINE_VERSION: FailedLookup("no RDS engine version matches"),
    }
    if looked_up:
        assert "  engineVersion\n" in error_of(answers, engineVersionFallback="none", **changes)
    else:
        recording = run_program("dev", answers=answers, engineVersionFallback="none", **changes)
        assert recording.only(":Cluster").inputs["engineVersion"] == "17.4"


def error_with_version(running: str, **changes: Any) -> str:
    own = {"clusterIdentifier": OWN_CLUSTER, "engineVersion": running, "port": 5432}
    return error_of({CLUSTERS: {"clusterIdentifiers": [OWN_CLUSTER]}, CLUSTER: own}, **changes)


@pytest.mark.parametrize(
    ("running", "changes"),
    [
        ("18.4", {}),
        ("18.4", {"allowEngineUpgrade": True}),
        ("17.7", {"allowEngineUpgrade": True}),
    ],
)
def test_a_downgrade_of_an_existing_cluster_is_rejected(
    running: str, changes: dict[str, Any]
) -> None:
    assert error_with_version(running, **changes).endswith(
        "  engineVersion\n"
        "    got:     '17.4'\n"
        f"    allowed: {running}, the version of {OWN_CLUSTER}, or a later one\n"
        "    reason:  AWS does not downgrade a cluster"
    )


def test_another_major_version_of_an_existing_cluster_must_be_allowed() -> None:
    assert error_with_version("17.7", engineVersion="18.4").endswith(
        "  engineVersion\n"
        "    got:     '18.4'\n"
        f"    allowed: a version of PostgreSQL 17, as {OWN_CLUSTER} has, or also "
        "allowEngineUpgrade: true\n"
        "    reason:  the cluster has 17.7, and is only upgraded if that is allowed "
        "(docs/runbooks/upgrade.md)"
    )


@pytest.mark.parametrize(
    ("running", "changes"),
    [
        ("17.7", {}),
        ("17.4", {"engineVersion": "17.6"}),
        ("17.7", {"engineVersion": "18.4", "allowEngineUpgrade": True}),
    ],
)
def test_an_existing_cluster_may_have_a_later_minor_version_or_be_upgraded(
    running: str, changes: dict[str, Any]
) -> None:
    own = {"clusterIdentifier": OWN_CLUSTER, "engineVersion": running, "port": 5432}
    answers = {CLUSTERS: {"clusterIdentifiers": [OWN_CLUSTER]}, CLUSTER: own}
    assert run_program("dev", answers=answers, **changes).only(":Cluster")
