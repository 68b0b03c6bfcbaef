"""The record of what happened to alarms, which CloudWatch keeps even after they are deleted."""

import json
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import cast

from moto.cloudwatch.models import Alarm, CloudWatchBackend

CONFIGURATION_UPDATE, STATE_UPDATE = "ConfigurationUpdate", "StateUpdate"
_VERSION = "1.0"
_CONFIGURATION = {
    "alarmDescription": "description",
    "namespace": "namespace",
    "metricName": "metric_name",
    "statistic": "statistic",
    "period": "period",
    "threshold": "threshold",
    "comparisonOperator": "comparison_operator",
    "evaluationPeriods": "evaluation_periods",
    "datapointsToAlarm": "datapoints_to_alarm",
    "treatMissingData": "treat_missing_data",
    "alarmRule": "rule",
    "actionsEnabled": "actions_enabled",
    "alarmActions": "alarm_actions",
    "insufficientDataActions": "insufficient_data_actions",
    "okactions": "ok_actions",
}
"""Members of an alarm in the record, and moto's names of them."""


@dataclass(frozen=True)
class HistoryItem:
    """One entry.

    Attributes:
        alarm: Name of the alarm.
        alarm_type: `MetricAlarm` or `CompositeAlarm`.
        kind: `ConfigurationUpdate` or `StateUpdate`.
        time: When it happened.
        summary: The entry for people.
        data: The entry as JSON.
    """

    alarm: str
    alarm_type: str
    kind: str
    time: datetime
    summary: str
    data: str


@dataclass(frozen=True)
class _Snapshot:
    alarm_type: str
    configuration: Mapping[str, object]
    state: Mapping[str, object]


def items(backend: CloudWatchBackend) -> list[HistoryItem]:
    """Return the entries of an account and region, oldest first."""
    kept = cast("list[HistoryItem] | None", getattr(backend, "_alarm_history", None))
    if kept is None:
        kept = []
        setattr(backend, "_alarm_history", kept)  # noqa: B010 - not declared by moto
    return kept


_Change = tuple[str, str, Mapping[str, object]]
"""Kind, summary and data of an entry."""


@contextmanager
def recorded(backend: CloudWatchBackend) -> Generator[None]:
    """Record how the alarms differ afterwards; an alarm that is put unchanged leaves no entry."""
    before = _snapshots(backend)
    yield
    after = _snapshots(backend)
    now = datetime.now(UTC)
    for name, known in {**before, **after}.items():
        changes = _changes(name, before.get(name), after.get(name))
        items(backend).extend(
            HistoryItem(
                name,
                known.alarm_type,
                kind,
                now,
                summary,
                json.dumps({"version": _VERSION, **data}),
            )
            for kind, summary, data in changes
        )


def _snapshots(backend: CloudWatchBackend) -> dict[str, _Snapshot]:
    return {name: _snapshot(alarm) for name, alarm in backend.alarms.items()}


def _snapshot(alarm: Alarm) -> _Snapshot:
    values = {member: getattr(alarm, name) for member, name in _CONFIGURATION.items()}
    configuration = {
        "alarmName": alarm.name,
        "alarmArn": alarm.alarm_arn,
        **{member: value for member, value in values.items() if value not in (None, "")},
        "dimensions": [{"name": each.name, "value": each.value} for each in alarm.dimensions],
    }
    state = {"stateValue": alarm.state_value, "stateReason": alarm.state_reason}
    kind = "MetricAlarm" if alarm.rule is None else "CompositeAlarm"
    return _Snapshot(kind, configuration, state)


def _changes(name: str, before: _Snapshot | None, after: _Snapshot | None) -> Generator[_Change]:
    if before is None and after is not None:
        yield _configuration(name, "Create", after)
    elif before is not None and after is None:
        yield _configuration(name, "Delete", before)
    elif before is not None and after is not None:
        if before.configuration != after.configuration:
            yield _configuration(name, "Update", after)
        old, new = before.state["stateValue"], after.state["stateValue"]
        if old != new:
            data = {"oldState": before.state, "newState": after.state}
            yield STATE_UPDATE, f"Alarm updated from {old} to {new}", data


def _configuration(name: str, change: str, alarm: _Snapshot) -> _Change:
    done = f"{change.lower()}d"
    data = {"type": change, f"{done}Alarm": {**alarm.configuration, **alarm.state}}
    return CONFIGURATION_UPDATE, f'Alarm "{name}" {done}', data
