"""Topics and subscriptions: what AWS refuses, and who has to confirm."""

import json
from typing import Any

from moto.sns.models import Subscription

from emulator.aws.errors import refuse
from emulator.aws.moto_internals import Answer, Call, Proceed, members_of
from emulator.aws.registry import corrects

_TEST = "test_sns_topics"
_REFERENCE = "SNS API reference"
_BY_MAIL = ("email", "email-json")
_PENDING = "PendingConfirmation"


@corrects(
    "sns:CreateTopic",
    fault="a second topic of a name with other attributes is answered with the first",
    aws="InvalidParameter; only the same attributes give the same topic",
    source=f"{_REFERENCE}, CreateTopic; hashicorp/terraform-provider-aws issues quote the message",
    test=f"{_TEST}::test_a_topic_is_not_created_again_with_other_attributes",
)
def topic_is_created_once(call: Call, proceed: Proceed) -> Answer:
    """Compare the attributes with those of the topic that exists."""
    sent: dict[str, str] = call.params.get("Attributes") or {}
    arn = f"arn:{call.partition}:sns:{call.region}:{call.account_id}:{call.params['Name']}"
    topic = call.sns.topics.get(arn)
    if topic is not None:
        kept = {"KmsMasterKeyId": topic.kms_master_key_id, "DisplayName": topic.display_name}
        if any((sent.get(name) or "") != (value or "") for name, value in kept.items()):
            refuse(
                "InvalidParameter",
                "Invalid parameter: Attributes Reason: Topic already exists with different "
                "attributes",
            )
    return proceed()


@corrects(
    "sns:SetTopicAttributes",
    fault="a policy that is no JSON breaks moto; one about another service is taken",
    aws="InvalidParameter",
    source=f"{_REFERENCE}, SetTopicAttributes; hashicorp/terraform-provider-aws issues quote both "
    "messages",
    test=f"{_TEST}::test_a_policy_that_is_none_of_a_topic_is_refused",
)
def topic_policy_is_legal(call: Call, proceed: Proceed) -> Answer:
    """Refuse a policy that cannot be read, or whose actions are not SNS's."""
    if call.params["AttributeName"] == "Policy":
        try:
            statements = _listed(json.loads(call.params["AttributeValue"])["Statement"])
        except (ValueError, TypeError, KeyError):
            refuse("InvalidParameter", "Invalid parameter: Policy Error: null")
        actions = [action for each in statements for action in _listed(each["Action"])]
        if not all(action.lower().startswith("sns:") for action in actions):
            refuse(
                "InvalidParameter",
                "Invalid parameter: Policy statement action out of service scope!",
            )
    return proceed()


@corrects(
    "sns:Subscribe",
    fault="a mail address is subscribed at once",
    aws="it is pending until somebody follows the link in a mail",
    source="SNS developer guide, Email notifications",
    test=f"{_TEST}::test_a_mail_address_is_pending_until_somebody_confirms",
)
def mail_address_is_pending(call: Call, proceed: Proceed) -> Answer:
    """Mark the new subscription, and hide its ARN from who does not ask for it."""
    result = proceed()
    subscription = call.sns.subscriptions[members_of(result)["SubscriptionArn"]]
    if subscription.protocol in _BY_MAIL and not subscription.confirmed:
        subscription.attributes[_PENDING] = "true"
        if not call.params.get("ReturnSubscriptionArn"):
            members_of(result)["SubscriptionArn"] = "pending confirmation"
    return result


@corrects(
    "sns:Unsubscribe",
    fault="a pending subscription can be ended, and one that does not exist",
    aws="InvalidParameter for a pending one: it ends by itself",
    source="SNS developer guide, Deleting a subscription; hashicorp/terraform-provider-aws quotes "
    "the message",
    test=f"{_TEST}::test_a_pending_subscription_cannot_be_ended",
)
def pending_subscription_stays(call: Call, proceed: Proceed) -> Answer:
    """Refuse to end what nobody has confirmed."""
    subscription: Subscription | None = call.sns.subscriptions.get(call.params["SubscriptionArn"])
    if subscription is not None and subscription.attributes.get(_PENDING) == "true":
        refuse(
            "InvalidParameter",
            "Invalid parameter: This subscription is pending: Cannot unsubscribe a subscription "
            "that is pending confirmation",
        )
    return proceed()


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]  # pyright: ignore[reportUnknownVariableType]
