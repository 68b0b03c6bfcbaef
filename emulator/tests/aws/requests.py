"""Requests and answers that only these tests need."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from botocore.exceptions import ClientError

from emulator.testing.requests import ACCOUNT_ID, subnet_group_request, subnets_of

TODAY = "2026-11-25"
UNKNOWN_KEY = f"arn:aws:kms:us-east-2:{ACCOUNT_ID}:key/00000000-0000-4000-8000-000000000000"
FAMILY = "aurora-postgresql17"
ADVANCED_INSIGHTS = {
    "DatabaseInsightsMode": "advanced",
    "EnablePerformanceInsights": True,
    "PerformanceInsightsRetentionPeriod": 465,
}


@dataclass(frozen=True)
class Network:
    """A subnet group over three subnets, one in each zone of a VPC."""

    subnet_group: str
    vpc_id: str
    subnet_ids: tuple[str, ...]


def network_of(ec2: Any, rds: Any, name: str, vpc: str = "first") -> Network:
    """Create a subnet group called `name`."""
    subnets = subnets_of(ec2, vpc)
    subnet_ids = tuple(subnet["SubnetId"] for subnet in subnets)
    rds.create_db_subnet_group(**subnet_group_request(name, *subnet_ids))
    return Network(name, subnets[0]["VpcId"], subnet_ids)


def create_parameter_group(rds: Any, name: str, family: str = FAMILY) -> str:
    """Create a cluster parameter group and return its name."""
    rds.create_db_cluster_parameter_group(
        DBClusterParameterGroupName=name, DBParameterGroupFamily=family, Description="Of a test"
    )
    return name


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


@dataclass(frozen=True)
class Rejection:
    """AWS's answer to a rejected request."""

    code: str
    message: str
    status: int = 400


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
