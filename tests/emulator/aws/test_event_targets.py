import json
from typing import Any

import pytest

pytestmark = pytest.mark.emulator


def test_an_event_that_a_rule_wants_reaches_its_topic(
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
