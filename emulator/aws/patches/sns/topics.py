"""SNS topics and subscriptions: validation and confirmation."""

import json
from typing import Any

from moto.sns.models import Subscription

from emulator.aws.errors import reject
from emulator.aws.moto_adapter.call import Answer, Call, Proceed, members_of
from emulator.aws.registry import patch_operations

_TEST = "sns/test_topics"
_REFERENCE = "SNS API reference"
_BY_MAIL = ("email", "email-json")
_PENDING = "PendingConfirmation"


@patch_operations(
    "sns:CreateTopic",
    moto_behaviour="creating an existing topic with other attributes returns the existing topic",
    aws="InvalidParameter unless the attributes are the same",
    source=f"{_REFERENCE}, CreateTopic; hashicorp/terraform-provider-aws issues quote the message",
    test=f"{_TEST}::test_a_topic_is_not_created_again_with_other_attributes",
)
def require_same_topic_attributes(call: Call, proceed: Proceed) -> Answer:
    """Compare the attributes with those of the existing topic."""
    sent: dict[str, str] = call.params.get("Attributes") or {}
    arn = f"arn:{call.partition}:sns:{call.region}:{call.account_id}:{call.params['Name']}"
    topic = call.sns.topics.get(arn)
    if topic is not None:
        kept = {"KmsMasterKeyId": topic.kms_master_key_id, "DisplayName": topic.display_name}
        if any((sent.get(name) or "") != (value or "") for name, value in kept.items()):
            reject(
                "InvalidParameter",
                "Invalid parameter: Attributes Reason: Topic already exists with different "
                "attributes",
            )
    return proceed()


@patch_operations(
    "sns:SetTopicAttributes",
    moto_behaviour="a policy that is not JSON makes moto fail; a policy of another service is "
    "accepted",
    aws="InvalidParameter",
    source=f"{_REFERENCE}, SetTopicAttributes; hashicorp/terraform-provider-aws issues quote both "
    "messages",
    test=f"{_TEST}::test_a_policy_of_another_service_is_rejected_for_a_topic",
)
def validate_topic_policy(call: Call, proceed: Proceed) -> Answer:
    """Reject a policy that is not valid JSON or has actions of another service."""
    if call.params["AttributeName"] == "Policy":
        try:
            statements = _listed(json.loads(call.params["AttributeValue"])["Statement"])
        except (ValueError, TypeError, KeyError):
            reject("InvalidParameter", "Invalid parameter: Policy Error: null")
        actions = [action for each in statements for action in _listed(each["Action"])]
        if not all(action.lower().startswith("sns:") for action in actions):
            reject(
                "InvalidParameter",
                "Invalid parameter: Policy statement action out of service scope!",
            )
    return proceed()


@patch_operations(
    "sns:Subscribe",
    moto_behaviour="an email address is subscribed at once",
    aws="the subscription is pending until the link in the confirmation email is opened",
    source="SNS developer guide, Email notifications",
    test=f"{_TEST}::test_an_email_subscription_is_pending_until_it_is_confirmed",
)
def keep_email_pending(call: Call, proceed: Proceed) -> Answer:
    """Mark the new subscription as pending; its ARN is hidden unless requested."""
    result = proceed()
    subscription = call.sns.subscriptions[members_of(result)["SubscriptionArn"]]
    if subscription.protocol in _BY_MAIL and not subscription.confirmed:
        subscription.attributes[_PENDING] = "true"
        if not call.params.get("ReturnSubscriptionArn"):
            members_of(result)["SubscriptionArn"] = "pending confirmation"
    return result


@patch_operations(
    "sns:Unsubscribe",
    moto_behaviour="a pending subscription can be deleted",
    aws="InvalidParameter for a pending subscription, which expires by itself",
    source="SNS developer guide, Deleting a subscription; hashicorp/terraform-provider-aws quotes "
    "the message",
    test=f"{_TEST}::test_a_pending_subscription_cannot_be_ended",
)
def keep_pending_subscription(call: Call, proceed: Proceed) -> Answer:
    """Reject deleting a pending subscription."""
    subscription: Subscription | None = call.sns.subscriptions.get(call.params["SubscriptionArn"])
    if subscription is not None and _is_pending(subscription):
        reject(
            "InvalidParameter",
            "Invalid parameter: This subscription is pending: Cannot unsubscribe a subscription "
            "that is pending confirmation",
        )
    return proceed()


@patch_operations(
    "sns:ListSubscriptions",
    "sns:ListSubscriptionsByTopic",
    moto_behaviour="a pending subscription is listed with its ARN",
    aws="a pending subscription is listed with `PendingConfirmation` instead of an ARN",
    source="SNS developer guide, Email notifications; AWS CLI reference, list-subscriptions",
    test=f"{_TEST}::test_a_pending_subscription_is_listed_without_an_arn",
)
def hide_pending_arns(call: Call, proceed: Proceed) -> Answer:
    """Replace the ARNs of pending subscriptions."""
    del call
    result = proceed()
    members = members_of(result)
    members["Subscriptions"] = [
        {
            "SubscriptionArn": _PENDING if _is_pending(each) else each.arn,
            "Owner": each.owner,
            "Protocol": each.protocol,
            "Endpoint": each.endpoint,
            "TopicArn": each.topic_arn,
        }
        for each in members["Subscriptions"]
    ]
    return result


def _is_pending(subscription: Subscription) -> bool:
    return subscription.attributes.get(_PENDING) == "true"


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]  # pyright: ignore[reportUnknownVariableType]
