from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from emulator.tests.aws.requests import Rejection, rejection

pytestmark = pytest.mark.emulator

TOPIC = "arn:aws:sns:us-east-2:123456789012:anything"


def request(name: str, **members: object) -> dict[str, Any]:
    return {
        "AlarmName": name,
        "Namespace": "AWS/RDS",
        "MetricName": "CPUUtilization",
        "Dimensions": [{"Name": "DBClusterIdentifier", "Value": name}],
        "Statistic": "Average",
        "ComparisonOperator": "GreaterThanOrEqualToThreshold",
        "Threshold": 90,
        "Period": 60,
        "EvaluationPeriods": 2,
        **members,
    }


def push(cloudwatch: Any, name: str, *values: float) -> None:
    """Values of the latest whole minutes, the last one last."""
    last = datetime.now(UTC).replace(second=30, microsecond=0) - timedelta(minutes=1)
    for age, value in enumerate(reversed(values)):
        cloudwatch.put_metric_data(
            Namespace="AWS/RDS",
            MetricData=[
                {
                    "MetricName": "CPUUtilization",
                    "Dimensions": [{"Name": "DBClusterIdentifier", "Value": name}],
                    "Timestamp": last - timedelta(minutes=age),
                    "Value": value,
                }
            ],
        )


def state_of(cloudwatch: Any, name: str) -> str:
    (alarm,) = cloudwatch.describe_alarms(AlarmNames=[name])["MetricAlarms"]
    return alarm["StateValue"]


def composite_of(cloudwatch: Any, name: str) -> dict[str, Any]:
    answer = cloudwatch.describe_alarms(AlarmNames=[name], AlarmTypes=["CompositeAlarm"])
    (alarm,) = answer["CompositeAlarms"]
    return alarm


@pytest.mark.parametrize(
    ("members", "message"),
    [
        ({"Period": 90}, "Period must be 10, 20, 30 or a multiple of 60, got 90"),
        (
            {"Period": 300, "EvaluationPeriods": 289},
            "Metrics cannot be checked across more than 86400 seconds (EvaluationPeriods * Period "
            "must be <= that)",
        ),
        (
            {"Period": 86_400, "EvaluationPeriods": 8},
            "Metrics cannot be checked across more than 604800 seconds (EvaluationPeriods * Period "
            "must be <= that)",
        ),
        (
            {"DatapointsToAlarm": 3},
            "DatapointsToAlarm (3) must be at most EvaluationPeriods (2)",
        ),
    ],
)
def test_an_invalid_alarm_is_rejected_by_aws(
    cloudwatch: Any, name: str, members: dict[str, Any], message: str
) -> None:
    rejected = rejection(cloudwatch.put_metric_alarm, **request(name, **members))
    assert rejected == Rejection("ValidationError", message)
    assert cloudwatch.describe_alarms(AlarmNames=[name])["MetricAlarms"] == []


@pytest.mark.parametrize(
    "members",
    [
        {"Period": 300, "EvaluationPeriods": 288},
        {"Period": 86_400, "EvaluationPeriods": 7},
        {"Period": 10},
        {"AlarmActions": [TOPIC] * 5},
        {"DatapointsToAlarm": 2},
    ],
)
def test_an_alarm_at_its_limit_is_accepted(
    cloudwatch: Any, name: str, members: dict[str, Any]
) -> None:
    cloudwatch.put_metric_alarm(**request(name, **members))
    (alarm,) = cloudwatch.describe_alarms(AlarmNames=[name])["MetricAlarms"]
    assert {member: alarm[member] for member in members} == members


def test_an_alarm_starts_without_data_and_keeps_its_state_when_updated(
    cloudwatch: Any, name: str
) -> None:
    cloudwatch.put_metric_alarm(**request(name, TreatMissingData="ignore"))
    assert state_of(cloudwatch, name) == "INSUFFICIENT_DATA"
    cloudwatch.set_alarm_state(AlarmName=name, StateValue="ALARM", StateReason="a test")
    cloudwatch.put_metric_alarm(**request(name, TreatMissingData="ignore", Threshold=80))
    assert state_of(cloudwatch, name) == "ALARM"


def test_pushed_data_moves_the_state_of_an_alarm(cloudwatch: Any, name: str) -> None:
    cloudwatch.put_metric_alarm(**request(name))
    push(cloudwatch, name, 91, 95)
    assert state_of(cloudwatch, name) == "ALARM"
    push(cloudwatch, name, 10)
    # The mean of 95 and 10 is under the threshold.
    assert state_of(cloudwatch, name) == "OK"


def test_data_of_another_resource_changes_no_alarm_state(cloudwatch: Any, name: str) -> None:
    cloudwatch.put_metric_alarm(**request(name))
    push(cloudwatch, f"{name}-other", 99, 99)
    assert state_of(cloudwatch, name) == "INSUFFICIENT_DATA"


def test_a_composite_alarm_is_on_while_one_of_its_alarms_is(cloudwatch: Any, name: str) -> None:
    one, other = f"{name}-one", f"{name}-other"
    for each in (one, other):
        cloudwatch.put_metric_alarm(**request(each))
    rule = f'ALARM("{one}") OR ALARM("{other}")'
    cloudwatch.put_composite_alarm(AlarmName=name, AlarmRule=rule, AlarmActions=[TOPIC])
    described = composite_of(cloudwatch, name)
    assert (described["AlarmRule"], described["AlarmActions"]) == (rule, [TOPIC])
    assert described["StateValue"] == "OK"
    push(cloudwatch, other, 99, 99)
    assert composite_of(cloudwatch, name)["StateValue"] == "ALARM"


def test_a_composite_alarm_on_what_does_not_exist_is_rejected(cloudwatch: Any, name: str) -> None:
    rejected = rejection(
        cloudwatch.put_composite_alarm, AlarmName=name, AlarmRule='ALARM("nothing-there")'
    )
    assert rejected == Rejection(
        "ValidationError", "AlarmRule names alarms that do not exist: nothing-there"
    )


def test_a_rule_that_cannot_be_evaluated_is_rejected_and_not_guessed(
    cloudwatch: Any, name: str
) -> None:
    cloudwatch.put_metric_alarm(**request(name))
    rule = f'NOT ALARM("{name}")'
    rejected = rejection(cloudwatch.put_composite_alarm, AlarmName=f"{name}-c", AlarmRule=rule)
    assert rejected.code == "NotImplemented"


def test_composite_alarms_are_described_only_when_asked_for(cloudwatch: Any, name: str) -> None:
    one = f"{name}-one"
    cloudwatch.put_metric_alarm(**request(one))
    cloudwatch.put_composite_alarm(AlarmName=name, AlarmRule=f'ALARM("{one}")')

    def described(*types: str) -> tuple[list[str], list[str]]:
        asked = {"AlarmTypes": list(types)} if types else {}
        answer = cloudwatch.describe_alarms(AlarmNamePrefix=name, **asked)
        metric, composite = answer["MetricAlarms"], answer["CompositeAlarms"]
        return [each["AlarmName"] for each in metric], [each["AlarmName"] for each in composite]

    assert described() == ([one], [])
    assert described("CompositeAlarm") == ([], [name])
    assert described("MetricAlarm", "CompositeAlarm") == ([one], [name])
