"""SNS: topics, their policies, and who is subscribed.

Delivery logs, FIFO settings and archives are left out.
"""
# ruff: noqa: ARG002 - the signatures are ResourceType's

import json
from collections.abc import Mapping
from typing import ClassVar

from emulator.provider import tagging
from emulator.provider.aws_connection import AwsConnection, AwsError
from emulator.provider.aws_resource import REGION, TAGS, AwsResource
from emulator.provider.operations import Operations
from emulator.provider.protocol.comparisons import same_json
from emulator.provider.protocol.properties import Properties
from emulator.provider.protocol.resource_type import Created, Naming, Property

NOT_FOUND_CODES = frozenset({"NotFound", "NotFoundException"})
ATTRIBUTES = {
    "displayName": "DisplayName",
    "kmsMasterKeyId": "KmsMasterKeyId",
    "policy": "Policy",
    "signatureVersion": "SignatureVersion",
}
"""SNS stores settings as a map of strings instead of request members."""


DEFAULT_ACTIONS = [
    "SNS:GetTopicAttributes",
    "SNS:SetTopicAttributes",
    "SNS:AddPermission",
    "SNS:RemovePermission",
    "SNS:DeleteTopic",
    "SNS:Subscribe",
    "SNS:ListSubscriptionsByTopic",
    "SNS:Publish",
    "SNS:Receive",
]
"""What a topic's default policy allows its owner."""


class Topic(AwsResource):
    """A topic; its id is its ARN."""

    token = "aws:sns/topic:Topic"  # noqa: S105 - a type's name
    service = "sns"
    operations = Operations(
        identifier="TopicArn",
        create="create_topic",
        describe="get_topic_attributes",
        described="Attributes",
        delete="delete_topic",
    )
    tagging = tagging.SNS
    not_found_codes = NOT_FOUND_CODES
    naming = Naming("name", "namePrefix")
    inputs: ClassVar[Mapping[str, Property]] = {
        "displayName": Property(answer="", empty=""),
        "kmsMasterKeyId": Property(answer="", empty=""),
        "name": Property(answer="", replaces=True),
        "namePrefix": Property(replaces=True, write_only=True),
        "policy": Property(answer="", computed=True, same=same_json),
        "signatureVersion": Property(answer="", computed=True),
        **REGION,
        **TAGS,
    }
    outputs: ClassVar[Mapping[str, str]] = {"arn": "TopicArn", "owner": "Owner"}

    def create(self, session: AwsConnection, inputs: Properties) -> Created:
        """Create the resource with all its attributes."""
        answer = session.call(
            "sns",
            "create_topic",
            Name=inputs["name"],
            Attributes={
                attribute: str(inputs[name])
                for name, attribute in ATTRIBUTES.items()
                if inputs.get(name) is not None
            },
            Tags=tagging.SNS.written(inputs.get("tagsAll") or {}),
        )
        return Created(answer["TopicArn"])

    def change(
        self,
        session: AwsConnection,
        resource_id: str,
        inputs: Properties,
        changed: frozenset[str],
    ) -> None:
        """Set each changed attribute."""
        for name in sorted(changed & ATTRIBUTES.keys()):
            _set(session, resource_id, name, str(inputs[name]))

    def details(
        self, session: AwsConnection, description: Properties, state: Properties
    ) -> Properties:
        """Return the attributes that are set, and the name from the ARN."""
        found = {
            name: description[attribute]
            for name, attribute in ATTRIBUTES.items()
            if description.get(attribute)
        }
        return {**found, "name": state["id"].rpartition(":")[2]}


class TopicPolicy(AwsResource):
    """A topic's policy as a separate resource; its id is the topic's ARN."""

    token = "aws:sns/topicPolicy:TopicPolicy"  # noqa: S105 - a type's name
    service = "sns"
    operations = Operations(
        identifier="TopicArn",
        create="set_topic_attributes",
        describe="get_topic_attributes",
        described="Attributes",
    )
    not_found_codes = NOT_FOUND_CODES
    inputs: ClassVar[Mapping[str, Property]] = {
        "arn": Property(answer="TopicArn", replaces=True, required=True),
        "policy": Property(answer="Policy", required=True, same=same_json),
        **REGION,
    }
    outputs: ClassVar[Mapping[str, str]] = {"owner": "Owner"}

    def create(self, session: AwsConnection, inputs: Properties) -> Created:
        """Set the policy."""
        _set(session, inputs["arn"], "policy", inputs["policy"])
        return Created(inputs["arn"])

    def change(
        self,
        session: AwsConnection,
        resource_id: str,
        inputs: Properties,
        changed: frozenset[str],
    ) -> None:
        """Set the policy again."""
        _set(session, resource_id, "policy", inputs["policy"])

    def delete(self, session: AwsConnection, resource_id: str, state: Properties) -> None:
        """Restore a new topic's policy, which allows its owner."""
        owner = {"StringEquals": {"AWS:SourceOwner": state["owner"]}}
        statement = {
            "Sid": "__default_statement_ID",
            "Effect": "Allow",
            "Principal": {"AWS": "*"},
            "Action": DEFAULT_ACTIONS,
            "Resource": resource_id,
            "Condition": owner,
        }
        policy = json.dumps(
            {"Version": "2008-10-17", "Id": "__default_policy_ID", "Statement": [statement]}
        )
        self.ignore_not_found(lambda: _set(session, resource_id, "policy", policy))


class TopicSubscription(AwsResource):
    """A subscription; its id is its ARN, which a pending subscription also has."""

    token = "aws:sns/topicSubscription:TopicSubscription"  # noqa: S105 - a type's name
    service = "sns"
    operations = Operations(
        identifier="SubscriptionArn",
        create="subscribe",
        created="SubscriptionArn",
        describe="get_subscription_attributes",
        described="Attributes",
    )
    not_found_codes = NOT_FOUND_CODES
    inputs: ClassVar[Mapping[str, Property]] = {
        "confirmationTimeoutInMinutes": Property(write_only=True, default=1),
        "endpoint": Property("Endpoint", replaces=True, required=True),
        "endpointAutoConfirms": Property(write_only=True, default=False),
        "protocol": Property("Protocol", replaces=True, required=True),
        "topic": Property("TopicArn", replaces=True, required=True),
        **REGION,
    }
    outputs: ClassVar[Mapping[str, str]] = {
        "arn": "SubscriptionArn",
        "ownerId": "Owner",
        "pendingConfirmation": "",
    }

    def creation(self, session: AwsConnection, inputs: Properties) -> Properties:
        """Return the create request, which asks for the ARN of a pending subscription."""
        return {**super().creation(session, inputs), "ReturnSubscriptionArn": True}

    def details(
        self, session: AwsConnection, description: Properties, state: Properties
    ) -> Properties:
        """Convert the attribute to a boolean."""
        return {"pendingConfirmation": description.get("PendingConfirmation") == "true"}

    def delete(self, session: AwsConnection, resource_id: str, state: Properties) -> None:
        """Delete the subscription; a pending one cannot be deleted and expires."""
        try:
            session.call("sns", "unsubscribe", SubscriptionArn=resource_id)
        except AwsError as error:
            if error.code not in self.not_found_codes and "pending confirmation" not in str(error):
                raise


def _set(session: AwsConnection, topic_arn: str, name: str, value: str) -> None:
    session.call(
        "sns",
        "set_topic_attributes",
        TopicArn=topic_arn,
        AttributeName=ATTRIBUTES[name],
        AttributeValue=value,
    )
