from typing import Any

import pytest

from tests.emulator.aws.requests import (
    ADVANCED_INSIGHTS,
    Refusal,
    cluster_of,
    cluster_request,
    create_role,
    names_of_clusters,
    refusal,
)

pytestmark = pytest.mark.emulator

_VALUE, _COMBINATION = "InvalidParameterValue", "InvalidParameterCombination"
_CAPACITY = "Serverless v2 {} capacity {} isn't valid. The {} capacity must be {}"
_OVERLAP = "The backup window and maintenance window must not overlap."
_PASSWORD = "The parameter MasterUserPassword is not a valid password"
_ADVANCED = (
    "To enable the Advanced mode of Database Insights, modify your cluster to enable Performance "
    "Insights and set the retention period for Performance Insights to at least 465 days."
)
_FORMAT = "It must have the format ddd:hh24:mi-ddd:hh24:mi."


def _scaling(**members: float) -> dict[str, Any]:
    return {"ServerlessV2ScalingConfiguration": members}


def _windows(backup: str, maintenance: str) -> dict[str, str]:
    return {"PreferredBackupWindow": backup, "PreferredMaintenanceWindow": maintenance}


def _logs(version: str, *types: str) -> str:
    return (
        f"You cannot use the log types '{','.join(types)}' with engine version aurora-postgresql "
        f"{version}. For supported log types, see the documentation."
    )


