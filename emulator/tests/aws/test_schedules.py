"""Scheduled rules, fired by their caller."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from emulator.aws.schedules import ScheduledInvocation, ScheduleError, fire
from emulator.testing.requests import ACCOUNT_ID, create_function

pytestmark = pytest.mark.emulator

ECHO = "def handle(event, context):\n    print('asked')\n    return event\n"


@pytest.fixture
def rule(client: Callable[[str], Any], name: str) -> Callable[..., str]:
    """Return a function that creates a rule with one Lambda target and returns its ARN."""

    def create(code: str = ECHO, *, permitted_rule: str = name, **target: Any) -> str:
        function_arn = create_function(client, name, code)
        client("lambda").add_permission(
            FunctionName=name,
            StatementId="events",
            Action="lambda:InvokeFunction",
            Principal="events.amazonaws.com",
            SourceArn=f"arn:aws:events:us-east-2:{ACCOUNT_ID}:rule/{permitted_rule}",
        )
        events = client("events")
        events.put_rule(Name=name, ScheduleExpression="rate(12 hours)")
        queue = f"arn:aws:sqs:us-east-2:{ACCOUNT_ID}:other"
        targets = [{"Id": "1", "Arn": function_arn, **target}, {"Id": "2", "Arn": queue}]
        events.put_targets(Rule=name, Targets=targets)
        return function_arn

    return create


def test_a_fired_rule_invokes_its_function_with_its_input(
    client: Callable[[str], Any], name: str, rule: Callable[..., str]
) -> None:
    function_arn = rule(Input=json.dumps({"Check": "RotationAge"}))
    assert fire(client, name) == [
        ScheduledInvocation(function_arn, False, {"Check": "RotationAge"}, "asked\n")
    ]


def test_a_target_without_input_receives_the_scheduled_event(
    client: Callable[[str], Any], name: str, rule: Callable[..., str]
) -> None:
    rule()
    (invocation,) = fire(client, name)
    event = invocation.result
    assert (event.pop("id"), event.pop("time")) > ("", "")
    assert event == {
        "version": "0",
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": ACCOUNT_ID,
        "region": "us-east-2",
        "resources": [f"arn:aws:events:us-east-2:{ACCOUNT_ID}:rule/{name}"],
        "detail": {},
    }


def test_a_failing_function_of_a_rule_is_reported(
    client: Callable[[str], Any], name: str, rule: Callable[..., str]
) -> None:
    rule("def handle(event, context):\n    raise ValueError('wrong value')\n")
    (invocation,) = fire(client, name)
    assert invocation.failed
    assert invocation.result["errorMessage"] == "wrong value"


def test_a_rule_that_the_functions_policy_does_not_name_invokes_nothing(
    client: Callable[[str], Any], name: str, rule: Callable[..., str]
) -> None:
    function_arn = rule(permitted_rule="another")
    with pytest.raises(ScheduleError) as caught:
        fire(client, name)
    assert str(caught.value) == (
        f"the policy of {function_arn} does not let arn:aws:events:us-east-2:{ACCOUNT_ID}:rule/"
        f"{name} invoke it"
    )


def test_a_disabled_rule_invokes_nothing(
    client: Callable[[str], Any], name: str, rule: Callable[..., str]
) -> None:
    rule()
    client("events").disable_rule(Name=name)
    with pytest.raises(ScheduleError) as caught:
        fire(client, name)
    assert str(caught.value) == f"rule {name} is DISABLED, and its schedule is 'rate(12 hours)'"


def test_a_transformed_input_is_unsupported(
    client: Callable[[str], Any], name: str, rule: Callable[..., str]
) -> None:
    rule(InputPath="$.detail")
    with pytest.raises(ScheduleError, match=r" has InputPath, which is unsupported$"):
        fire(client, name)
