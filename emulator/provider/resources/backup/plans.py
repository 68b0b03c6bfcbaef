"""Backup plans and their selections."""
# ruff: noqa: ARG002 - the signatures are ResourceType's

from collections.abc import Mapping
from typing import Any, ClassVar

from emulator.provider import tagging
from emulator.provider.aws_connection import AwsConnection
from emulator.provider.aws_resource import REGION, TAGS, AwsResource
from emulator.provider.operations import Operations
from emulator.provider.protocol.comparisons import same_members
from emulator.provider.protocol.properties import Properties, is_list, plain
from emulator.provider.protocol.resource_type import Created, Naming, Property

NOT_FOUND_CODES = frozenset({"ResourceNotFoundException"})
RULE_DEFAULTS: Properties = {
    "completionWindow": 180,
    "enableContinuousBackup": False,
    "scheduleExpressionTimezone": "Etc/UTC",
    "startWindow": 60,
}
_RULE_MEMBERS = {
    "completionWindow": "CompletionWindowMinutes",
    "enableContinuousBackup": "EnableContinuousBackup",
    "recoveryPointTags": "RecoveryPointTags",
    "ruleName": "RuleName",
    "schedule": "ScheduleExpression",
    "scheduleExpressionTimezone": "ScheduleExpressionTimezone",
    "startWindow": "StartWindowMinutes",
    "targetVaultName": "TargetBackupVaultName",
}
_LIFECYCLE_MEMBERS = {
    "coldStorageAfter": "MoveToColdStorageAfterDays",
    "deleteAfter": "DeleteAfterDays",
    "optInToArchiveForSupportedResources": "OptInToArchiveForSupportedResources",
}


def _renamed(value: Properties, members: Mapping[str, str]) -> Properties:
    """Return the members that are set, under their other name."""
    return {new: value[old] for old, new in members.items() if value.get(old)}


def _reversed(members: Mapping[str, str]) -> Mapping[str, str]:
    return {new: old for old, new in members.items()}


def _rules_to_aws(rules: list[Properties]) -> list[Properties]:
    written: list[Properties] = []
    for rule in rules:
        members = _renamed({**RULE_DEFAULTS, **rule}, _RULE_MEMBERS)
        members["EnableContinuousBackup"] = bool(rule.get("enableContinuousBackup"))
        if rule.get("lifecycle"):
            members["Lifecycle"] = _renamed(rule["lifecycle"], _LIFECYCLE_MEMBERS)
        if rule.get("copyActions"):
            members["CopyActions"] = [
                {
                    "DestinationBackupVaultArn": action["destinationVaultArn"],
                    "Lifecycle": _renamed(action.get("lifecycle") or {}, _LIFECYCLE_MEMBERS),
                }
                for action in rule["copyActions"]
            ]
        written.append(members)
    return written


def _rules_from_aws(rules: list[Properties]) -> list[Properties]:
    lifecycle = _reversed(_LIFECYCLE_MEMBERS)
    read: list[Properties] = []
    for members in rules:
        rule = {**RULE_DEFAULTS, **_renamed(members, _reversed(_RULE_MEMBERS))}
        if members.get("Lifecycle"):
            rule["lifecycle"] = _renamed(members["Lifecycle"], lifecycle)
        if members.get("CopyActions"):
            rule["copyActions"] = [
                {
                    "destinationVaultArn": action["DestinationBackupVaultArn"],
                    "lifecycle": _renamed(action.get("Lifecycle") or {}, lifecycle),
                }
                for action in members["CopyActions"]
            ]
        read.append(rule)
    return read


def same_rules(old: Any, new: Any) -> bool:
    """Compare a plan's rules: a set, whose members have defaults."""
    if not (is_list(old) and is_list(new)):
        return bool(old == new)
    return same_members(_rules_to_aws(plain(old)), _rules_to_aws(plain(new)))


class Plan(AwsResource):
    """A plan; its id is its UUID."""

    token = "aws:backup/plan:Plan"  # noqa: S105 - a type's name
    service = "backup"
    operations = Operations(
        identifier="BackupPlanId",
        create="create_backup_plan",
        created="BackupPlanId",
        describe="get_backup_plan",
        update="update_backup_plan",
        delete="delete_backup_plan",
    )
    tagging = tagging.BACKUP_PLAN
    not_found_codes = NOT_FOUND_CODES
    naming = Naming("name")
    inputs: ClassVar[Mapping[str, Property]] = {
        "name": Property("BackupPlanName", "BackupPlan.BackupPlanName", replaces=True),
        "rules": Property(
            "Rules",
            "BackupPlan.Rules",
            required=True,
            same=same_rules,
            to_aws=_rules_to_aws,
            from_aws=_rules_from_aws,
        ),
        **REGION,
        **TAGS,
    }
    outputs: ClassVar[Mapping[str, str]] = {"arn": "BackupPlanArn", "version": "VersionId"}

    def creation(self, session: AwsConnection, inputs: Properties) -> Properties:
        """Return the create request, whose document contains everything but the tags."""
        request = {"BackupPlan": self.request(inputs, frozenset(self.inputs))}
        tags = tagging.BACKUP_PLAN.written(inputs.get("tagsAll") or {})
        return {**request, "BackupPlanTags": tags}

    def change(
        self,
        session: AwsConnection,
        resource_id: str,
        inputs: Properties,
        changed: frozenset[str],
    ) -> None:
        """Replace the document."""
        if "rules" in changed:
            document = self.request(inputs, frozenset(self.inputs))
            session.call(
                "backup", "update_backup_plan", BackupPlanId=resource_id, BackupPlan=document
            )


class Selection(AwsResource):
    """What a plan backs up; its id is its UUID, and it can only be replaced."""

    token = "aws:backup/selection:Selection"  # noqa: S105 - a type's name
    service = "backup"
    operations = Operations(identifier="SelectionId", create="create_backup_selection")
    not_found_codes = NOT_FOUND_CODES
    naming = Naming("name")
    inputs: ClassVar[Mapping[str, Property]] = {
        "iamRoleArn": Property("IamRoleArn", replaces=True, required=True),
        "name": Property("SelectionName", replaces=True),
        "planId": Property(answer="", replaces=True, required=True),
        "resources": Property("Resources", replaces=True, same=same_members),
        **REGION,
    }
    outputs: ClassVar[Mapping[str, str]] = {}

    def create(self, session: AwsConnection, inputs: Properties) -> Created:
        """Create the selection in its plan."""
        answer = session.call(
            "backup",
            "create_backup_selection",
            BackupPlanId=inputs["planId"],
            BackupSelection=self.request(inputs, frozenset(self.inputs)),
        )
        return Created(answer["SelectionId"])

    def read(
        self, session: AwsConnection, resource_id: str, known: Properties
    ) -> Properties | None:
        """Return the selection; the import id is `plan|selection`."""
        plan_id, _, selection_id = resource_id.rpartition("|")
        plan_id = known.get("planId") or plan_id
        answer = self.ignore_not_found(
            lambda: session.call(
                "backup", "get_backup_selection", BackupPlanId=plan_id, SelectionId=selection_id
            )
        )
        if answer is None:
            return None
        return {
            **self.described_inputs(answer["BackupSelection"]),
            "id": selection_id,
            "planId": plan_id,
            "region": session.region,
        }

    def delete(self, session: AwsConnection, resource_id: str, state: Properties) -> None:
        """Remove the selection from its plan."""
        self.ignore_not_found(
            lambda: session.call(
                "backup",
                "delete_backup_selection",
                BackupPlanId=state["planId"],
                SelectionId=resource_id,
            )
        )
