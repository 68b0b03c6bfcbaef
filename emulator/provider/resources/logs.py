"""CloudWatch Logs: log groups and metric filters."""
# ruff: noqa: ARG002 - the signatures are ResourceType's

from collections.abc import Mapping
from typing import ClassVar

from emulator.provider import tagging
from emulator.provider.aws_connection import AwsConnection
from emulator.provider.aws_resource import REGION, TAGS, AwsResource
from emulator.provider.operations import Operations
from emulator.provider.protocol.comparisons import same_trimmed
from emulator.provider.protocol.properties import Properties
from emulator.provider.protocol.resource_type import Naming, Property

NEVER = 0
"""The official provider's value for events that never expire."""


class LogGroup(AwsResource):
    """A log group."""

    token = "aws:cloudwatch/logGroup:LogGroup"  # noqa: S105 - a type's name
    service = "logs"
    operations = Operations(
        identifier="logGroupName",
        create="create_log_group",
        delete="delete_log_group",
    )
    tagging = tagging.LOGS
    not_found_codes = frozenset({"ResourceNotFoundException"})
    naming = Naming("name", "namePrefix")
    inputs: ClassVar[Mapping[str, Property]] = {
        "kmsKeyId": Property("kmsKeyId", empty=""),
        "logGroupClass": Property("logGroupClass", replaces=True, computed=True),
        "name": Property("logGroupName", replaces=True),
        "namePrefix": Property(replaces=True, write_only=True),
        "retentionInDays": Property(answer="retentionInDays", default=NEVER),
        "skipDestroy": Property(write_only=True, default=False),
        **REGION,
        **TAGS,
    }
    outputs: ClassVar[Mapping[str, str]] = {"arn": ""}

    def finish(self, session: AwsConnection, resource_id: str, inputs: Properties) -> None:
        """Set the retention, which CreateLogGroup does not accept."""
        if inputs["retentionInDays"] != NEVER:
            self._retain(session, resource_id, inputs["retentionInDays"])

    def change(
        self,
        session: AwsConnection,
        resource_id: str,
        inputs: Properties,
        changed: frozenset[str],
    ) -> None:
        """Change each setting by its own call."""
        if "retentionInDays" in changed:
            self._retain(session, resource_id, inputs["retentionInDays"])
        if "kmsKeyId" in changed:
            key = inputs["kmsKeyId"] or None
            session.call(
                "logs",
                f"{'associate' if key else 'disassociate'}_kms_key",
                logGroupName=resource_id,
                kmsKeyId=key,
            )

    def delete(self, session: AwsConnection, resource_id: str, state: Properties) -> None:
        """Delete the group, unless `skipDestroy` is set."""
        if not state.get("skipDestroy"):
            super().delete(session, resource_id, state)

    def describe(self, session: AwsConnection, resource_id: str) -> Properties | None:
        """Return the group by its name."""
        found = session.pages(
            "logs", "describe_log_groups", "logGroups", logGroupNamePrefix=resource_id
        )
        return next((one for one in found if one["logGroupName"] == resource_id), None)

    def details(
        self, session: AwsConnection, description: Properties, state: Properties
    ) -> Properties:
        """Trim the ARN as the official provider does; without retention, events never expire."""
        return {
            "arn": description["arn"].removesuffix(":*"),
            "retentionInDays": description.get("retentionInDays", NEVER),
        }

    def _retain(self, session: AwsConnection, resource_id: str, days: int) -> None:
        if days == NEVER:
            session.call("logs", "delete_retention_policy", logGroupName=resource_id)
        else:
            session.call(
                "logs", "put_retention_policy", logGroupName=resource_id, retentionInDays=days
            )


class LogMetricFilter(AwsResource):
    """A metric filter of a log group; its id is its name."""

    token = "aws:cloudwatch/logMetricFilter:LogMetricFilter"  # noqa: S105 - a type's name
    service = "logs"
    operations = Operations(identifier="filterName", create="put_metric_filter", puts=True)
    not_found_codes = frozenset({"ResourceNotFoundException"})
    naming = Naming("name")
    inputs: ClassVar[Mapping[str, Property]] = {
        "logGroupName": Property("logGroupName", replaces=True, required=True),
        "metricTransformation": Property(
            "metricTransformations",
            required=True,
            to_aws=lambda block: [_transformation(block)],
            from_aws=lambda blocks: _transformation_block(blocks[0]),
        ),
        "name": Property("filterName", replaces=True),
        "pattern": Property("filterPattern", required=True, same=same_trimmed),
        **REGION,
    }
    outputs: ClassVar[Mapping[str, str]] = {}

    def read(
        self, session: AwsConnection, resource_id: str, known: Properties
    ) -> Properties | None:
        """Return the filter of the group; the import id is `group:filter`."""
        group, _, name = resource_id.rpartition(":")
        group, name = known.get("logGroupName") or group, known.get("name") or name
        answer = self.ignore_not_found(
            lambda: session.call(
                "logs", "describe_metric_filters", logGroupName=group, filterNamePrefix=name
            )
        )
        filters: list[Properties] = answer["metricFilters"] if answer else []
        found = next((each for each in filters if each["filterName"] == name), None)
        if found is None:
            return None
        return {"id": name, "region": session.region, **self.described_inputs(found)}

    def delete(self, session: AwsConnection, resource_id: str, state: Properties) -> None:
        """Delete the filter."""
        self.ignore_not_found(
            lambda: session.call(
                "logs",
                "delete_metric_filter",
                logGroupName=state["logGroupName"],
                filterName=resource_id,
            )
        )


_TRANSFORMATION = {
    "dimensions": "dimensions",
    "name": "metricName",
    "namespace": "metricNamespace",
    "unit": "unit",
    "value": "metricValue",
}


def _transformation(block: Properties) -> Properties:
    sent = {
        member: block[key] for key, member in _TRANSFORMATION.items() if block.get(key) is not None
    }
    if block.get("defaultValue") is not None:
        sent["defaultValue"] = float(block["defaultValue"])
    return sent


def _transformation_block(found: Properties) -> Properties:
    block = {key: found[member] for key, member in _TRANSFORMATION.items() if found.get(member)}
    if found.get("defaultValue") is not None:
        block["defaultValue"] = f"{found['defaultValue']:g}"
    return block
