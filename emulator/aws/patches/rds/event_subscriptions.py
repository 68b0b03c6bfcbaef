"""Event subscriptions: categories and references that fit, and how one is modified."""

from collections.abc import Iterable

from moto.rds.models import EventSubscription

from emulator.aws.errors import reject, reject_combination
from emulator.aws.moto_adapter.call import Answer, Call, Proceed, answer
from emulator.aws.registry import patch_operations

_TEST = "rds/test_event_subscriptions"
_REFERENCE = "RDS API reference"

CATEGORIES = {
    "db-cluster": (
        *("configuration change", "creation", "deletion", "failover", "failure"),
        *("global-failover", "maintenance", "migration", "notification"),
        *("serverless", "security patching"),
    ),
    "db-instance": (
        *("availability", "backtrack", "backup", "configuration change", "creation", "deletion"),
        *("failover", "failure", "low storage", "maintenance", "notification", "read replica"),
        *("recovery", "restoration", "security", "security patching"),
    ),
    "db-parameter-group": ("configuration change",),
}
"""Aurora user guide, Amazon RDS event categories and event messages."""


@patch_operations(
    "rds:CreateEventSubscription",
    "rds:ModifyEventSubscription",
    moto_behaviour="any text is a topic, a category and a source",
    aws="SNSTopicArnNotFound, SubscriptionCategoryNotFound or SourceNotFound, HTTP 404; "
    "InvalidParameterCombination for sources without a source type",
    source=f"{_REFERENCE}, CreateEventSubscription, Errors",
    test=f"{_TEST}::test_a_subscription_to_what_does_not_exist_is_rejected",
)
def require_event_references(call: Call, proceed: Proceed) -> Answer:
    """Look up everything that the request refers to."""
    sent = call.params
    topic, kind = sent.get("SnsTopicArn"), sent.get("SourceType")
    if topic is not None and topic not in call.sns.topics:
        reject("SNSTopicArnNotFound", f"SNS topic {topic} does not exist")
    for category in sent.get("EventCategories", ()):
        if category not in CATEGORIES.get(kind or "", ()):
            message = f"Event category {category} does not exist for the source type {kind}"
            reject("SubscriptionCategoryNotFound", message)
    if sent.get("SourceIds") and kind is None:
        reject_combination("SourceIds need a SourceType")
    _check_sources(call, kind, sent.get("SourceIds", ()))
    return proceed()


@patch_operations(
    "rds:ModifyEventSubscription",
    moto_behaviour="not implemented",
    aws="changes topic, source type, categories and enabled; SubscriptionNotFound, HTTP 404",
    source=f"{_REFERENCE}, ModifyEventSubscription",
    test=f"{_TEST}::test_a_subscription_is_modified_member_by_member",
)
def modify_event_subscription(call: Call, proceed: Proceed) -> Answer:
    """Set the members that were sent."""
    del proceed
    found = _subscription(call)
    sent = call.params
    found.sns_topic_arn = sent.get("SnsTopicArn", found.sns_topic_arn)
    found.source_type = sent.get("SourceType", found.source_type)
    found.event_categories = sent.get("EventCategories", found.event_categories)
    found.enabled = sent.get("Enabled", found.enabled)
    return answer({"EventSubscription": found})


@patch_operations(
    "rds:AddSourceIdentifierToSubscription",
    "rds:RemoveSourceIdentifierFromSubscription",
    moto_behaviour="not implemented",
    aws="adds or removes one source; SourceNotFound, HTTP 404",
    source=f"{_REFERENCE}, AddSourceIdentifierToSubscription",
    test=f"{_TEST}::test_a_source_is_added_and_removed",
)
def change_event_sources(call: Call, proceed: Proceed) -> Answer:
    """Change the list of sources."""
    del proceed
    found = _subscription(call)
    source: str = call.params["SourceIdentifier"]
    sources: list[str] = found.source_ids
    if call.operation.startswith("Add"):
        _check_sources(call, found.source_type, (source,))
        found.source_ids = [*sources, source]
    elif source in sources:
        found.source_ids = [each for each in sources if each != source]
    else:
        reject("SourceNotFound", f"{source} is not a source of {found.subscription_name}")
    return answer({"EventSubscription": found})


def _subscription(call: Call) -> EventSubscription:
    name = call.params["SubscriptionName"]
    found = call.rds.event_subscriptions.get(name)
    if found is None:
        reject("SubscriptionNotFound", f"Subscription {name} does not exist.")
    return found


def _check_sources(call: Call, kind: str | None, sources: Iterable[str]) -> None:
    existing = {
        "db-cluster": call.rds.clusters,
        "db-instance": call.rds.databases,
        "db-parameter-group": call.rds.db_parameter_groups,
    }.get(kind or "", {})
    for source in sources:
        if source not in existing:
            reject("SourceNotFound", f"The {kind} {source} does not exist")
