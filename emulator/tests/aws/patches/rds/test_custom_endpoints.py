from typing import Any

import pytest

from emulator.testing.requests import instance_request, serverless_cluster_request
from emulator.tests.aws.requests import rejection

pytestmark = pytest.mark.emulator


@pytest.fixture
def cluster(rds: Any, name: str) -> str:
    rds.create_db_cluster(**serverless_cluster_request(name))
    for number in (1, 2):
        rds.create_db_instance(**instance_request(f"{name}-{number}", name))
    return name


def request(cluster: str, **members: object) -> dict[str, Any]:
    return {
        "DBClusterIdentifier": cluster,
        "DBClusterEndpointIdentifier": f"{cluster}-reports",
        "EndpointType": "READER",
        **members,
    }


def described(rds: Any, cluster: str) -> list[dict[str, Any]]:
    answer = rds.describe_db_cluster_endpoints(DBClusterIdentifier=cluster)
    return answer["DBClusterEndpoints"]


def test_the_endpoints_of_a_cluster_are_described(rds: Any, cluster: str) -> None:
    rds.create_db_cluster_endpoint(**request(cluster, StaticMembers=[f"{cluster}-2"]))
    writer, reader, custom = described(rds, cluster)
    assert (writer["EndpointType"], reader["EndpointType"]) == ("WRITER", "READER")
    assert (custom["EndpointType"], custom["CustomEndpointType"]) == ("CUSTOM", "READER")
    assert (custom["StaticMembers"], custom["ExcludedMembers"]) == ([f"{cluster}-2"], [])
    assert custom["Endpoint"].startswith(f"{cluster}-reports.cluster-custom-")
    assert custom["DBClusterEndpointArn"] == (
        f"arn:aws:rds:us-east-2:123456789012:cluster-endpoint:{cluster}-reports"
    )
    only = rds.describe_db_cluster_endpoints(
        DBClusterIdentifier=cluster,
        Filters=[{"Name": "db-cluster-endpoint-type", "Values": ["custom"]}],
    )["DBClusterEndpoints"]
    assert only == [custom]


def test_an_endpoint_that_aws_does_not_accept_is_rejected(rds: Any, cluster: str) -> None:
    def rejected(**changes: object) -> str:
        return rejection(rds.create_db_cluster_endpoint, **request(cluster, **changes)).code

    both = {"StaticMembers": [f"{cluster}-1"], "ExcludedMembers": [f"{cluster}-2"]}
    assert rejected(DBClusterIdentifier=f"{cluster}-gone") == "DBClusterNotFoundFault"
    assert rejected(DBClusterEndpointIdentifier="reports-") == "InvalidParameterValue"
    assert rejected(EndpointType="WRITER") == "InvalidParameterValue"
    assert rejected(StaticMembers=[f"{cluster}-3"]) == "DBInstanceNotFound"
    assert rejected(**both) == "InvalidParameterCombination"
    rds.create_db_cluster_endpoint(**request(cluster))
    assert rejected() == "DBClusterEndpointAlreadyExistsFault"
    for number in range(4):
        other = f"{cluster}-{number}-more"
        rds.create_db_cluster_endpoint(**request(cluster, DBClusterEndpointIdentifier=other))
    sixth = rejected(DBClusterEndpointIdentifier=f"{cluster}-sixth")
    assert sixth == "DBClusterEndpointQuotaExceededFault"


def test_a_list_of_members_becomes_the_other_list(rds: Any, cluster: str) -> None:
    rds.create_db_cluster_endpoint(**request(cluster, StaticMembers=[f"{cluster}-2"]))
    name = f"{cluster}-reports"
    excluded = {"ExcludedMembers": [f"{cluster}-1"]}
    both = rejection(rds.modify_db_cluster_endpoint, DBClusterEndpointIdentifier=name, **excluded)
    assert both.code == "InvalidParameterCombination"
    changed = rds.modify_db_cluster_endpoint(
        DBClusterEndpointIdentifier=name, EndpointType="ANY", StaticMembers=[], **excluded
    )
    assert changed["CustomEndpointType"] == "ANY"
    assert (changed["StaticMembers"], changed["ExcludedMembers"]) == ([], [f"{cluster}-1"])


def test_a_deleted_endpoint_is_gone(rds: Any, cluster: str) -> None:
    rds.create_db_cluster_endpoint(**request(cluster))
    name = {"DBClusterEndpointIdentifier": f"{cluster}-reports"}
    assert rds.delete_db_cluster_endpoint(**name)["Status"] == "deleting"
    assert len(described(rds, cluster)) == 2
    assert rejection(rds.delete_db_cluster_endpoint, **name).code == (
        "DBClusterEndpointNotFoundFault"
    )


def test_an_endpoint_does_not_outlive_its_cluster(rds: Any, cluster: str) -> None:
    rds.create_db_cluster_endpoint(**request(cluster))
    for number in (1, 2):
        rds.delete_db_instance(DBInstanceIdentifier=f"{cluster}-{number}", SkipFinalSnapshot=True)
    rds.delete_db_cluster(DBClusterIdentifier=cluster, SkipFinalSnapshot=True)
    rds.create_db_cluster(**serverless_cluster_request(cluster))
    assert [each["EndpointType"] for each in described(rds, cluster)] == ["WRITER", "READER"]


def test_the_tags_of_an_endpoint_are_changed(rds: Any, cluster: str) -> None:
    tags = [{"Key": "Environment", "Value": "test"}, {"Key": "Team", "Value": "data"}]
    created = rds.create_db_cluster_endpoint(**request(cluster, Tags=tags))
    arn = created["DBClusterEndpointArn"]
    rds.add_tags_to_resource(ResourceName=arn, Tags=[{"Key": "Team", "Value": "other"}])
    rds.remove_tags_from_resource(ResourceName=arn, TagKeys=["Environment"])
    found = rds.list_tags_for_resource(ResourceName=arn)["TagList"]
    assert found == [{"Key": "Team", "Value": "other"}]
