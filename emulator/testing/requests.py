"""Clients of the emulated AWS, and requests that AWS accepts; tests change one member at a time."""

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any, cast

import boto3
from botocore.config import Config

__all__ = [
    "ACCOUNT_ID",
    "REGION",
    "ROTATION_CODE",
    "cluster_request",
    "connect",
    "create_function",
    "create_role",
    "create_security_group",
    "instance_request",
    "serverless_cluster_request",
    "subnet_group_request",
    "subnets_of",
]

REGION = "us-east-2"
SESSION = cast("Any", boto3.Session("emulated", "emulated", region_name=REGION))
"""One for all clients: every session parses botocore's list of endpoints, which takes 0.1 s."""
ACCOUNT_ID = "123456789012"
VPC_RANGES = {"first": "10.20.0.0/16", "second": "10.30.0.0/16"}
ROTATION_CODE = """
import boto3

def handle(event, context):
    if event["Step"] in {"setSecret", "testSecret"}:
        return
    secrets = boto3.client("secretsmanager")
    name, version = event["SecretId"], event["ClientRequestToken"]
    if event["Step"] == "createSecret":
        value = secrets.get_secret_value(SecretId=name)["SecretString"]
        secrets.put_secret_value(
            SecretId=name,
            ClientRequestToken=version,
            SecretString=value,
            VersionStages=["AWSPENDING"],
        )
    if event["Step"] == "finishSecret":
        stages = secrets.describe_secret(SecretId=name)["VersionIdsToStages"]
        (current,) = [each for each in stages if "AWSCURRENT" in stages[each]]
        secrets.update_secret_version_stage(
            SecretId=name,
            VersionStage="AWSCURRENT",
            MoveToVersionId=version,
            RemoveFromVersionId=current,
        )
        secrets.update_secret_version_stage(
            SecretId=name, VersionStage="AWSPENDING", RemoveFromVersionId=version
        )
"""
"""Code of a function that rotates a secret without a database: the value stays as it is."""


def connect(service: str, url: str, region: str) -> Any:
    """Return a client that reaches `url` only, without a proxy, and retries a failed call once."""
    config = Config(retries={"max_attempts": 1}, proxies={})
    return SESSION.client(service, region_name=region, endpoint_url=url, config=config)


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
    arn: str = client("lambda").create_function(
        FunctionName=name,
        Runtime="python3.13",
        Role=create_role(client("iam"), name, "lambda.amazonaws.com"),
        Code={"ZipFile": buffer.getvalue()},
        Handler="module.handle",
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
