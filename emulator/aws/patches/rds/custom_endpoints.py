"""Custom endpoints of clusters."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from moto.rds.models import DBCluster, RDSBackend

from emulator.aws import databases
from emulator.aws.aurora import identifiers
from emulator.aws.errors import reject, reject_combination, reject_value
from emulator.aws.moto_adapter.call import Answer, Call, Proceed, answer
from emulator.aws.patches.rds.clusters import existing_cluster
from emulator.aws.registry import patch_operations

_TEST = "rds/test_custom_endpoints"
_SOURCE = "RDS API reference, CreateDBClusterEndpoint, Errors; Aurora user guide, Custom endpoints"
_ATTRIBUTE = "custom_endpoints"
"""Attribute of moto's state, which moto empties with the rest."""
_LISTS = ("StaticMembers", "ExcludedMembers")
TYPES = frozenset({"ANY", "READER"})
MAX_ENDPOINTS = 5


@dataclass
class CustomEndpoint:
    """A custom endpoint.

    Attributes:
        cluster: Its cluster; it does not outlive it.
        members: What DescribeDBClusterEndpoints returns.
        tags: Its tags.
    """

    cluster: DBCluster
    members: dict[str, Any]
    tags: dict[str, str] = field(default_factory=dict[str, str])


@patch_operations(
    "rds:CreateDBClusterEndpoint",
    moto_behaviour="not implemented",
    aws="DBClusterEndpointAlreadyExistsFault for a name that is in use in the region; "
    "DBInstanceNotFound for a member that is not an instance of the cluster; "
    "InvalidParameterCombination for two lists; DBClusterEndpointQuotaExceededFault for a sixth "
    "endpoint. Here it is available at once, and leads to the cluster's one server",
    source=_SOURCE,
    test=f"{_TEST}::test_an_endpoint_that_aws_does_not_accept_is_rejected",
)
def create_custom_endpoint(call: Call, proceed: Proceed) -> Answer:
    """Validate the endpoint, and store it."""
    del proceed
    sent, cluster = call.params, existing_cluster(call)
    name: str = sent["DBClusterEndpointIdentifier"].lower()
    identifiers.check("DBClusterEndpointIdentifier", name, longest=63)
    stored = endpoints_of(call.rds)
    if name in stored:
        reject("DBClusterEndpointAlreadyExistsFault", f"DB cluster endpoint {name} already exists")
    if sum(each.cluster is cluster for each in stored.values()) >= MAX_ENDPOINTS:
        message = f"Cluster {cluster.db_cluster_identifier} has {MAX_ENDPOINTS} custom endpoints"
        reject("DBClusterEndpointQuotaExceededFault", message)
    _check(cluster, sent)
    servers = databases.current()
    address = servers.address(cluster.db_cluster_identifier) if servers else None
    prefix = f"arn:{call.partition}:rds:{call.region}:{call.account_id}"
    suffix = str(cluster.resource_id).removeprefix("cluster-").lower()[:12]
    endpoint = CustomEndpoint(
        cluster,
        {
            "DBClusterEndpointIdentifier": name,
            "DBClusterIdentifier": cluster.db_cluster_identifier,
            "DBClusterEndpointResourceIdentifier": f"cluster-endpoint-{name.upper()}",
            "DBClusterEndpointArn": f"{prefix}:cluster-endpoint:{name}",
            "Endpoint": address
            or f"{name}.cluster-custom-{suffix}.{call.region}.rds.amazonaws.com",
            "Status": "available",
            "EndpointType": "CUSTOM",
            "CustomEndpointType": sent["EndpointType"],
            **{member: list(sent.get(member, ())) for member in _LISTS},
        },
        {tag["Key"]: tag["Value"] for tag in sent.get("Tags", ())},
    )
    stored[name] = endpoint
    return answer(endpoint.members)


@patch_operations(
    "rds:ModifyDBClusterEndpoint",
    moto_behaviour="not implemented",
    aws="changes the type, and replaces the lists that are sent",
    source="RDS API reference, ModifyDBClusterEndpoint",
    test=f"{_TEST}::test_a_list_of_members_becomes_the_other_list",
)
def modify_custom_endpoint(call: Call, proceed: Proceed) -> Answer:
    """Set the members that were sent."""
    del proceed
    endpoint = _endpoint_of(call)
    changes = {name: list(call.params[name]) for name in _LISTS if name in call.params}
    kind = call.params.get("EndpointType", endpoint.members["CustomEndpointType"])
    _check(endpoint.cluster, {**endpoint.members, **changes, "EndpointType": kind})
    endpoint.members |= {**changes, "CustomEndpointType": kind}
    return answer(endpoint.members)


