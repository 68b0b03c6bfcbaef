from collections.abc import Callable
from typing import Any

import pytest

from emulator.aws.server import RunningServer
from rehearsal import landing_zone

pytestmark = pytest.mark.emulator


@pytest.mark.parametrize("environment", ["dev", "prod"])
def test_an_environment_has_one_vpc_with_three_private_and_three_public_subnets(
    client: Callable[[str], Any], environment: str
) -> None:
    ec2 = client("ec2")
    tag = [{"Name": "tag:Environment", "Values": [environment]}]
    (vpc,) = ec2.describe_vpcs(Filters=tag)["Vpcs"]
    assert {"Key": "Name", "Value": f"{environment}-vpc-ue2"} in vpc["Tags"]
    for tier in ("private", "public"):
        filters = [*tag, {"Name": "tag:Tier", "Values": [tier]}]
        subnets = ec2.describe_subnets(Filters=filters)["Subnets"]
        assert {subnet["VpcId"] for subnet in subnets} == {vpc["VpcId"]}
        assert sorted(subnet["AvailabilityZone"] for subnet in subnets) == [
            "us-east-2a",
            "us-east-2b",
            "us-east-2c",
        ]


@pytest.mark.parametrize("environment", ["dev", "prod"])
def test_the_ecs_security_group_and_roles_exist(
    client: Callable[[str], Any], environment: str
) -> None:
    (group,) = client("ec2").describe_security_groups(
        Filters=[{"Name": "group-name", "Values": [f"{environment}-ecs-container-sg-ue2"]}]
    )["SecurityGroups"]
    assert {"Key": "Environment", "Value": environment} in group["Tags"]
    for kind in ("task", "execution"):
        name = f"{environment}-trialfinder-ecs-{kind}-role"
        assert client("iam").get_role(RoleName=name)["Role"]["Arn"] == (
            f"arn:aws:iam::123456789012:role/{name}"
        )


def test_the_shared_key_is_found_by_its_alias(client: Callable[[str], Any]) -> None:
    key = client("kms").describe_key(KeyId="alias/shared-database")["KeyMetadata"]
    assert key["KeyState"] == "Enabled"


def test_seeding_twice_changes_nothing(client: Callable[[str], Any], server: RunningServer) -> None:
    def everything() -> list[Any]:
        ec2 = client("ec2")
        return [
            sorted(item["VpcId"] for item in ec2.describe_vpcs()["Vpcs"]),
            sorted(item["SubnetId"] for item in ec2.describe_subnets()["Subnets"]),
            sorted(item["GroupId"] for item in ec2.describe_security_groups()["SecurityGroups"]),
            sorted(item["RoleId"] for item in client("iam").list_roles()["Roles"]),
            sorted(item["KeyId"] for item in client("kms").list_keys()["Keys"]),
        ]

    before = everything()
    landing_zone.seed(server.region)
    assert everything() == before


def test_a_region_without_a_short_code_is_refused() -> None:
    with pytest.raises(ValueError, match="no landing zone for region 'mars-east-1'"):
        landing_zone.seed("mars-east-1")
