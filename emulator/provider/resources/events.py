"""EventBridge: rules of the default event bus, and their targets.

Other event buses and settings of particular targets are not supported.
"""
# ruff: noqa: ARG002 - the signatures are ResourceType's

from collections.abc import Mapping
from typing import ClassVar

from emulator.provider import tagging
from emulator.provider.aws_connection import AwsConnection
from emulator.provider.aws_resource import REGION, TAGS, AwsResource
from emulator.provider.operations import Operations
from emulator.provider.protocol.comparisons import same_json_values
from emulator.provider.protocol.properties import Properties
from emulator.provider.protocol.resource_type import Created, Naming, Property

NOT_FOUND_CODES = frozenset({"ResourceNotFoundException"})
_RULE = "rule"
_TARGET_ID = "targetId"


class EventRule(AwsResource):
    """A rule; its id is its name."""

    token = "aws:cloudwatch/eventRule:EventRule"  # noqa: S105 - a type's name
    service = "events"
    operations = Operations(
        identifier="Name",
        create="put_rule",
        describe="describe_rule",
        delete="delete_rule",
        puts=True,
    )
    tagging = tagging.EVENTS
    not_found_codes = NOT_FOUND_CODES
    naming = Naming("name", "namePrefix")
    inputs: ClassVar[Mapping[str, Property]] = {
        "description": Property("Description", empty=""),
        "eventBusName": Property("EventBusName", replaces=True, default="default"),
        "eventPattern": Property("EventPattern", same=same_json_values),
        "forceDestroy": Property(write_only=True, default=False),
        "name": Property("Name", replaces=True),
        "namePrefix": Property(replaces=True, write_only=True),
        "scheduleExpression": Property("ScheduleExpression"),
        "state": Property("State", computed=True),
        **REGION,
        **TAGS,
    }
    outputs: ClassVar[Mapping[str, str]] = {"arn": "Arn"}


class EventTarget(AwsResource):
    """A rule's target; its id is `rule-target`."""

    token = "aws:cloudwatch/eventTarget:EventTarget"  # noqa: S105 - a type's name
    service = "events"
    operations = Operations(identifier="", create="put_targets")
    not_found_codes = NOT_FOUND_CODES
    naming = Naming("targetId")
    inputs: ClassVar[Mapping[str, Property]] = {
        "arn": Property("Arn", required=True),
        "eventBusName": Property(replaces=True, default="default", answer=""),
        "forceDestroy": Property(write_only=True, default=False),
        "input": Property("Input"),
        "inputPath": Property("InputPath"),
        "inputTransformer": Property(
            "InputTransformer",
            to_aws=lambda block: {
                "InputPathsMap": block.get("inputPaths") or {},
                "InputTemplate": block["inputTemplate"],
            },
            from_aws=lambda block: {
                "inputPaths": block.get("InputPathsMap") or {},
                "inputTemplate": block["InputTemplate"],
            },
        ),
        _RULE: Property(replaces=True, required=True, answer=""),
        _TARGET_ID: Property("Id", replaces=True),
        **REGION,
    }
    outputs: ClassVar[Mapping[str, str]] = {}

    def create(self, session: AwsConnection, inputs: Properties) -> Created:
        """Put the target."""
        self._put(session, inputs)
        return Created(f"{inputs[_RULE]}-{inputs[_TARGET_ID]}")

    def read(
        self, session: AwsConnection, resource_id: str, known: Properties
    ) -> Properties | None:
        """Return the target of the rule; the import id is `rule/target`."""
        rule, _, target_id = resource_id.rpartition("/")
        known = {_RULE: rule, _TARGET_ID: target_id, **known}
        answer = self.ignore_not_found(
            lambda: session.call("events", "list_targets_by_rule", Rule=known[_RULE])
        )
        targets: list[Properties] = answer["Targets"] if answer else []
        found = next((each for each in targets if each["Id"] == known[_TARGET_ID]), None)
        if found is None:
            return None
        return {
            **self.described_inputs(found),
            "id": f"{known[_RULE]}-{known[_TARGET_ID]}",
            _RULE: known[_RULE],
            "eventBusName": "default",
            "region": session.region,
        }

    def change(
        self,
        session: AwsConnection,
        resource_id: str,
        inputs: Properties,
        changed: frozenset[str],
    ) -> None:
        """Put the target again."""
        self._put(session, inputs)

    def delete(self, session: AwsConnection, resource_id: str, state: Properties) -> None:
        """Remove the target from its rule."""
        self.ignore_not_found(
            lambda: session.call(
                "events", "remove_targets", Rule=state[_RULE], Ids=[state[_TARGET_ID]]
            )
        )

    def _put(self, session: AwsConnection, inputs: Properties) -> None:
        target = self.request(inputs, frozenset(self.inputs))
        session.call("events", "put_targets", Rule=inputs[_RULE], Targets=[target])
