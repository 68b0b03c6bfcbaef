"""The PostgreSQL log of a cluster in its exported log group."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from moto.logs.models import LogGroup
from moto.rds.models import DBCluster

from emulator.aws import databases
from emulator.aws.moto_adapter.call import Answer, Call, Proceed
from emulator.aws.registry import patch_operations

_LOG = "postgresql"
_TIME = "%Y-%m-%d %H:%M:%S %Z"
_TIME_LENGTH = len("2026-01-01 00:00:00 UTC")


@patch_operations(
    "logs:DescribeLogStreams",
    "logs:FilterLogEvents",
    "logs:GetLogEvents",
    moto_behaviour="the log group of an exported log stays empty",
    aws="the log of each instance arrives in a stream of its own, an event for each entry",
    source="Aurora user guide, Publishing Aurora PostgreSQL logs to Amazon CloudWatch Logs",
    test="logs/test_database_logs::test_the_log_of_a_database_arrives_in_its_group",
)
def deliver_database_log(call: Call, proceed: Proceed) -> Answer:
    """Deliver what the server has logged since the last request."""
    servers = databases.current()
    name = str(call.params.get("logGroupName", ""))
    group = call.logs.groups.get(name)
    for cluster in call.rds.clusters.values() if servers and group else ():
        if group is not None and servers is not None and _exports_to(cluster, name):
            log = servers.log(cluster.db_cluster_identifier)
            if log is not None:
                _deliver(group, f"{_writer(cluster)}.0", log)
    return proceed()


def _writer(cluster: DBCluster) -> str:
    """Return the identifier of the instance that writes; readers have no server of their own."""
    members: list[dict[str, Any]] = cluster.db_cluster_members
    return next(str(row["DBInstanceIdentifier"]) for row in members if row["IsClusterWriter"])


def _exports_to(cluster: DBCluster, group: str) -> bool:
    exported: list[str] = getattr(cluster, "enabled_cloudwatch_logs_exports", None) or []
    return _LOG in exported and group == (
        f"/aws/rds/cluster/{cluster.db_cluster_identifier}/{_LOG}"
    )


def _deliver(group: LogGroup, stream_name: str, log: Path) -> None:
    if stream_name not in group.streams:
        group.create_log_stream(stream_name)
    stream = group.streams[stream_name]
    entries = _entries(log.read_text(encoding="utf-8", errors="replace"))
    new = entries[len(stream.events) :]
    if new:
        stream.put_log_events([{"timestamp": time, "message": text} for time, text in new])


def _entries(text: str) -> list[tuple[int, str]]:
    """Return time (milliseconds) and text of each entry, which can have several lines."""
    entries: list[tuple[int, str]] = []
    for line in text.splitlines():
        time = _time(line)
        if time is not None:
            entries.append((time, line))
        elif entries:
            entries[-1] = (entries[-1][0], f"{entries[-1][1]}\n{line}")
    return entries


def _time(line: str) -> int | None:
    try:
        moment = datetime.strptime(line[:_TIME_LENGTH], _TIME)
    except ValueError:
        return None
    return int(moment.replace(tzinfo=UTC).timestamp() * 1000)
