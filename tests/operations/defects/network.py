"""Defects of the subnets and security groups."""

from tests.operations.defects.cluster import other_zone
from tests.operations.defects.deployed import Defect, Deployed


def _set_subnets(deployed: Deployed, without: str = "") -> None:
    """Set the subnets of the group, without those of one zone."""
    subnets = deployed.client("ec2").describe_subnets(SubnetIds=deployed.declared["subnetIds"])
    deployed.client("rds").modify_db_subnet_group(
        DBSubnetGroupName="dev-aurora-subnet-group-ue2",
        SubnetIds=[
            each["SubnetId"] for each in subnets["Subnets"] if each["AvailabilityZone"] != without
        ],
    )


_ANYWHERE = {"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432}


def _open(deployed: Deployed) -> None:
    deployed.client("ec2").authorize_security_group_ingress(
        GroupId=deployed.outputs["securityGroupId"],
        IpPermissions=[{**_ANYWHERE, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}],
    )


def _close(deployed: Deployed) -> None:
    deployed.client("ec2").revoke_security_group_ingress(
        GroupId=deployed.outputs["securityGroupId"],
        IpPermissions=[{**_ANYWHERE, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}],
    )


def _client_rule(deployed: Deployed, change: str) -> None:
    pair = {"GroupId": deployed.declared["clientSecurityGroupIds"][0]}
    getattr(deployed.client("ec2"), f"{change}_security_group_ingress")(
        GroupId=deployed.outputs["securityGroupId"],
        IpPermissions=[{**_ANYWHERE, "UserIdGroupPairs": [pair]}],
    )


def _groups(deployed: Deployed, *more: str) -> None:
    deployed.modify(VpcSecurityGroupIds=[deployed.outputs["securityGroupId"], *more])


DEFECTS = (
    Defect(
        "a subnet is removed from the group",
        {"subnet-group": "dev-aurora-subnet-group-ue2: subnet-"},
        lambda d: _set_subnets(d, other_zone(d)),
        _set_subnets,
    ),
    Defect(
        "a second security group is attached",
        {"security-group-attached": "sg-"},
        lambda d: _groups(d, d.declared["clientSecurityGroupIds"][0]),
        _groups,
    ),
    Defect(
        "the port is opened to the internet",
        {"security-group-rules": "ingress tcp 5432 from 0.0.0.0/0"},
        _open,
        _close,
    ),
    Defect(
        "a client's rule is removed",
        {"security-group-rules": "egress tcp 5432 to sg-"},
        lambda d: _client_rule(d, "revoke"),
        lambda d: _client_rule(d, "authorize"),
    ),
)
