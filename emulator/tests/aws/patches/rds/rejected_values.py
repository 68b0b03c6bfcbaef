"""Invalid members of clusters, with AWS's error code and message."""

from typing import Any

from emulator.tests.aws.requests import ADVANCED_INSIGHTS

Row = tuple[dict[str, Any], str, str]

VALUE, COMBINATION = "InvalidParameterValue", "InvalidParameterCombination"
_CAPACITY = "Serverless v2 {} capacity {} isn't valid. The {} capacity must be {}"
OVERLAP = "The backup window and maintenance window must not overlap."
_PASSWORD = "The parameter MasterUserPassword is not a valid password"
NO_ADVANCED_INSIGHTS = (
    "To enable the Advanced mode of Database Insights, modify your cluster to enable Performance "
    "Insights and set the retention period for Performance Insights to at least 465 days."
)
_FORMAT = "It must have the format ddd:hh24:mi-ddd:hh24:mi."


def scaling(**members: float) -> dict[str, Any]:
    """Return the member that scales a serverless cluster."""
    return {"ServerlessV2ScalingConfiguration": members}


def windows(backup: str, maintenance: str) -> dict[str, str]:
    """Return the members of both windows."""
    return {"PreferredBackupWindow": backup, "PreferredMaintenanceWindow": maintenance}


def _logs(version: str, *types: str) -> str:
    return (
        f"You cannot use the log types '{','.join(types)}' with engine version aurora-postgresql "
        f"{version}. For supported log types, see the documentation."
    )


