"""Temporary clusters of drills: the only module that creates or deletes clusters.

Every write names a cluster whose identifier starts with the prefix of drills, and every deletion
reads the tag of the drill first. Nothing here can name the source.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from operations.aws.clients import AwsClients, Properties
from operations.aws.errors import AwsCallError
from operations.errors import RefusedError

DRILL_TAG = "aurora-data-platform:drill"
"""Tag of a temporary cluster: the identifier of its source."""

EXPIRY_TAG = "aurora-data-platform:expires"
"""Tag of a temporary cluster: when `drill sweep` may delete it."""

LIFETIME = timedelta(hours=5)
"""Longer than all waits of a drill, so that no sweep deletes the cluster of one that still runs."""
SERVERLESS = "db.serverless"
POLL_SECONDS = 5.0
WAIT_SECONDS = 3600.0
"""How long a drill waits for each of four states: cluster and instance available, and both gone."""

_INFIX = "-drill-"
_INSTANCE = "-1"
_GONE = ("DBClusterNotFoundFault", "DBInstanceNotFound", "DBInstanceNotFoundFault")


class DrillTimeoutError(Exception):
    """A cluster or instance did not reach a state in time."""


@dataclass(frozen=True)
class DrillCluster:
    """A temporary cluster.

    Attributes:
        identifier: DB cluster identifier.
        source: Identifier of its source.
        expires: When it may be swept.
        endpoint: Its endpoint.
        status: Its status.
    """

    identifier: str
    source: str
    expires: datetime
    endpoint: str
    status: str

    @property
    def instance(self) -> str:
        """Identifier of its only instance."""
        return f"{self.identifier}{_INSTANCE}"


class DrillClusters:
    """Creates, finds and deletes the temporary clusters of one source.

    Args:
        aws: Clients of the source's region.
        source: Identifier of the source.
        poll_seconds: Time between two polls of a state, in seconds.
    """

    def __init__(self, aws: AwsClients, source: str, *, poll_seconds: float = POLL_SECONDS) -> None:
        self._aws = aws
        self._source = source
        self._poll_seconds = poll_seconds

    def new_identifier(self, now: datetime) -> str:
        """Return an identifier for a new cluster: the time is part of it, at most 63 characters."""
        return f"{self._source}{_INFIX}{int(now.timestamp()):x}"

    def restore(self, identifier: str, source: Properties, until: datetime | None) -> None:
        """Request the restoration of the source's data into a new cluster.

        Args:
            identifier: See `new_identifier`.
            source: The source, as DescribeDBClusters returns it.
            until: The time to restore. Default: the latest restorable time.
        """
        self._require_own(identifier)
        # RestoreToTime must be before the latest restorable time (RDS API reference).
        time_of_data: Properties = (
            {"RestoreToTime": until} if until else {"UseLatestRestorableTime": True}
        )
        self._aws.call(
            "rds",
            "restore_db_cluster_to_point_in_time",
            DBClusterIdentifier=identifier,
            SourceDBClusterIdentifier=self._source,
            **time_of_data,
            DBSubnetGroupName=source["DBSubnetGroup"],
            VpcSecurityGroupIds=[
                each["VpcSecurityGroupId"] for each in source["VpcSecurityGroups"]
            ],
            DBClusterParameterGroupName=source["DBClusterParameterGroup"],
            Port=source["Port"],
            ServerlessV2ScalingConfiguration={
                key: value
                for key, value in source["ServerlessV2ScalingConfiguration"].items()
                if key in ("MinCapacity", "MaxCapacity")
            },
            DeletionProtection=False,
            Tags=self._tags(datetime.now(UTC) + LIFETIME),
        )

    def add_instance(self, identifier: str) -> None:
        """Request the only instance of a temporary cluster.

        Args:
            identifier: The cluster.
        """
        self._require_own(identifier)
        self._aws.call(
            "rds",
            "create_db_instance",
            DBInstanceIdentifier=f"{identifier}{_INSTANCE}",
            DBClusterIdentifier=identifier,
            DBInstanceClass=SERVERLESS,
            Engine="aurora-postgresql",
            PubliclyAccessible=False,
            Tags=self._tags(datetime.now(UTC) + LIFETIME),
        )

    def wait_until_available(self, identifier: str, *, instance: bool = False) -> None:
        """Wait for a cluster, or for its instance.

        Args:
            identifier: The cluster.
            instance: Wait for the instance.

        Raises:
            DrillTimeoutError: it did not become available within an hour.
        """
        read = self._instance_status if instance else self._cluster_status
        self._wait(lambda: read(identifier) == "available", f"{identifier} is not available")

    def find(self) -> list[DrillCluster]:
        """Return every temporary cluster of the source, on all pages."""
        rows = self._aws.pages("rds", "describe_db_clusters", "DBClusters")
        found: list[DrillCluster] = []
        for row in rows:
            tags = {tag["Key"]: tag["Value"] for tag in row.get("TagList", [])}
            if tags.get(DRILL_TAG) == self._source and self._is_own(row["DBClusterIdentifier"]):
                found.append(
                    DrillCluster(
                        row["DBClusterIdentifier"],
                        self._source,
                        datetime.fromisoformat(tags[EXPIRY_TAG]),
                        row["Endpoint"],
                        row["Status"],
                    )
                )
        return found

    def get(self, identifier: str) -> DrillCluster | None:
        """Return a temporary cluster; None if it does not exist or is not a drill's."""
        return next((each for each in self.find() if each.identifier == identifier), None)

    def remove(self, identifier: str) -> None:
        """Delete a temporary cluster with its instance, and wait until both are gone.

        Args:
            identifier: The cluster; nothing happens if it does not exist.

        Raises:
            RefusedError: the cluster is not a drill's.
            DrillTimeoutError: it was not deleted within an hour.
            AwsCallError: AWS rejected a deletion.
        """
        self._require_own(identifier)
        if self._cluster_status(identifier) is None:
            return
        if self.get(identifier) is None:
            message = f"{identifier} has no tag {DRILL_TAG}={self._source}: it is not deleted"
            raise RefusedError(message)
        if self._instance_status(identifier) not in (None, "deleting"):
            self._ignoring_gone("delete_db_instance", DBInstanceIdentifier=identifier + _INSTANCE)
        self._wait(
            lambda: self._instance_status(identifier) is None, f"{identifier} still has an instance"
        )
        if self._cluster_status(identifier) != "deleting":
            self._ignoring_gone(
                "delete_db_cluster", DBClusterIdentifier=identifier, SkipFinalSnapshot=True
            )
        self._wait(lambda: self._cluster_status(identifier) is None, f"{identifier} still exists")

    def _is_own(self, identifier: str) -> bool:
        return identifier.startswith(f"{self._source}{_INFIX}")

    def _require_own(self, identifier: str) -> None:
        if not self._is_own(identifier):
            message = f"{identifier} is not a temporary cluster of {self._source}"
            raise RefusedError(message)

    def _tags(self, expires: datetime) -> list[dict[str, str]]:
        return [
            {"Key": DRILL_TAG, "Value": self._source},
            {"Key": EXPIRY_TAG, "Value": f"{expires:%Y-%m-%dT%H:%M:%S+00:00}"},
        ]

    def _cluster_status(self, identifier: str) -> str | None:
        return self._status(
            "describe_db_clusters",
            "DBClusters",
            "Status",
            DBClusterIdentifier=identifier,
        )

    def _instance_status(self, identifier: str) -> str | None:
        return self._status(
            "describe_db_instances",
            "DBInstances",
            "DBInstanceStatus",
            DBInstanceIdentifier=f"{identifier}{_INSTANCE}",
        )

    def _status(self, operation: str, member: str, status: str, **who: Any) -> str | None:
        try:
            return str(self._aws.call("rds", operation, **who)[member][0][status])
        except AwsCallError as error:
            if error.code in _GONE:
                return None
            raise

    def _ignoring_gone(self, operation: str, **members: Any) -> None:
        try:
            self._aws.call("rds", operation, **members)
        except AwsCallError as error:
            if error.code not in _GONE:
                raise

    def _wait(self, done: Callable[[], bool], problem: str) -> None:
        deadline = time.monotonic() + WAIT_SECONDS
        while not done():
            if time.monotonic() > deadline:
                message = f"{problem} after {WAIT_SECONDS / 60:.0f} minutes"
                raise DrillTimeoutError(message)
            time.sleep(self._poll_seconds)
