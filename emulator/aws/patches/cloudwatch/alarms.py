"""CloudWatch alarms: validation, states, and composite alarms."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from moto.cloudwatch.models import Alarm

from emulator.aws.errors import reject
from emulator.aws.moto_adapter.call import Answer, Call, Proceed, answer, members_of
from emulator.aws.patches.cloudwatch.alarm_evaluation import INSUFFICIENT_DATA
from emulator.aws.patches.cloudwatch.alarm_states import OPERAND, evaluate
from emulator.aws.registry import patch_operations

_TEST = "cloudwatch/test_alarms"
_REFERENCE = "CloudWatch API reference"
_GUIDE = "CloudWatch user guide"

DAY = 86_400
SHORT_PERIODS = (10, 20, 30)
_RULE = re.compile(rf"{OPERAND.pattern}(?: OR {OPERAND.pattern})*")


@patch_operations(
    "cloudwatch:PutMetricAlarm",
    moto_behaviour="moto accepts any period and number of datapoints",
    aws="ValidationError",
    source=f"{_REFERENCE}, PutMetricAlarm: Period, EvaluationPeriods, DatapointsToAlarm",
    test=f"{_TEST}::test_an_invalid_alarm_is_rejected_by_aws",
)
def validate_alarm(call: Call, proceed: Proceed) -> Answer:
    """Reject values that do not fit together."""
    for problem in _problems(call.params):
        reject("ValidationError", problem)
    return proceed()


def _problems(sent: Mapping[str, Any]) -> Iterator[str]:
    period, periods = sent.get("Period"), sent.get("EvaluationPeriods")
    if not isinstance(period, int) or not isinstance(periods, int):
        return  # metric math
    if period not in SHORT_PERIODS and period % 60:
        yield f"Period must be 10, 20, 30 or a multiple of 60, got {period}"
    longest = 7 * DAY if period >= 3600 else DAY
    if period * periods > longest:
        yield (
            f"Metrics cannot be checked across more than {longest} seconds (EvaluationPeriods * "
            "Period must be <= that)"
        )
    needed = sent.get("DatapointsToAlarm") or periods
    if isinstance(needed, int) and needed > periods:
        yield f"DatapointsToAlarm ({needed}) must be at most EvaluationPeriods ({periods})"


@patch_operations(
    "cloudwatch:PutMetricAlarm",
    "cloudwatch:PutCompositeAlarm",
    moto_behaviour="a new alarm is OK, and an updated alarm becomes OK again",
    aws="a new alarm is in INSUFFICIENT_DATA; an updated alarm keeps its state",
    source=f"{_REFERENCE}, PutMetricAlarm and PutCompositeAlarm",
    test=f"{_TEST}::test_an_alarm_starts_without_data_and_keeps_its_state_when_updated",
)
def keep_alarm_state(call: Call, proceed: Proceed) -> Answer:
    """Carry the state over."""
    name = call.params["AlarmName"]
    before = call.cloudwatch.alarms.get(name)
    result = proceed()
    call.cloudwatch.alarms[name].state_value = (
        INSUFFICIENT_DATA if before is None else before.state_value
    )
    return result


@patch_operations(
    "cloudwatch:PutCompositeAlarm",
    moto_behaviour="not implemented",
    aws="creates an alarm on the states of others; ValidationError if one of them does not exist",
    source=f"{_REFERENCE}, PutCompositeAlarm; {_GUIDE}, Composite alarms",
    test=f"{_TEST}::test_a_composite_alarm_is_on_while_one_of_its_alarms_is",
)
def put_composite_alarm(call: Call, proceed: Proceed) -> Answer:
    """Store the rule; a rule other than states joined by OR is rejected."""
    del proceed
    sent = call.params
    rule: str = sent["AlarmRule"]
    if not _RULE.fullmatch(rule):
        reject("NotImplemented", f"the emulated AWS evaluates only states joined by OR, not {rule}")
    lacking = [name for _, name in OPERAND.findall(rule) if name not in call.cloudwatch.alarms]
    if lacking:
        reject("ValidationError", f"AlarmRule names alarms that do not exist: {', '.join(lacking)}")
    call.cloudwatch.put_metric_alarm(
        name=sent["AlarmName"],
        description=sent.get("AlarmDescription", ""),
        alarm_actions=sent.get("AlarmActions", []),
        ok_actions=sent.get("OKActions"),
        insufficient_data_actions=sent.get("InsufficientDataActions"),
        actions_enabled=sent.get("ActionsEnabled", True),
        rule=rule,
        tags=sent.get("Tags"),
        # Members that only a metric alarm has.
        namespace="",
        metric_name="",
        comparison_operator="",
        statistic="",
        evaluation_periods=0,
        period=0,
        threshold=0.0,
        dimensions=[],
    )
    return answer()


@patch_operations(
    "cloudwatch:DescribeAlarms",
    moto_behaviour="alarms are never evaluated",
    aws="the state follows from the metric's data",
    source=f"{_GUIDE}, Using Amazon CloudWatch alarms, Evaluating an alarm",
    test=f"{_TEST}::test_pushed_data_moves_the_state_of_an_alarm",
)
def evaluate_alarms(call: Call, proceed: Proceed) -> Answer:
    """Evaluate the alarms first."""
    evaluate(call.cloudwatch)
    return proceed()


@patch_operations(
    "cloudwatch:DescribeAlarms",
    moto_behaviour="AlarmTypes is ignored and composite alarms lack their rule",
    aws="only metric alarms are returned unless AlarmTypes says otherwise",
    source=f"{_REFERENCE}, DescribeAlarms",
    test=f"{_TEST}::test_composite_alarms_are_described_only_when_asked_for",
)
def filter_alarm_types(call: Call, proceed: Proceed) -> Answer:
    """Leave out the types that were not requested."""
    result = proceed()
    members = members_of(result)
    wanted = call.params.get("AlarmTypes") or ["MetricAlarm"]
    if "MetricAlarm" not in wanted:
        members["MetricAlarms"] = []
    members["CompositeAlarms"] = [
        _composite(alarm) for alarm in members["CompositeAlarms"] if "CompositeAlarm" in wanted
    ]
    return result


def _composite(alarm: Alarm) -> dict[str, object]:
    return {
        "AlarmName": alarm.name,
        "AlarmArn": alarm.alarm_arn,
        "AlarmDescription": alarm.description,
        "AlarmRule": alarm.rule,
        "ActionsEnabled": alarm.actions_enabled,
        "AlarmActions": alarm.alarm_actions,
        "OKActions": alarm.ok_actions,
        "InsufficientDataActions": alarm.insufficient_data_actions,
        "StateValue": alarm.state_value,
        "StateReason": alarm.state_reason,
    }
