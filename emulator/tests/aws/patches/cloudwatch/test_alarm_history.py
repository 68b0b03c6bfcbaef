import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from emulator.tests.aws.patches.cloudwatch.test_alarms import push, request
from emulator.tests.aws.requests import rejection

pytestmark = pytest.mark.emulator


def history(cloudwatch: Any, name: str, **members: Any) -> list[dict[str, Any]]:
    return cloudwatch.describe_alarm_history(AlarmName=name, **members)["AlarmHistoryItems"]


def summaries(cloudwatch: Any, name: str, **members: Any) -> list[str]:
    return [each["HistorySummary"] for each in history(cloudwatch, name, **members)]


def test_a_state_update_has_the_old_and_the_new_state(cloudwatch: Any, name: str) -> None:
    cloudwatch.put_metric_alarm(**request(name, TreatMissingData="ignore"))
    cloudwatch.set_alarm_state(AlarmName=name, StateValue="OK", StateReason="it works")
    cloudwatch.set_alarm_state(AlarmName=name, StateValue="ALARM", StateReason="testing purposes")
    cloudwatch.set_alarm_state(AlarmName=name, StateValue="ALARM", StateReason="once more")
    newest, oldest = history(cloudwatch, name, HistoryItemType="StateUpdate")
    assert abs(datetime.now(UTC) - newest.pop("Timestamp")) < timedelta(minutes=1)
    assert json.loads(newest.pop("HistoryData")) == {
        "version": "1.0",
        "oldState": {"stateValue": "OK", "stateReason": "it works"},
        "newState": {"stateValue": "ALARM", "stateReason": "testing purposes"},
    }
    assert newest == {
        "AlarmName": name,
        "AlarmType": "MetricAlarm",
        "HistoryItemType": "StateUpdate",
        "HistorySummary": "Alarm updated from OK to ALARM",
    }
    assert oldest["HistorySummary"] == "Alarm updated from INSUFFICIENT_DATA to OK"


def test_changes_of_an_alarm_are_recorded_also_when_it_is_deleted(
    cloudwatch: Any, name: str
) -> None:
    ignoring = request(name, TreatMissingData="ignore")
    cloudwatch.put_metric_alarm(**ignoring)
    cloudwatch.put_metric_alarm(**ignoring)
    cloudwatch.put_metric_alarm(**{**ignoring, "Threshold": 80})
    cloudwatch.disable_alarm_actions(AlarmNames=[name])
    cloudwatch.delete_alarms(AlarmNames=[name])
    assert summaries(cloudwatch, name, ScanBy="TimestampAscending") == [
        f'Alarm "{name}" created',
        f'Alarm "{name}" updated',
        f'Alarm "{name}" updated',
        f'Alarm "{name}" deleted',
    ]
    (*_, created) = history(cloudwatch, name)
    data = json.loads(created["HistoryData"])
    assert (data["version"], data["type"]) == ("1.0", "Create")
    assert data["createdAlarm"]["stateValue"] == "INSUFFICIENT_DATA"
    assert data["createdAlarm"]["threshold"] == 90
    assert data["createdAlarm"]["dimensions"] == [{"name": "DBClusterIdentifier", "value": name}]


def test_data_that_moves_an_alarm_is_recorded_once(cloudwatch: Any, name: str) -> None:
    cloudwatch.put_metric_alarm(**request(name))
    push(cloudwatch, name, 91, 95)
    for _ in range(2):
        assert summaries(cloudwatch, name, HistoryItemType="StateUpdate") == [
            "Alarm updated from INSUFFICIENT_DATA to ALARM"
        ]


def test_composite_alarms_are_returned_only_when_asked_for(cloudwatch: Any, name: str) -> None:
    one = f"{name}-one"
    cloudwatch.put_metric_alarm(**request(one))
    cloudwatch.put_composite_alarm(AlarmName=name, AlarmRule=f'ALARM("{one}")')
    push(cloudwatch, one, 99, 99)
    assert summaries(cloudwatch, name) == []
    assert summaries(cloudwatch, name, AlarmTypes=["CompositeAlarm"]) == [
        "Alarm updated from INSUFFICIENT_DATA to ALARM",
        f'Alarm "{name}" created',
    ]


def test_entries_are_selected_by_time_and_returned_in_pages(cloudwatch: Any, name: str) -> None:
    cloudwatch.put_metric_alarm(**request(name, TreatMissingData="ignore"))
    for value in ("OK", "ALARM", "OK", "ALARM"):
        cloudwatch.set_alarm_state(AlarmName=name, StateValue=value, StateReason="a test")
    now = datetime.now(UTC)
    assert summaries(cloudwatch, name, StartDate=now + timedelta(minutes=1)) == []
    assert summaries(cloudwatch, name, EndDate=now - timedelta(hours=1)) == []
    pages = list(
        cloudwatch.get_paginator("describe_alarm_history").paginate(
            AlarmName=name, PaginationConfig={"PageSize": 2}
        )
    )
    assert [len(page["AlarmHistoryItems"]) for page in pages] == [2, 2, 1]
    rejected = rejection(cloudwatch.describe_alarm_history, NextToken="x")
    assert rejected.code == "InvalidNextToken"
