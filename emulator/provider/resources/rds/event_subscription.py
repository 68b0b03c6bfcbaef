"""RDS: event subscriptions."""

from collections.abc import Mapping
from typing import ClassVar

from emulator.provider import tagging
from emulator.provider.aws_connection import AwsConnection
from emulator.provider.aws_resource import REGION, TAGS, AwsResource
from emulator.provider.operations import Operations
from emulator.provider.protocol.comparisons import same_members
from emulator.provider.protocol.properties import Properties
from emulator.provider.protocol.resource_type import Naming, Property


class EventSubscription(AwsResource):
    """A subscription; its id is its name."""

    token = "aws:rds/eventSubscription:EventSubscription"  # noqa: S105 - a type's name
    service = "rds"
    operations = Operations(
        identifier="SubscriptionName",
        create="create_event_subscription",
        describe="describe_event_subscriptions",
        described="EventSubscriptionsList[]",
        update="modify_event_subscription",
        delete="delete_event_subscription",
    )
    tagging = tagging.RDS
    not_found_codes = frozenset({"SubscriptionNotFound"})
    naming = Naming("name", "namePrefix")
    inputs: ClassVar[Mapping[str, Property]] = {
        "enabled": Property("Enabled", default=True),
        "eventCategories": Property(
            "EventCategories", "EventCategoriesList", empty=[], same=same_members
        ),
        "name": Property("SubscriptionName", "CustSubscriptionId", replaces=True),
        "namePrefix": Property(replaces=True, write_only=True),
        "snsTopic": Property("SnsTopicArn", required=True),
        "sourceIds": Property("SourceIds", "SourceIdsList", empty=[], same=same_members),
        "sourceType": Property("SourceType"),
        **REGION,
        **TAGS,
    }
    outputs: ClassVar[Mapping[str, str]] = {
        "arn": "EventSubscriptionArn",
        "customerAwsId": "CustomerAwsId",
    }

    def change(
        self,
        session: AwsConnection,
        resource_id: str,
        inputs: Properties,
        changed: frozenset[str],
    ) -> None:
        """Change the subscription; categories require the source type, sources their own calls."""
        settings = changed - {"sourceIds", "tags", "tagsAll"}
        if settings:
            request = self.request(inputs, settings | {"enabled", "sourceType"})
            session.call(
                "rds", "modify_event_subscription", SubscriptionName=resource_id, **request
            )
        if "sourceIds" in changed:
            now = self.read(session, resource_id, inputs) or {}
            before, after = set(now.get("sourceIds") or []), set(inputs.get("sourceIds") or [])
            for verb, sources in (("remove", before - after), ("add", after - before)):
                for source in sorted(sources):
                    preposition = "from" if verb == "remove" else "to"
                    session.call(
                        "rds",
                        f"{verb}_source_identifier_{preposition}_subscription",
                        SubscriptionName=resource_id,
                        SourceIdentifier=source,
                    )
