"""CloudWatch: metric alarms and composite alarms.

Metric math, anomaly detection bands and suppressors are not supported; Check rejects them.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from emulator.provider import tagging
from emulator.provider.aws_connection import AwsConnection
from emulator.provider.aws_resource import REGION, TAGS, AwsResource
from emulator.provider.operations import Operations
from emulator.provider.protocol.comparisons import same_members
from emulator.provider.protocol.properties import Properties
from emulator.provider.protocol.resource_type import Naming, Property

ACTIONS: Mapping[str, Property] = {
    "alarmActions": Property("AlarmActions", empty=[], same=same_members),
    "insufficientDataActions": Property("InsufficientDataActions", empty=[], same=same_members),
    "okActions": Property("OKActions", empty=[], same=same_members),
}
_TYPES = {"MetricAlarms": "MetricAlarm", "CompositeAlarms": "CompositeAlarm"}


def _pairs(dimensions: Properties) -> list[dict[str, Any]]:
    return [{"Name": name, "Value": dimensions[name]} for name in sorted(dimensions)]


def _mapping(pairs: list[dict[str, Any]]) -> dict[str, Any]:
    return {pair["Name"]: pair["Value"] for pair in pairs}


class _Alarm(AwsResource):
    """The common part of both kinds: the id is the name, and one call sets everything."""

    service = "cloudwatch"
    tagging = tagging.CLOUDWATCH
    not_found_codes = frozenset({"ResourceNotFound", "ResourceNotFoundException"})
    listed: ClassVar[str]

    def describe(self, session: AwsConnection, resource_id: str) -> Properties | None:
        """Return the alarm by its name and kind."""
        answer = session.call(
            "cloudwatch",
            "describe_alarms",
            AlarmNames=[resource_id],
            AlarmTypes=[_TYPES[self.listed]],
        )
        return next(iter(answer[self.listed]), None)


class MetricAlarm(_Alarm):
    """An alarm on one metric."""

    token = "aws:cloudwatch/metricAlarm:MetricAlarm"  # noqa: S105 - a type's name
    operations = Operations(
        identifier="AlarmNames[]", create="put_metric_alarm", delete="delete_alarms", puts=True
    )
    naming = Naming("name")
    listed = "MetricAlarms"
    inputs: ClassVar[Mapping[str, Property]] = {
        "actionsEnabled": Property("ActionsEnabled", default=True),
        **ACTIONS,
        "alarmDescription": Property("AlarmDescription", empty=""),
        "comparisonOperator": Property("ComparisonOperator"),
        "datapointsToAlarm": Property("DatapointsToAlarm"),
        "dimensions": Property("Dimensions", to_aws=_pairs, from_aws=_mapping, empty={}),
        "evaluationPeriods": Property("EvaluationPeriods"),
        "extendedStatistic": Property("ExtendedStatistic"),
        "metricName": Property("MetricName"),
        "name": Property("AlarmName", replaces=True),
        "namespace": Property("Namespace"),
        "period": Property("Period"),
        "statistic": Property("Statistic"),
        "threshold": Property("Threshold"),
        "treatMissingData": Property("TreatMissingData", default="missing"),
        "unit": Property("Unit"),
        **REGION,
        **TAGS,
    }
    outputs: ClassVar[Mapping[str, str]] = {"arn": "AlarmArn"}


class CompositeAlarm(_Alarm):
    """An alarm on the states of other alarms."""

    token = "aws:cloudwatch/compositeAlarm:CompositeAlarm"  # noqa: S105 - a type's name
    operations = Operations(
        identifier="AlarmNames[]", create="put_composite_alarm", delete="delete_alarms", puts=True
    )
    naming = Naming("alarmName")
    listed = "CompositeAlarms"
    inputs: ClassVar[Mapping[str, Property]] = {
        "actionsEnabled": Property("ActionsEnabled", replaces=True, default=True),
        **ACTIONS,
        "alarmDescription": Property("AlarmDescription", empty=""),
        "alarmName": Property("AlarmName", replaces=True, required=True),
        "alarmRule": Property("AlarmRule", required=True),
        **REGION,
        **TAGS,
    }
    outputs: ClassVar[Mapping[str, str]] = {"arn": "AlarmArn"}