_ON_CREATE_AND_MODIFY: list[tuple[dict[str, Any], str, str]] = [
    *(
        (
            {"BackupRetentionPeriod": days},
            _VALUE,
            f"Invalid backup retention period: {days}. Must be between 1 and 35.",
        )
        for days in (0, 36, -1)
    ),
    (
        {"PreferredBackupWindow": "1:00-2:00"},
        _VALUE,
        "The backup window 1:00-2:00 is not valid. It must have the format hh24:mi-hh24:mi.",
    ),
    (
        {"PreferredBackupWindow": "24:00-01:00"},
        _VALUE,
        "The backup window 24:00-01:00 is not valid. It must have the format hh24:mi-hh24:mi.",
    ),
    (
        {"PreferredBackupWindow": "03:00-03:29"},
        _VALUE,
        "The backup window 03:00-03:29 must be at least 30 minutes.",
    ),
    *(
        (
            {"PreferredMaintenanceWindow": window},
            _VALUE,
            f"Invalid maintenance window format: {window}. {_FORMAT}",
        )
        for window in ("03:00-04:00", "sun:03:00", "xyz:03:00-xyz:04:00", "sun:3:00-sun:4:00")
    ),
    (
        {"PreferredMaintenanceWindow": "sun:05:00-sun:05:29"},
        _VALUE,
        "The maintenance window sun:05:00-sun:05:29 must be at least 30 minutes.",
    ),
    (
        {"PreferredMaintenanceWindow": "sun:05:00-mon:05:00"},
        _VALUE,
        "Maintenance window sun:05:00-mon:05:00 must be less than 24 hours.",
    ),
    (_windows("03:00-04:00", "sun:03:59-sun:05:00"), _VALUE, _OVERLAP),
    (_windows("23:30-00:30", "mon:00:00-mon:01:00"), _VALUE, _OVERLAP),
    (_windows("00:00-00:30", "sun:23:30-mon:00:15"), _VALUE, _OVERLAP),
    *(
        (
            _scaling(MinCapacity=capacity, MaxCapacity=8),
            _VALUE,
            _CAPACITY.format("minimum", capacity, "minimum", "in half-step increments."),
        )
        for capacity in (0.3, 0.75, 1.1)
    ),
    (
        _scaling(MinCapacity=0.5, MaxCapacity=8.25),
        _VALUE,
        _CAPACITY.format("maximum", 8.25, "maximum", "in half-step increments."),
    ),
    (
        _scaling(MinCapacity=0, MaxCapacity=0.5),
        _VALUE,
        _CAPACITY.format("maximum", 0.5, "maximum", "at least 1.0."),
    ),
    (
        _scaling(MinCapacity=0.5, MaxCapacity=256.5),
        _VALUE,
        _CAPACITY.format("maximum", 256.5, "maximum", "between 0.0 and 256.0."),
    ),
    (
        _scaling(MinCapacity=-0.5, MaxCapacity=8),
        _VALUE,
        _CAPACITY.format("minimum", -0.5, "minimum", "between 0.0 and 256.0."),
    ),
    (
        _scaling(MinCapacity=8.5, MaxCapacity=8),
        _COMBINATION,
        "Serverless v2 minimum capacity 8.5 is larger than the maximum capacity 8.0.",
    ),
    *(
        (
            _scaling(MinCapacity=0, MaxCapacity=8, SecondsUntilAutoPause=seconds),
            _VALUE,
            f"Serverless v2 auto-pause timeout {seconds} isn't valid. It must be between 300 and "
            "86400 seconds.",
        )
        for seconds in (299, 86401)
    ),
    (
        {"DatabaseInsightsMode": "deluxe"},
        _VALUE,
        "Invalid DatabaseInsightsMode: deluxe. Valid values are standard, advanced.",
    ),
    ({"NetworkType": "IPV6"}, _VALUE, "Invalid NetworkType: IPV6. Valid values are IPV4, DUAL."),
    (
        {"StorageType": "gp3"},
        "StorageTypeNotSupported",
        "gp3 is no storage type of aurora-postgresql",
    ),
    ({"DatabaseInsightsMode": "advanced"}, _COMBINATION, _ADVANCED),
    ({**ADVANCED_INSIGHTS, "EnablePerformanceInsights": False}, _COMBINATION, _ADVANCED),
    ({**ADVANCED_INSIGHTS, "PerformanceInsightsRetentionPeriod": 31}, _COMBINATION, _ADVANCED),
    (
        {"MonitoringInterval": 7, "MonitoringRoleArn": "arn:aws:iam::123456789012:role/any"},
        _VALUE,
        "Invalid monitoring interval: 7. Valid values are 0, 1, 5, 10, 15, 30, 60.",
    ),
    (
        {"MonitoringInterval": 60},
        _COMBINATION,
        "A MonitoringRoleARN value is required if you specify a MonitoringInterval value other "
        "than 0.",
    ),
    (
        {"MonitoringRoleArn": "arn:aws:iam::123456789012:role/any"},
        _COMBINATION,
        "You must specify a MonitoringInterval value other than 0 when you specify a "
        "MonitoringRoleARN value.",
    ),
    (
        {"MasterUserPassword": "short77"},
        _VALUE,
        f"{_PASSWORD} because it is shorter than 8 characters.",
    ),
    (
        {"MasterUserPassword": "x" * 42},
        _VALUE,
        f"{_PASSWORD} because it is longer than 41 characters.",
    ),
    *(
        (
            {"MasterUserPassword": f"correct{character}horse"},
            _VALUE,
            f"{_PASSWORD}. Only printable ASCII characters besides '/', '@', '\"', ' ' may be used.",
        )
        for character in '/@" \n'
    ),
    (
        {"ManageMasterUserPassword": True, "MasterUserPassword": "correct-horse"},
        _COMBINATION,
        "You can't specify MasterUserPassword when you use ManageMasterUserPassword.",
    ),
    *(
        ({"Port": port}, _VALUE, f"Invalid endpoint port {port}, valid port values are: 1150-65535")
        for port in (1149, 65536)
    ),
]
_ON_CREATE: list[tuple[dict[str, Any], str, str]] = [
    (
        {"EnableCloudwatchLogsExports": ["postgresql", "upgrade"]},
        _COMBINATION,
        _logs("17.7", "upgrade"),
    ),
    (
        {"EngineLifecycleSupport": "forever"},
        _VALUE,
        "Invalid EngineLifecycleSupport: forever. Valid values are open-source-rds-extended-support, "
        "open-source-rds-extended-support-disabled.",
    ),
    *(
        (
            {"MasterUsername": user},
            _VALUE,
            f"MasterUsername {user} cannot be used as it is a reserved word used by the engine",
        )
        for user in ("admin", "rdsadmin", "rds_superuser", "PG_monitor")
    ),
    *(
        (
            {"MasterUsername": user},
            _VALUE,
            "The parameter MasterUsername must begin with a letter and contain only alphanumeric "
            "characters and underscores, at most 63.",
        )
        for user in ("1st", "a-b", "a" * 64)
    ),
    *(
        (
            {"DatabaseName": database},
            _VALUE,
            "DatabaseName must begin with a letter and contain only alphanumeric characters and "
            "underscores, at most 63.",
        )
        for database in ("1st", "trial-finder", "a" * 64)
    ),
]
_ON_MODIFY: list[tuple[dict[str, Any], str, str]] = [
    (
        {"CloudwatchLogsExportConfiguration": {"EnableLogTypes": ["audit", "postgresql"]}},
        _COMBINATION,
        _logs("17.7", "audit"),
    ),
    (
        {"CloudwatchLogsExportConfiguration": {"DisableLogTypes": ["slowquery"]}},
        _COMBINATION,
        _logs("17.7", "slowquery"),
    ),
]


