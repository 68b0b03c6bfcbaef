import json
from collections.abc import Callable
from typing import Any

import pytest

from emulator.testing.requests import create_function

pytestmark = pytest.mark.emulator


def test_a_schedule_without_a_pattern_receives_no_event(
    client: Callable[[str], Any], events: Any, name: str
) -> None:
    function = create_function(client, name, "def handle(event, context): ...")
    events.put_rule(Name=name, ScheduleExpression="rate(12 hours)")
    events.put_targets(Rule=name, Targets=[{"Id": "function", "Arn": function}])
    entry = {"Source": "test", "DetailType": "Anything", "Detail": "{}"}
    assert events.put_events(Entries=[entry])["FailedEntryCount"] == 0


def test_an_event_that_matches_a_rule_reaches_its_topic(
    events: Any, sns: Any, sqs: Any, name: str
) -> None:
    topic = sns.create_topic(Name=name)["TopicArn"]
    queue = sqs.create_queue(QueueName=name)["QueueUrl"]
    queue_arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"][
        "QueueArn"
    ]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue_arn)
    events.put_rule(Name=name, EventPattern=json.dumps({"detail-type": ["Rotation"]}))
    transformer = {
        "InputPathsMap": {"secret": "$.detail.secret"},
        "InputTemplate": '"The rotation of <secret> failed"',
    }
    events.put_targets(
        Rule=name, Targets=[{"Id": "topic", "Arn": topic, "InputTransformer": transformer}]
    )
    for kind in ("Something else", "Rotation"):
        detail = json.dumps({"secret": "s-1"})
        events.put_events(Entries=[{"Source": "test", "DetailType": kind, "Detail": detail}])
    (message,) = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10)["Messages"]
    assert "The rotation of s-1 failed" in json.loads(message["Body"])["Message"]
