"""Parts of the report, each read on its own."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from operations.checks.catalogue import checks, readers
from operations.checks.facts.reading import Facts
from operations.checks.run import run_checks
from operations.context import Context
from operations.output.document import run_document
from operations.reports.status.summary import read_status

HOURS = 24
MAX_LOG_LINES = 500

Part = Callable[[Context], Any]


def outputs(context: Context) -> Any:
    """Return the outputs without the readme, which repeats them."""
    return {name: value for name, value in context.outputs.raw.items() if name != "readme"}


def verify(context: Context) -> Any:
    """Return the document of `verify`."""
    return run_document(context, "verify", run_checks(context, checks(), lambda _: None))


def status(context: Context) -> Any:
    """Return the summary of `status`."""
    return read_status(context)


def events(context: Context) -> Any:
    """Return RDS's events of the cluster and its instances of the last day."""
    names = {"db-cluster": [context.outputs.cluster_identifier]}
    names["db-instance"] = context.outputs.declared_state.instance_identifiers
    return [
        event
        for kind, identifiers in names.items()
        for identifier in identifiers
        for event in context.aws.pages(
            "rds",
            "describe_events",
            "Events",
            SourceIdentifier=identifier,
            SourceType=kind,
            Duration=HOURS * 60,
        )
    ]


def parameters(context: Context) -> Any:
    """Return the parameters in force."""
    with Facts(readers(), context.aws, context.outputs) as facts:
        return facts.get("database").settings


def alarm_history(context: Context) -> Any:
    """Return the changes of state and configuration of the alarms of the last day."""
    return [
        item
        for name in context.outputs.declared_state.alarm_names
        for item in context.aws.pages(
            "cloudwatch",
            "describe_alarm_history",
            "AlarmHistoryItems",
            AlarmName=name,
            AlarmTypes=["MetricAlarm", "CompositeAlarm"],
            StartDate=datetime.now(UTC) - timedelta(hours=HOURS),
        )
    ]


def database_log(context: Context) -> Any:
    """Return the last lines of the PostgreSQL log of the last day."""
    group = context.outputs.declared_state.log_group_names.get("postgresql")
    return _log(context, group) if group else []


def rotation_log(context: Context) -> Any:
    """Return the last lines of the rotation function of the last day."""
    secret = context.aws.call(
        "secretsmanager", "describe_secret", SecretId=context.outputs.master_secret_arn
    )
    function = str(secret["RotationLambdaARN"]).rpartition(":")[2]
    return _log(context, f"/aws/lambda/{function}")


PARTS: Mapping[str, Part] = {
    "outputs.json": outputs,
    "verify.json": verify,
    "status.json": status,
    "events.json": events,
    "parameters.json": parameters,
    "alarm-history.json": alarm_history,
    "postgresql-log.json": database_log,
    "rotation-log.json": rotation_log,
}
"""Files of the archive, and how each is read."""


def as_text(value: Any) -> str:
    """Return a part as text."""
    return json.dumps(value, indent=2, default=str, ensure_ascii=False) + "\n"


def _log(context: Context, group: str) -> list[str]:
    since = datetime.now(UTC) - timedelta(hours=HOURS)
    rows = context.aws.pages(
        "logs",
        "filter_log_events",
        "events",
        logGroupName=group,
        startTime=int(since.timestamp() * 1000),
    )
    return [str(row["message"]) for row in rows[-MAX_LOG_LINES:]]