@patch_operations(
    "rds:DeleteDBClusterEndpoint",
    moto_behaviour="not implemented",
    aws="deletes the endpoint; DBClusterEndpointNotFoundFault",
    source="RDS API reference, DeleteDBClusterEndpoint",
    test=f"{_TEST}::test_a_deleted_endpoint_is_gone",
)
def delete_custom_endpoint(call: Call, proceed: Proceed) -> Answer:
    """Remove the endpoint."""
    del proceed
    endpoint = _endpoint_of(call)
    del endpoints_of(call.rds)[endpoint.members["DBClusterEndpointIdentifier"]]
    return answer({**endpoint.members, "Status": "deleting"})


@patch_operations(
    "rds:DescribeDBClusterEndpoints",
    moto_behaviour="not implemented",
    aws="returns the writer and the reader endpoint of a cluster, and its custom endpoints",
    source="RDS API reference, DescribeDBClusterEndpoints",
    test=f"{_TEST}::test_the_endpoints_of_a_cluster_are_described",
)
def describe_cluster_endpoints(call: Call, proceed: Proceed) -> Answer:
    """Return the endpoints of one cluster or of all, or those of one name."""
    del proceed
    name = call.params.get("DBClusterEndpointIdentifier")
    wanted = (
        [existing_cluster(call)] if "DBClusterIdentifier" in call.params else _clusters(call.rds)
    )
    found: list[dict[str, Any]] = []
    for cluster in wanted:
        found += () if name else _built_in(cluster)
        found += (
            endpoint.members
            for identifier, endpoint in endpoints_of(call.rds).items()
            if endpoint.cluster is cluster and name in (None, identifier)
        )
    filters = {each["Name"]: each["Values"] for each in call.params.get("Filters", ())}
    kinds = [kind.upper() for kind in filters.get("db-cluster-endpoint-type", ())]
    return answer(
        {"DBClusterEndpoints": [x for x in found if not kinds or x["EndpointType"] in kinds]}
    )


@patch_operations(
    "rds:AddTagsToResource",
    "rds:ListTagsForResource",
    "rds:RemoveTagsFromResource",
    moto_behaviour="the ARN of a custom endpoint is unknown",
    aws="custom endpoints have tags",
    source="RDS user guide, Tagging Amazon RDS resources",
    test=f"{_TEST}::test_the_tags_of_an_endpoint_are_changed",
)
def tag_custom_endpoints(call: Call, proceed: Proceed) -> Answer:
    """Read or change the tags of a custom endpoint; leave the rest to moto."""
    _, _, name = call.params["ResourceName"].partition(":cluster-endpoint:")
    endpoint = endpoints_of(call.rds).get(name)
    if endpoint is None:
        return proceed()
    for tag in call.params.get("Tags", ()):
        endpoint.tags[tag["Key"]] = tag["Value"]
    for key in call.params.get("TagKeys", ()):
        endpoint.tags.pop(key, None)
    if not call.operation.startswith("List"):
        return answer()
    return answer({"TagList": [{"Key": k, "Value": v} for k, v in endpoint.tags.items()]})


def endpoints_of(backend: RDSBackend) -> dict[str, CustomEndpoint]:
    """Return the custom endpoints by identifier, without those of deleted clusters."""
    stored: dict[str, CustomEndpoint] = backend.__dict__.setdefault(_ATTRIBUTE, {})
    existing = list(_clusters(backend))
    for name, endpoint in list(stored.items()):
        if not any(endpoint.cluster is cluster for cluster in existing):
            del stored[name]
    return stored


def _clusters(backend: RDSBackend) -> Iterable[DBCluster]:
    return backend.clusters.values()


def _built_in(cluster: DBCluster) -> Iterator[dict[str, Any]]:
    for kind, address in (("WRITER", cluster.endpoint), ("READER", cluster.reader_endpoint)):
        yield {
            "DBClusterIdentifier": cluster.db_cluster_identifier,
            "Endpoint": address,
            "Status": "available",
            "EndpointType": kind,
        }


def _check(cluster: DBCluster, sent: dict[str, Any]) -> None:
    if sent["EndpointType"] not in TYPES:
        reject_value(f"Endpoint type {sent['EndpointType']} is not supported by the cluster")
    if all(sent.get(member) for member in _LISTS):
        reject_combination("StaticMembers and ExcludedMembers cannot both be specified")
    existing = {each.db_instance_identifier for each in cluster.members}
    for member in _LISTS:
        for name in sent.get(member, ()):
            if name not in existing:
                reject("DBInstanceNotFound", f"DBInstance {name} not found.")


def _endpoint_of(call: Call) -> CustomEndpoint:
    name = call.params["DBClusterEndpointIdentifier"].lower()
    stored = endpoints_of(call.rds)
    if name not in stored:
        reject("DBClusterEndpointNotFoundFault", f"DB cluster endpoint {name} not found")
    return stored[name]
