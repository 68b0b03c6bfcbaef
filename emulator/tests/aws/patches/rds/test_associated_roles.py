from collections.abc import Callable
from typing import Any

import pytest

from emulator.testing.requests import create_role, serverless_cluster_request
from emulator.tests.aws.requests import Rejection, cluster_of, rejection

pytestmark = pytest.mark.emulator

Client = Callable[[str], Any]
SERVICE = "rds.amazonaws.com"


@pytest.fixture
def cluster(rds: Any, name: str) -> str:
    rds.create_db_cluster(**serverless_cluster_request(name))
    return name


@pytest.fixture
def role(client: Client, name: str) -> str:
    return create_role(client("iam"), name, SERVICE)


def association(cluster: str, role: str, feature: str = "s3Import") -> dict[str, str]:
    return {"DBClusterIdentifier": cluster, "RoleArn": role, "FeatureName": feature}


def test_a_role_is_associated_for_a_feature(rds: Any, cluster: str, role: str) -> None:
    rds.add_role_to_db_cluster(**association(cluster, role))
    assert cluster_of(rds, cluster)["AssociatedRoles"] == [
        {"RoleArn": role, "Status": "ACTIVE", "FeatureName": "s3Import"}
    ]


def test_a_role_is_removed_from_its_cluster(rds: Any, cluster: str, role: str) -> None:
    rds.add_role_to_db_cluster(**association(cluster, role))
    other = rejection(rds.remove_role_from_db_cluster, **association(cluster, role, "s3Export"))
    assert other.code == "DBClusterRoleNotFound"
    rds.remove_role_from_db_cluster(**association(cluster, role))
    assert not cluster_of(rds, cluster).get("AssociatedRoles")
    again = rejection(rds.remove_role_from_db_cluster, **association(cluster, role))
    assert again == Rejection(
        "DBClusterRoleNotFound", f"Role ARN {role} cannot be found for DB Cluster", 404
    )


def test_an_association_that_aws_does_not_accept_is_rejected(
    rds: Any, client: Client, cluster: str, role: str, name: str
) -> None:
    def rejected(**changes: str) -> str:
        request = association(cluster, role) | changes
        return rejection(rds.add_role_to_db_cluster, **request).code

    other = create_role(client("iam"), f"{name}-lambda", "lambda.amazonaws.com")
    assert rejected(DBClusterIdentifier=f"{name}-gone") == "DBClusterNotFoundFault"
    assert rejected(FeatureName="s3import") == "InvalidParameterValue"
    assert rejected(RoleArn=other) == "InvalidParameterValue"
    assert rejection(rds.add_role_to_db_cluster, **association(cluster, f"{role}-gone")) == (
        Rejection(
            "InvalidParameterValue",
            "IAM role ARN value is invalid or does not include the required permissions for: "
            "s3Import",
        )
    )
    missing = {"DBClusterIdentifier": cluster, "RoleArn": role}
    assert rejection(rds.add_role_to_db_cluster, **missing).message == (
        "The feature-name parameter must be provided with the current operation for the Aurora "
        "(PostgreSQL) engine."
    )
    rds.add_role_to_db_cluster(**association(cluster, role))
    assert rejected(FeatureName="s3Export") == "DBClusterRoleAlreadyExists"
    features = ("s3Export", "Lambda", "Bedrock", "SageMaker", "Comprehend")
    roles = [create_role(client("iam"), f"{name}-{each}", SERVICE) for each in features]
    for each, feature in zip(roles[:4], features[:4], strict=True):
        rds.add_role_to_db_cluster(**association(cluster, each, feature))
    sixth = rejected(RoleArn=roles[4], FeatureName="Comprehend")
    assert sixth == "DBClusterRoleQuotaExceeded"
