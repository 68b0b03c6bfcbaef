from typing import Any

import pytest

from emulator.testing.requests import cluster_request, create_role
from emulator.tests.aws.patches.rds.rejected_values import (
    COMBINATION,
    NO_ADVANCED_INSIGHTS,
    OF_A_CLUSTER,
    OF_A_MODIFIED_CLUSTER,
    OF_A_NEW_CLUSTER,
    OVERLAP,
    VALUE,
    Row,
    scaling,
    windows,
)
from emulator.tests.aws.requests import (
    ADVANCED_INSIGHTS,
    Rejection,
    cluster_of,
    names_of_clusters,
    rejection,
)

pytestmark = pytest.mark.emulator


@pytest.mark.parametrize(
    ("members", "code", "message"), [*OF_A_CLUSTER, *OF_A_NEW_CLUSTER], ids=str
)
def test_an_invalid_value_is_rejected_and_nothing_is_created(
    rds: Any, name: str, members: dict[str, Any], code: str, message: str
) -> None:
    request = cluster_request(name, **members)
    assert rejection(rds.create_db_cluster, **request) == Rejection(code, message)
    assert name not in names_of_clusters(rds)


@pytest.mark.parametrize(
    ("members", "code", "message"), [*OF_A_CLUSTER, *OF_A_MODIFIED_CLUSTER], ids=str
)
def test_a_value_that_aws_rejects_is_rejected_and_nothing_is_modified(
    rds: Any, name: str, members: dict[str, Any], code: str, message: str
) -> None:
    rds.create_db_cluster(**cluster_request(name))
    before = cluster_of(rds, name)
    request = {"DBClusterIdentifier": name, **members}
    assert rejection(rds.modify_db_cluster, **request) == Rejection(code, message)
    assert cluster_of(rds, name) == before


@pytest.mark.parametrize(
    "members",
    [
        *({"BackupRetentionPeriod": days} for days in (1, 35)),
        *({"Port": port} for port in (1150, 65535)),
        *({"PerformanceInsightsRetentionPeriod": days} for days in (7, 31, 713, 731)),
        windows("03:00-04:00", "sun:04:00-sun:05:00"),
        windows("04:00-05:00", "sun:03:00-sun:04:00"),
        windows("23:00-00:00", "mon:00:00-mon:00:30"),
        windows("23:30-00:00", "Sun:22:00-Sun:23:30"),
        {"PreferredMaintenanceWindow": "sun:05:00-mon:04:59"},
        scaling(MinCapacity=0, MaxCapacity=1),
        scaling(MinCapacity=256, MaxCapacity=256),
        scaling(MinCapacity=0, MaxCapacity=1, SecondsUntilAutoPause=86400),
        ADVANCED_INSIGHTS,
        {"EnableCloudwatchLogsExports": ["iam-db-auth-error", "instance", "postgresql"]},
        {"MasterUserPassword": "!#$%&'()*+,-.:;<=>?[\\]^_`{|}~"},
        {"MasterUserPassword": "x" * 41},
    ],
    ids=str,
)
def test_a_value_at_its_limit_is_accepted(rds: Any, name: str, members: dict[str, Any]) -> None:
    created = rds.create_db_cluster(**cluster_request(name, **members))
    assert created["DBCluster"]["DBClusterIdentifier"] == name


def test_a_modification_is_checked_against_what_the_cluster_is(
    rds: Any, client: Any, name: str
) -> None:
    role = create_role(client("iam"), name, "monitoring.rds.amazonaws.com")
    rds.create_db_cluster(
        **cluster_request(
            name,
            MonitoringInterval=60,
            MonitoringRoleArn=role,
            **windows("03:00-04:00", "sun:05:00-sun:06:00"),
            **ADVANCED_INSIGHTS,
        )
    )
    table: list[Row] = [
        ({"PreferredBackupWindow": "05:30-06:30"}, VALUE, OVERLAP),
        ({"PreferredMaintenanceWindow": "mon:03:30-mon:04:30"}, VALUE, OVERLAP),
        ({"EnablePerformanceInsights": False}, COMBINATION, NO_ADVANCED_INSIGHTS),
        ({"PerformanceInsightsRetentionPeriod": 31}, COMBINATION, NO_ADVANCED_INSIGHTS),
    ]
    for members, code, message in table:
        answered = rejection(rds.modify_db_cluster, DBClusterIdentifier=name, **members)
        assert answered == Rejection(code, message)
    rds.modify_db_cluster(DBClusterIdentifier=name, MonitoringInterval=30)
    rds.modify_db_cluster(DBClusterIdentifier=name, MonitoringInterval=0)
    assert cluster_of(rds, name)["MonitoringInterval"] == 0
