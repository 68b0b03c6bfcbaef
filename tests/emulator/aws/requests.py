"""Requests that AWS accepts; tests change one member at a time."""

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

REGION = "us-east-2"
SESSION = cast("Any", boto3.Session("rehearsal", "rehearsal", region_name=REGION))
"""One for all tests: every session parses botocore's list of endpoints, which takes 0.1 s."""
TODAY = "2026-11-25"
ACCOUNT_ID = "123456789012"
UNKNOWN_KEY = f"arn:aws:kms:us-east-2:{ACCOUNT_ID}:key/00000000-0000-4000-8000-000000000000"
FAMILY = "aurora-postgresql17"
ADVANCED_INSIGHTS = {
    "DatabaseInsightsMode": "advanced",
    "EnablePerformanceInsights": True,
    "PerformanceInsightsRetentionPeriod": 465,
}


@dataclass(frozen=True)
class Rejection:
    """AWS's answer to a rejected request."""

    code: str
    message: str
    status: int = 400


@dataclass(frozen=True)
class Network:
    """A subnet group over three subnets, one in each zone of a VPC."""

    subnet_group: str
    vpc_id: str
    subnet_ids: tuple[str, ...]


def connect(service: str, url: str, region: str) -> Any:
    """Return a client that reaches `url` only and tries a failed call once more."""
    config = Config(retries={"max_attempts": 1})
    return SESSION.client(service, region_name=region, endpoint_url=url, config=config)


def rejection(call: Callable[..., object], **members: object) -> Rejection:
    """Return the rejection of a request; fail if it is accepted."""
    with pytest.raises(ClientError) as caught:
        call(**members)
    response: Any = caught.value.response
    return Rejection(
        response["Error"]["Code"],
        response["Error"]["Message"],
        response["ResponseMetadata"]["HTTPStatusCode"],
    )


VPC_RANGES = {"first": "10.20.0.0/16", "second": "10.30.0.0/16"}


def subnets_of(ec2: Any, vpc: str) -> list[dict[str, Any]]:
    """Return the subnets of a VPC, one in each zone; the VPC is created if it does not exist."""
    tag = {"Name": "tag:Name", "Values": [vpc]}
    if not ec2.describe_vpcs(Filters=[tag])["Vpcs"]:
        _create_vpc(ec2, vpc)
    vpc_id = ec2.describe_vpcs(Filters=[tag])["Vpcs"][0]["VpcId"]
    found = ec2.describe_subnets(Filters=[{"Name": "vpc-id", "Values": [vpc_id]}])["Subnets"]
    return sorted(found, key=lambda subnet: subnet["AvailabilityZone"])


def _create_vpc(ec2: Any, name: str) -> None:
    tags = [{"ResourceType": "vpc", "Tags": [{"Key": "Name", "Value": name}]}]
    cidr = VPC_RANGES[name]
    vpc_id = ec2.create_vpc(CidrBlock=cidr, TagSpecifications=tags)["Vpc"]["VpcId"]
    for index, zone in enumerate("abc"):
        ec2.create_subnet(
            VpcId=vpc_id,
            CidrBlock=f"{cidr.removesuffix('0.0/16')}{index}.0/24",
            AvailabilityZone=f"{REGION}{zone}",
        )


def network_of(ec2: Any, rds: Any, name: str, vpc: str = "first") -> Network:
    """Create a subnet group called `name`."""
    subnets = subnets_of(ec2, vpc)
    subnet_ids = tuple(subnet["SubnetId"] for subnet in subnets)
    rds.create_db_subnet_group(**subnet_group_request(name, *subnet_ids))
    return Network(name, subnets[0]["VpcId"], subnet_ids)


def subnet_group_request(name: str, *subnet_ids: str) -> dict[str, Any]:
    """Return the members of a valid CreateDBSubnetGroup."""
    return {
        "DBSubnetGroupName": name,
        "DBSubnetGroupDescription": "Private subnets",
        "SubnetIds": list(subnet_ids),
    }