@pytest.mark.parametrize(
    ("members", "code", "message"), [*_ON_CREATE_AND_MODIFY, *_ON_CREATE], ids=str
)
def test_a_value_that_aws_refuses_is_refused_and_nothing_is_created(
    rds: Any, name: str, members: dict[str, Any], code: str, message: str
) -> None:
    request = cluster_request(name, **members)
    assert refusal(rds.create_db_cluster, **request) == Refusal(code, message)
    assert name not in names_of_clusters(rds)


@pytest.mark.parametrize(
    ("members", "code", "message"), [*_ON_CREATE_AND_MODIFY, *_ON_MODIFY], ids=str
)
def test_a_value_that_aws_refuses_is_refused_and_nothing_is_modified(
    rds: Any, name: str, members: dict[str, Any], code: str, message: str
) -> None:
    rds.create_db_cluster(**cluster_request(name))
    before = cluster_of(rds, name)
    request = {"DBClusterIdentifier": name, **members}
    assert refusal(rds.modify_db_cluster, **request) == Refusal(code, message)
    after = cluster_of(rds, name)
    assert {**after, "LatestRestorableTime": None} == {**before, "LatestRestorableTime": None}


@pytest.mark.parametrize(
    "members",
    [
        *({"BackupRetentionPeriod": days} for days in (1, 35)),
        *({"Port": port} for port in (1150, 65535)),
        *({"PerformanceInsightsRetentionPeriod": days} for days in (7, 31, 713, 731)),
        _windows("03:00-04:00", "sun:04:00-sun:05:00"),
        _windows("04:00-05:00", "sun:03:00-sun:04:00"),
        _windows("23:00-00:00", "mon:00:00-mon:00:30"),
        _windows("23:30-00:00", "Sun:22:00-Sun:23:30"),
        {"PreferredMaintenanceWindow": "sun:05:00-mon:04:59"},
        _scaling(MinCapacity=0, MaxCapacity=1),
        _scaling(MinCapacity=256, MaxCapacity=256),
        _scaling(MinCapacity=0, MaxCapacity=1, SecondsUntilAutoPause=86400),
        ADVANCED_INSIGHTS,
        {"EnableCloudwatchLogsExports": ["iam-db-auth-error", "instance", "postgresql"]},
        {"MasterUserPassword": "!#$%&'()*+,-.:;<=>?[\\]^_`{|}~"},
        {"MasterUserPassword": "x" * 41},
    ],
    ids=str,
)
def test_a_value_at_its_limit_is_taken(rds: Any, name: str, members: dict[str, Any]) -> None:
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
            **_windows("03:00-04:00", "sun:05:00-sun:06:00"),
            **ADVANCED_INSIGHTS,
        )
    )
    table: list[tuple[dict[str, Any], str, str]] = [
        ({"PreferredBackupWindow": "05:30-06:30"}, _VALUE, _OVERLAP),
        ({"PreferredMaintenanceWindow": "mon:03:30-mon:04:30"}, _VALUE, _OVERLAP),
        ({"EnablePerformanceInsights": False}, _COMBINATION, _ADVANCED),
        ({"PerformanceInsightsRetentionPeriod": 31}, _COMBINATION, _ADVANCED),
    ]
    for members, code, message in table:
        answered = refusal(rds.modify_db_cluster, DBClusterIdentifier=name, **members)
        assert answered == Refusal(code, message)
    rds.modify_db_cluster(DBClusterIdentifier=name, MonitoringInterval=30)
    rds.modify_db_cluster(DBClusterIdentifier=name, MonitoringInterval=0)
    assert cluster_of(rds, name)["MonitoringInterval"] == 0
