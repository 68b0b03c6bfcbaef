"""A deployed dev stack, and the type of its defects."""

import copy
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any

import psycopg

from operations.checks.catalogue import checks

CLUSTER = "dev-aurora-cluster-ue2"
INSTANCE = f"{CLUSTER}-1"
GROUP = "dev-aurora-postgresql17-ue2"
USER = "trialfinder_app"
SHARED_KEY = "alias/shared-database"
CONNECTING = frozenset(check.id for check in checks() if check.connects)
"""Checks that connect to the database."""


@dataclass
class Deployed:
    """A deployed stack in the hands of somebody who changes it."""

    client: Callable[[str], Any]
    outputs: dict[str, Any]
    superuser: Callable[[], AbstractContextManager[psycopg.Connection]]
    found: dict[str, Any] = field(default_factory=dict[str, Any])

    @property
    def declared(self) -> dict[str, Any]:
        return self.outputs["declaredState"]

    @property
    def secret(self) -> str:
        return self.outputs["masterSecretArn"]

    def cluster(self) -> dict[str, Any]:
        return self.client("rds").describe_db_clusters(DBClusterIdentifier=CLUSTER)["DBClusters"][0]

    def modify(self, **members: Any) -> None:
        self.client("rds").modify_db_cluster(
            DBClusterIdentifier=CLUSTER, ApplyImmediately=True, **members
        )

    def modify_instance(self, **members: Any) -> None:
        self.client("rds").modify_db_instance(DBInstanceIdentifier=INSTANCE, **members)

    def parameter(self, name: str, value: str, method: str) -> None:
        row = {"ParameterName": name, "ParameterValue": value, "ApplyMethod": method}
        self.client("rds").modify_db_cluster_parameter_group(
            DBClusterParameterGroupName=GROUP, Parameters=[row]
        )

    def reset(self, name: str) -> None:
        self.client("rds").reset_db_cluster_parameter_group(
            DBClusterParameterGroupName=GROUP,
            Parameters=[{"ParameterName": name, "ApplyMethod": "pending-reboot"}],
        )
        self.client("rds").reboot_db_instance(DBInstanceIdentifier=INSTANCE)

    def stages(self) -> dict[str, str]:
        described = self.client("secretsmanager").describe_secret(SecretId=self.secret)
        return {
            stage: version
            for version, stages in described["VersionIdsToStages"].items()
            for stage in stages
        }

    def move(self, stage: str, target: str | None, source: str | None) -> None:
        members = {"MoveToVersionId": target, "RemoveFromVersionId": source}
        self.client("secretsmanager").update_secret_version_stage(
            SecretId=self.secret,
            VersionStage=stage,
            **{name: value for name, value in members.items() if value},
        )

    def first_instance(self) -> dict[str, Any]:
        (row,) = self.client("rds").describe_db_instances(DBInstanceIdentifier=INSTANCE)[
            "DBInstances"
        ]
        return row

    def instance(self, number: int, zone: str, like: dict[str, Any] | None = None) -> None:
        """Add an instance like another; by default like the first one."""
        like = like or self.first_instance()
        self.client("rds").create_db_instance(
            DBInstanceIdentifier=f"{CLUSTER}-{number}",
            DBClusterIdentifier=CLUSTER,
            DBInstanceClass="db.serverless",
            Engine="aurora-postgresql",
            AvailabilityZone=zone,
            EnablePerformanceInsights=True,
            PerformanceInsightsKMSKeyId=like["PerformanceInsightsKMSKeyId"],
            PerformanceInsightsRetentionPeriod=like["PerformanceInsightsRetentionPeriod"],
            MonitoringInterval=like["MonitoringInterval"],
            MonitoringRoleArn=like["MonitoringRoleArn"],
            PubliclyAccessible=False,
        )

    def delete_instance(self, number: int) -> None:
        self.client("rds").delete_db_instance(DBInstanceIdentifier=f"{CLUSTER}-{number}")


Step = Callable[[Deployed], object]


@dataclass(frozen=True)
class Defect:
    """Something that somebody has broken by hand.

    Attributes:
        title: What somebody has done.
        do: Does it.
        undo: Undoes it.
        fails: The checks that fail, and what each one finds (a part of the text).
        warns: The same for warnings.
        unknown: Checks that cannot be judged meanwhile.
        declares: Changes the outputs instead of the account.
    """

    title: str
    fails: dict[str, str]
    do: Step = lambda _: None
    undo: Step = lambda _: None
    warns: dict[str, str] = field(default_factory=dict[str, str])
    unknown: frozenset[str] = frozenset()
    declares: Callable[[dict[str, Any]], object] = lambda _: None

    def outputs(self, deployed: Deployed) -> dict[str, Any]:
        changed = copy.deepcopy(deployed.outputs)
        self.declares(changed)
        return changed
