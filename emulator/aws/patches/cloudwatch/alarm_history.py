"""The history of alarms."""

from emulator.aws.errors import reject
from emulator.aws.moto_adapter.call import Answer, Call, Proceed, answer
from emulator.aws.patches.cloudwatch.alarm_log import HistoryItem, items, recorded
from emulator.aws.patches.cloudwatch.alarm_states import evaluate
from emulator.aws.registry import patch_operations

_TEST = "cloudwatch/test_alarm_history"
_MAX_RECORDS = 100


@patch_operations(
    "cloudwatch:DeleteAlarms",
    "cloudwatch:DisableAlarmActions",
    "cloudwatch:EnableAlarmActions",
    "cloudwatch:PutCompositeAlarm",
    "cloudwatch:PutMetricAlarm",
    "cloudwatch:SetAlarmState",
    moto_behaviour="only previous states are kept, until the alarm is put again",
    aws="every change of an alarm's state and configuration is recorded, and outlives the alarm",
    source="CloudWatch API reference, DescribeAlarmHistory and AlarmHistoryItem",
    test=f"{_TEST}::test_changes_of_an_alarm_are_recorded_also_when_it_is_deleted",
)
def record_alarm_changes(call: Call, proceed: Proceed) -> Answer:
    """Compare the alarms before and after the request."""
    with recorded(call.cloudwatch):
        return proceed()


@patch_operations(
    "cloudwatch:DescribeAlarmHistory",
    moto_behaviour="not implemented",
    aws="returns the newest entries first, of metric alarms unless AlarmTypes says otherwise, by "
    "alarm, type of entry and time, in pages",
    source="CloudWatch API reference, DescribeAlarmHistory; AWS CLI example of the same name",
    test=f"{_TEST}::test_a_state_update_has_the_old_and_the_new_state",
)
def describe_alarm_history(call: Call, proceed: Proceed) -> Answer:
    """Evaluate the alarms, then answer from the record."""
    del proceed
    evaluate(call.cloudwatch)
    found = [each for each in items(call.cloudwatch) if _matches(call, each)]
    if call.params.get("ScanBy", "TimestampDescending") == "TimestampDescending":
        found.reverse()
    token: str = call.params.get("NextToken") or "0"
    if not token.isdigit():
        reject("InvalidNextToken", "The next token specified is invalid.")
    start, size = int(token), int(call.params.get("MaxRecords", _MAX_RECORDS))
    page: dict[str, object] = {
        "AlarmHistoryItems": [_described(each) for each in found[start : start + size]]
    }
    if start + size < len(found):
        page["NextToken"] = str(start + size)
    return answer(page)


def _matches(call: Call, item: HistoryItem) -> bool:
    sent = call.params
    types = sent.get("AlarmTypes") or ["MetricAlarm"]
    # Moto parses times without a zone, in UTC.
    time = item.time.replace(tzinfo=None)
    return (
        sent.get("AlarmName") in (None, item.alarm)
        and item.alarm_type in types
        and sent.get("HistoryItemType") in (None, item.kind)
        and sent.get("StartDate", time) <= time <= sent.get("EndDate", time)
    )


def _described(item: HistoryItem) -> dict[str, object]:
    return {
        "AlarmName": item.alarm,
        "AlarmType": item.alarm_type,
        "Timestamp": item.time,
        "HistoryItemType": item.kind,
        "HistorySummary": item.summary,
        "HistoryData": item.data,
    }