def cluster_request(name: str, **members: object) -> dict[str, Any]:
    """Return the members of a valid CreateDBCluster, overlaid with `members`."""
    return {
        "DBClusterIdentifier": name,
        "Engine": "aurora-postgresql",
        "EngineVersion": "17.7",
        "MasterUsername": "platform",
        "MasterUserPassword": "correct-horse",
        **members,
    }


def serverless_cluster_request(name: str, **members: object) -> dict[str, Any]:
    """Return the members of a valid CreateDBCluster for serverless instances."""
    scaling = {"MinCapacity": 0.5, "MaxCapacity": 8}
    return cluster_request(name, **{"ServerlessV2ScalingConfiguration": scaling, **members})


def instance_request(name: str, cluster: str, **members: object) -> dict[str, Any]:
    """Return the members of a valid CreateDBInstance in a serverless cluster."""
    return {
        "DBInstanceIdentifier": name,
        "DBClusterIdentifier": cluster,
        "DBInstanceClass": "db.serverless",
        "Engine": "aurora-postgresql",
        **members,
    }


def create_parameter_group(rds: Any, name: str, family: str = FAMILY) -> str:
    """Create a cluster parameter group and return its name."""
    rds.create_db_cluster_parameter_group(
        DBClusterParameterGroupName=name, DBParameterGroupFamily=family, Description="Of a test"
    )
    return name


def create_security_group(ec2: Any, name: str, vpc_id: str) -> str:
    """Create a security group and return its id."""
    return ec2.create_security_group(GroupName=name, Description="Of a test", VpcId=vpc_id)[
        "GroupId"
    ]


def create_role(iam: Any, name: str, service: str) -> str:
    """Create a role that `service` may assume and return its ARN."""
    trust = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": service},
                "Action": "sts:AssumeRole",
            }
        ],
    }
    return iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]


def cluster_of(rds: Any, name: str) -> dict[str, Any]:
    """Return a cluster as AWS describes it, without the time of asking."""
    (cluster,) = rds.describe_db_clusters(DBClusterIdentifier=name)["DBClusters"]
    del cluster["LatestRestorableTime"]
    return cluster


def instance_of(rds: Any, name: str) -> dict[str, Any]:
    """Return an instance as AWS describes it, without the time of asking."""
    (instance,) = rds.describe_db_instances(DBInstanceIdentifier=name)["DBInstances"]
    del instance["LatestRestorableTime"]
    return instance


def names_of_clusters(rds: Any) -> list[str]:
    """Return the identifiers of all clusters."""
    return [item["DBClusterIdentifier"] for item in rds.describe_db_clusters()["DBClusters"]]


def create_function(client: Callable[[str], Any], name: str, code: str, **members: object) -> str:
    """Create a function of one module that Secrets Manager may invoke, and return its ARN.

    Args:
        client: Returns a service's client.
        name: Name of the function and of its role.
        code: Text of the module, whose `handle` is the handler.
        members: Further members of CreateFunction.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("module.py", code)
    return create_function_of(client, name, buffer.getvalue(), Handler="module.handle", **members)


def create_function_of(
    client: Callable[[str], Any], name: str, archive: bytes, **members: object
) -> str:
    """Create a function that Secrets Manager may invoke, and return its ARN.

    Args:
        client: Returns a service's client.
        name: Name of the function and of its role.
        archive: Its zip.
        members: Further members of CreateFunction, the handler among them.
    """
    arn: str = client("lambda").create_function(
        FunctionName=name,
        Runtime="python3.13",
        Role=create_role(client("iam"), name, "lambda.amazonaws.com"),
        Code={"ZipFile": archive},
        **members,
    )["FunctionArn"]
    client("lambda").add_permission(
        FunctionName=name,
        StatementId="secrets-manager",
        Action="lambda:InvokeFunction",
        Principal="secretsmanager.amazonaws.com",
        SourceAccount=ACCOUNT_ID,
    )
    return arn
