"""Master passwords that RDS manages in Secrets Manager."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from emulator.testing.requests import cluster_request, serverless_cluster_request
from emulator.tests.aws.patches.rds.test_databases import (
    MASTER,
    PASSWORD,
    add_instance,
    connect,
    create,
    remove,
)
from emulator.tests.aws.requests import Rejection, cluster_of, rejection

pytestmark = pytest.mark.emulator


def managed_request(name: str) -> dict[str, Any]:
    request = serverless_cluster_request(
        name, ManageMasterUserPassword=True, MasterUsername=MASTER, DatabaseName="trials"
    )
    del request["MasterUserPassword"]
    return request


def secret_of(client: Any, rds: Any, name: str) -> dict[str, str]:
    arn = cluster_of(rds, name)["MasterUserSecret"]["SecretArn"]
    content = client("secretsmanager").get_secret_value(SecretId=arn)["SecretString"]
    return json.loads(content)


@pytest.mark.parametrize(
    ("managed", "members", "rejected"),
    [
        (
            True,
            {"MasterUserPassword": "correct-horse"},
            Rejection(
                "InvalidParameterValue",
                "You can't specify MasterUserPassword for an instance with ManageMasterUserPassword "
                "enabled.",
            ),
        ),
        (
            True,
            {"ManageMasterUserPassword": False},
            Rejection(
                "InvalidParameterCombination",
                "MasterUserPassword must be provided when ManageMasterUserPassword is set to false.",
            ),
        ),
        (
            False,
            {"ManageMasterUserPassword": False, "MasterUserPassword": "correct-horse"},
            Rejection(
                "InvalidParameterCombination",
                "You cannot set ManageMasterUserPassword to false because the master user password "
                "is not currently managed by RDS.",
            ),
        ),
    ],
)
def test_a_password_is_set_only_where_rds_does_not_manage_it(
    rds: Any, name: str, managed: bool, members: dict[str, Any], rejected: Rejection
) -> None:
    rds.create_db_cluster(**(managed_request(name) if managed else cluster_request(name)))
    assert rejection(rds.modify_db_cluster, DBClusterIdentifier=name, **members) == rejected
    assert ("MasterUserSecret" in cluster_of(rds, name)) is managed


def test_the_end_of_the_management_deletes_the_secret(client: Any, rds: Any, name: str) -> None:
    rds.create_db_cluster(**managed_request(name))
    arn = cluster_of(rds, name)["MasterUserSecret"]["SecretArn"]
    rds.modify_db_cluster(
        DBClusterIdentifier=name,
        ManageMasterUserPassword=False,
        MasterUserPassword="correct-horse",
    )
    assert "MasterUserSecret" not in cluster_of(rds, name)
    gone = rejection(client("secretsmanager").get_secret_value, SecretId=arn)
    assert gone.code == "ResourceNotFoundException"


def test_the_secret_that_rds_manages_opens_the_database(
    client: Any, rds: Any, name: str, certificates: Path
) -> None:
    create(rds, name)
    add_instance(rds, name)
    rds.modify_db_cluster(DBClusterIdentifier=name, ManageMasterUserPassword=True)
    content = secret_of(client, rds, name)
    assert content.keys() == {"username", "password"}
    assert content["username"] == MASTER
    assert re.fullmatch(r"[\w-]{28}", content["password"])
    assert content["password"] != PASSWORD
    with connect(cluster_of(rds, name), certificates, content["password"]) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    remove(rds, name)


def test_a_new_cluster_has_a_password_of_its_own(
    client: Any, rds: Any, name: str, certificates: Path
) -> None:
    cluster = rds.create_db_cluster(**managed_request(name))
    add_instance(rds, name)
    content = secret_of(client, rds, name)
    with connect(cluster["DBCluster"], certificates, content["password"]) as connection:
        assert connection.execute("SELECT current_user").fetchone() == (MASTER,)
    remove(rds, name)
