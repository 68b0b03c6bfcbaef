"""Restore testing plans and their selections."""
# ruff: noqa: ARG002 - the signatures are ResourceType's

from collections.abc import Mapping
from typing import ClassVar

from emulator.provider import tagging
from emulator.provider.aws_connection import AwsConnection
from emulator.provider.aws_resource import REGION, TAGS, AwsResource
from emulator.provider.operations import Operations, capitalized, uncapitalized
from emulator.provider.protocol.comparisons import same_given_keys, same_members
from emulator.provider.protocol.properties import Properties
from emulator.provider.protocol.resource_type import Created, Naming, Property

NOT_FOUND_CODES = frozenset({"ResourceNotFoundException"})
_CHANGEABLE = frozenset({"iamRoleArn", "restoreMetadataOverrides", "validationWindowHours"})
"""hashicorp/terraform-provider-aws, restore_testing_selection.go: what an update sends."""


def _without_defaults(selection: Properties) -> Properties:
    return {key: value for key, value in uncapitalized(selection).items() if value != []}


class RestoreTestingPlan(AwsResource):
    """A restore testing plan; its id is its name."""

    token = "aws:backup/restoreTestingPlan:RestoreTestingPlan"  # noqa: S105 - a type's name
    service = "backup"
    operations = Operations(
        identifier="RestoreTestingPlanName",
        create="create_restore_testing_plan",
        created="RestoreTestingPlanName",
        describe="get_restore_testing_plan",
        described="RestoreTestingPlan",
        delete="delete_restore_testing_plan",
    )
    tagging = tagging.RESTORE_TESTING_PLAN
    not_found_codes = NOT_FOUND_CODES
    naming = Naming("name")
    inputs: ClassVar[Mapping[str, Property]] = {
        "name": Property("RestoreTestingPlanName", replaces=True),
        "recoveryPointSelection": Property(
            "RecoveryPointSelection",
            required=True,
            same=same_given_keys,
            to_aws=capitalized,
            from_aws=_without_defaults,
        ),
        "scheduleExpression": Property("ScheduleExpression", required=True),
        "scheduleExpressionTimezone": Property("ScheduleExpressionTimezone", computed=True),
        "startWindowHours": Property("StartWindowHours", computed=True),
        **REGION,
        **TAGS,
    }
    outputs: ClassVar[Mapping[str, str]] = {"arn": "RestoreTestingPlanArn"}

    def creation(self, session: AwsConnection, inputs: Properties) -> Properties:
        """Return the create request, whose document contains everything but the tags."""
        tags = tagging.RESTORE_TESTING_PLAN.written(inputs.get("tagsAll") or {})
        return {
            "RestoreTestingPlan": self.request(inputs, frozenset(self.inputs)),
            "Tags": tags,
        }

    def change(
        self,
        session: AwsConnection,
        resource_id: str,
        inputs: Properties,
        changed: frozenset[str],
    ) -> None:
        """Change the document."""
        document = self.request(inputs, frozenset(self.inputs) - {"name"})
        if changed - TAGS.keys():
            session.call(
                "backup",
                "update_restore_testing_plan",
                RestoreTestingPlanName=resource_id,
                RestoreTestingPlan=document,
            )


class RestoreTestingSelection(AwsResource):
    """What a restore testing plan restores; its id is `selection:plan`."""

    token = "aws:backup/restoreTestingSelection:RestoreTestingSelection"  # noqa: S105 - a type's name
    service = "backup"
    operations = Operations(identifier="", create="create_restore_testing_selection")
    not_found_codes = NOT_FOUND_CODES
    naming = Naming("name")
    inputs: ClassVar[Mapping[str, Property]] = {
        "iamRoleArn": Property("IamRoleArn", required=True),
        "name": Property("RestoreTestingSelectionName", replaces=True),
        "protectedResourceArns": Property(
            "ProtectedResourceArns", computed=True, same=same_members
        ),
        "protectedResourceType": Property("ProtectedResourceType", replaces=True, required=True),
        "restoreMetadataOverrides": Property("RestoreMetadataOverrides", computed=True),
        "restoreTestingPlanName": Property(
            answer="RestoreTestingPlanName", replaces=True, required=True
        ),
        "validationWindowHours": Property("ValidationWindowHours", computed=True),
        **REGION,
    }
    outputs: ClassVar[Mapping[str, str]] = {}

    def create(self, session: AwsConnection, inputs: Properties) -> Created:
        """Create the selection in its plan."""
        session.call(
            "backup",
            "create_restore_testing_selection",
            RestoreTestingPlanName=inputs["restoreTestingPlanName"],
            RestoreTestingSelection=self.request(inputs, frozenset(self.inputs)),
        )
        return Created(f"{inputs['name']}:{inputs['restoreTestingPlanName']}")

    def describe(self, session: AwsConnection, resource_id: str) -> Properties | None:
        """Return the description in the plan."""
        answer = session.call("backup", "get_restore_testing_selection", **_named(resource_id))
        return answer["RestoreTestingSelection"]

    def change(
        self,
        session: AwsConnection,
        resource_id: str,
        inputs: Properties,
        changed: frozenset[str],
    ) -> None:
        """Change what can be changed; other changes stay in the state, as officially."""
        sent = self.request(inputs, _CHANGEABLE)
        if changed & _CHANGEABLE:
            session.call(
                "backup",
                "update_restore_testing_selection",
                **_named(resource_id),
                RestoreTestingSelection=sent,
            )

    def delete(self, session: AwsConnection, resource_id: str, state: Properties) -> None:
        """Remove the selection from its plan."""
        self.ignore_not_found(
            lambda: session.call(
                "backup", "delete_restore_testing_selection", **_named(resource_id)
            )
        )


def _named(resource_id: str) -> Properties:
    selection, _, plan = resource_id.partition(":")
    return {"RestoreTestingPlanName": plan, "RestoreTestingSelectionName": selection}