OF_A_CLUSTER: list[Row] = [
    *(
        (
            {"BackupRetentionPeriod": days},
            VALUE,
            f"Invalid backup retention period: {days}. Must be between 1 and 35.",
        )
        for days in (0, 36, -1)
    ),
    (
        {"PreferredBackupWindow": "1:00-2:00"},
        VALUE,
        "The backup window 1:00-2:00 is not valid. It must have the format hh24:mi-hh24:mi.",
    ),
    (
        {"PreferredBackupWindow": "24:00-01:00"},
        VALUE,
        "The backup window 24:00-01:00 is not valid. It must have the format hh24:mi-hh24:mi.",
    ),
    (
        {"PreferredBackupWindow": "03:00-03:29"},
        VALUE,
        "The backup window 03:00-03:29 must be at least 30 minutes.",
    ),
    *(
        (
            {"PreferredMaintenanceWindow": window},
            VALUE,
            f"Invalid maintenance window format: {window}. {_FORMAT}",
        )
        for window in ("03:00-04:00", "sun:03:00", "xyz:03:00-xyz:04:00", "sun:3:00-sun:4:00")
    ),
    (
        {"PreferredMaintenanceWindow": "sun:05:00-sun:05:29"},
        VALUE,
        "The maintenance window sun:05:00-sun:05:29 must be at least 30 minutes.",
    ),
    (
        {"PreferredMaintenanceWindow": "sun:05:00-mon:05:00"},
        VALUE,
        "Maintenance window sun:05:00-mon:05:00 must be less than 24 hours.",
    ),
    (windows("03:00-04:00", "sun:03:59-sun:05:00"), VALUE, OVERLAP),
    (windows("23:30-00:30", "mon:00:00-mon:01:00"), VALUE, OVERLAP),
    (windows("00:00-00:30", "sun:23:30-mon:00:15"), VALUE, OVERLAP),
    *(
        (
            scaling(MinCapacity=capacity, MaxCapacity=8),
            VALUE,
            _CAPACITY.format("minimum", capacity, "minimum", "in half-step increments."),
        )
        for capacity in (0.3, 0.75, 1.1)
    ),
    (
        scaling(MinCapacity=0.5, MaxCapacity=8.25),
        VALUE,
        _CAPACITY.format("maximum", 8.25, "maximum", "in half-step increments."),
    ),
    (
        scaling(MinCapacity=0, MaxCapacity=0.5),
        VALUE,
        _CAPACITY.format("maximum", 0.5, "maximum", "at least 1.0."),
    ),
    (
        scaling(MinCapacity=0.5, MaxCapacity=256.5),
        VALUE,
        _CAPACITY.format("maximum", 256.5, "maximum", "between 0.0 and 256.0."),
    ),
    (
        scaling(MinCapacity=-0.5, MaxCapacity=8),
        VALUE,
        _CAPACITY.format("minimum", -0.5, "minimum", "between 0.0 and 256.0."),
    ),
    (
        scaling(MinCapacity=8.5, MaxCapacity=8),
        COMBINATION,
        "Serverless v2 minimum capacity 8.5 is larger than the maximum capacity 8.0.",
    ),
    *(
        (
            scaling(MinCapacity=0, MaxCapacity=8, SecondsUntilAutoPause=seconds),
            VALUE,
            f"Serverless v2 auto-pause timeout {seconds} isn't valid. It must be between 300 and "
            "86400 seconds.",
        )
        for seconds in (299, 86401)
    ),
    ({"NetworkType": "IPV6"}, VALUE, "Invalid NetworkType: IPV6. Valid values are IPV4, DUAL."),
    (
        {"StorageType": "gp3"},
        "StorageTypeNotSupported",
        "gp3 is not a storage type of aurora-postgresql",
    ),
    ({"DatabaseInsightsMode": "advanced"}, COMBINATION, NO_ADVANCED_INSIGHTS),
    ({**ADVANCED_INSIGHTS, "EnablePerformanceInsights": False}, COMBINATION, NO_ADVANCED_INSIGHTS),
    (
        {**ADVANCED_INSIGHTS, "PerformanceInsightsRetentionPeriod": 31},
        COMBINATION,
        NO_ADVANCED_INSIGHTS,
    ),
    (
        {"MonitoringInterval": 7, "MonitoringRoleArn": "arn:aws:iam::123456789012:role/any"},
        VALUE,
        "Invalid monitoring interval: 7. Valid values are 0, 1, 5, 10, 15, 30, 60.",
    ),
    (
        {"MonitoringInterval": 60},
        COMBINATION,
        "A MonitoringRoleARN value is required if you specify a MonitoringInterval value other "
        "than 0.",
    ),
    (
        {"MonitoringRoleArn": "arn:aws:iam::123456789012:role/any"},
        COMBINATION,
        "You must specify a MonitoringInterval value other than 0 when you specify a "
        "MonitoringRoleARN value.",
    ),
    (
        {"MasterUserPassword": "short77"},
        VALUE,
        f"{_PASSWORD} because it is shorter than 8 characters.",
    ),
    (
        {"MasterUserPassword": "x" * 42},
        VALUE,
        f"{_PASSWORD} because it is longer than 41 characters.",
    ),
    *(
        (
            {"MasterUserPassword": f"correct{character}horse"},
            VALUE,
            f"{_PASSWORD}. Only printable ASCII characters besides '/', '@', '\"', ' ' may be used.",
        )
        for character in '/@" \n'
    ),
    (
        {"ManageMasterUserPassword": True, "MasterUserPassword": "correct-horse"},
        COMBINATION,
        "You can't specify MasterUserPassword when you use ManageMasterUserPassword.",
    ),
    *(
        ({"Port": port}, VALUE, f"Invalid endpoint port {port}, valid port values are: 1150-65535")
        for port in (1149, 65536)
    ),
]
OF_A_NEW_CLUSTER: list[Row] = [
    (
        {"EnableCloudwatchLogsExports": ["postgresql", "upgrade"]},
        COMBINATION,
        _logs("17.7", "upgrade"),
    ),
    (
        {"EngineLifecycleSupport": "forever"},
        VALUE,
        "Invalid EngineLifecycleSupport: forever. Valid values are open-source-rds-extended-support, "
        "open-source-rds-extended-support-disabled.",
    ),
    *(
        (
            {"MasterUsername": user},
            VALUE,
            f"MasterUsername {user} cannot be used as it is a reserved word used by the engine",
        )
        for user in ("admin", "rdsadmin", "rds_superuser", "PG_monitor", "user", "Table", "all")
    ),
    *(
        (
            {"DatabaseName": database},
            VALUE,
            f"DatabaseName {database} cannot be used as it is a reserved word used by the engine",
        )
        for database in ("rdsadmin", "template0", "Template1", "admin", "user", "SELECT")
    ),
    *(
        (
            {"MasterUsername": user},
            VALUE,
            "The parameter MasterUsername must begin with a letter and contain only alphanumeric "
            "characters and underscores, at most 63.",
        )
        for user in ("1st", "a-b", "a" * 64)
    ),
    *(
        (
            {"DatabaseName": database},
            VALUE,
            "DatabaseName must begin with a letter and contain only alphanumeric characters and "
            "underscores, at most 63.",
        )
        for database in ("1st", "trial-finder", "a" * 64)
    ),
]
OF_A_MODIFIED_CLUSTER: list[Row] = [
    (
        {"CloudwatchLogsExportConfiguration": {"EnableLogTypes": ["audit", "postgresql"]}},
        COMBINATION,
        _logs("17.7", "audit"),
    ),
    (
        {"CloudwatchLogsExportConfiguration": {"DisableLogTypes": ["slowquery"]}},
        COMBINATION,
        _logs("17.7", "slowquery"),
    ),
]
