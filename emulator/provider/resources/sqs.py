"""SQS: standard queues, without redrive settings."""
# ruff: noqa: ARG002 - the signatures are ResourceType's

from collections.abc import Mapping
from typing import ClassVar

from emulator.provider import tagging
from emulator.provider.aws_connection import AwsConnection
from emulator.provider.aws_resource import REGION, TAGS, AwsResource
from emulator.provider.operations import Operations
from emulator.provider.protocol.comparisons import same_json
from emulator.provider.protocol.properties import Properties
from emulator.provider.protocol.resource_type import Created, Naming, Property

ATTRIBUTES = {
    "delaySeconds": "DelaySeconds",
    "kmsDataKeyReusePeriodSeconds": "KmsDataKeyReusePeriodSeconds",
    "kmsMasterKeyId": "KmsMasterKeyId",
    "maxMessageSize": "MaximumMessageSize",
    "messageRetentionSeconds": "MessageRetentionPeriod",
    "policy": "Policy",
    "receiveWaitTimeSeconds": "ReceiveMessageWaitTimeSeconds",
    "sqsManagedSseEnabled": "SqsManagedSseEnabled",
    "visibilityTimeoutSeconds": "VisibilityTimeout",
}
"""SQS stores settings as a map of strings instead of request members."""


class Queue(AwsResource):
    """A queue; its id is its URL."""

    token = "aws:sqs/queue:Queue"  # noqa: S105 - a type's name
    service = "sqs"
    operations = Operations(identifier="QueueUrl", create="create_queue", delete="delete_queue")
    tagging = tagging.SQS
    not_found_codes = frozenset({"AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist"})
    naming = Naming("name", "namePrefix")
    inputs: ClassVar[Mapping[str, Property]] = {
        "delaySeconds": Property(answer="", default=0),
        "kmsDataKeyReusePeriodSeconds": Property(answer="", computed=True),
        "kmsMasterKeyId": Property(answer=""),
        "maxMessageSize": Property(answer="", default=262_144),
        "messageRetentionSeconds": Property(answer="", default=345_600),
        "name": Property(answer="", replaces=True),
        "namePrefix": Property(replaces=True, write_only=True),
        "policy": Property(answer="", computed=True, same=same_json),
        "receiveWaitTimeSeconds": Property(answer="", default=0),
        "sqsManagedSseEnabled": Property(answer="", computed=True),
        "visibilityTimeoutSeconds": Property(answer="", default=30),
        **REGION,
        **TAGS,
    }
    outputs: ClassVar[Mapping[str, str]] = {"arn": "QueueArn", "url": ""}

    def create(self, session: AwsConnection, inputs: Properties) -> Created:
        """Create the resource with all its attributes."""
        answer = session.call(
            "sqs",
            "create_queue",
            QueueName=inputs["name"],
            Attributes=_texts(inputs, frozenset(ATTRIBUTES)),
            tags=inputs.get("tagsAll"),
        )
        return Created(answer["QueueUrl"])

    def change(
        self,
        session: AwsConnection,
        resource_id: str,
        inputs: Properties,
        changed: frozenset[str],
    ) -> None:
        """Set the changed attributes."""
        attributes = _texts(inputs, changed)
        if attributes:
            session.call("sqs", "set_queue_attributes", QueueUrl=resource_id, Attributes=attributes)

    def describe(self, session: AwsConnection, resource_id: str) -> Properties | None:
        """Return all attributes."""
        answer = session.call(
            "sqs", "get_queue_attributes", QueueUrl=resource_id, AttributeNames=["All"]
        )
        return answer["Attributes"]

    def details(
        self, session: AwsConnection, description: Properties, state: Properties
    ) -> Properties:
        """Convert the attributes to their types."""
        found = {
            name: _value(description[attribute])
            for name, attribute in ATTRIBUTES.items()
            if attribute in description
        }
        url = state["id"]
        return {**found, "url": url, "name": url.rpartition("/")[2]}


def _texts(inputs: Properties, names: frozenset[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in sorted(names & ATTRIBUTES.keys()):
        value = inputs.get(name)
        if value is not None:
            found[ATTRIBUTES[name]] = str(value).lower() if isinstance(value, bool) else str(value)
    return found


def _value(text: str) -> object:
    if text in ("true", "false"):
        return text == "true"
    return int(text) if text.isdigit() else text
