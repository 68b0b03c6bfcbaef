"""Judgements of the group `cross-stack`."""

from typing import Any

from operations.aws.clients import Properties
from operations.checks.judgement import Judgement, equal
from operations.outputs import StackOutputs

DOCUMENTED: dict[str, type] = {
    **dict.fromkeys(
        (
            "clusterEndpoint",
            "readerEndpoint",
            "clusterIdentifier",
            "clusterResourceId",
            "clusterArn",
            "engineVersion",
            "databaseName",
            "securityGroupId",
            "masterSecretArn",
            "kmsKeyArn",
            "notificationsTopicArn",
            "readme",
        ),
        str,
    ),
    "port": int,
    **dict.fromkeys(("declaredState", "users", "databaseSetup", "customEndpoints"), dict),
}
"""Outputs that every stack has, and their types."""

OPTIONAL = frozenset({"postgresqlLogGroupName", "dashboardUrl"})
"""Outputs that some settings leave out; each is a text."""


def outputs_complete(_: StackOutputs, outputs: dict[str, Any]) -> Judgement:
    """Every documented output is present and has its type."""
    kinds = {**DOCUMENTED, **{name: str for name in OPTIONAL if outputs.get(name) is not None}}
    wrong = [
        f"{name} is {'missing' if name not in outputs else type(outputs[name]).__name__}"
        for name, kind in kinds.items()
        if not _has_type(outputs.get(name), kind)
    ]
    return Judgement(
        not wrong, f"{len(kinds)} outputs", ", ".join(wrong) or f"{len(kinds)} outputs"
    )


def outputs_current(outputs: StackOutputs, cluster: Properties) -> Judgement:
    """The outputs name the cluster as it is now."""
    expected = {
        "clusterEndpoint": outputs.cluster_endpoint,
        "readerEndpoint": outputs.reader_endpoint,
        "clusterResourceId": outputs.cluster_resource_id,
        "port": outputs.port,
    }
    found = {
        "clusterEndpoint": cluster["Endpoint"],
        "readerEndpoint": cluster["ReaderEndpoint"],
        "clusterResourceId": cluster["DbClusterResourceId"],
        "port": cluster["Port"],
    }
    return equal(expected, found)


def _has_type(value: object, kind: type) -> bool:
    # JSON of Pulumi writes whole numbers as integers or as floats.
    return isinstance(value, (int, float) if kind is int else kind)
