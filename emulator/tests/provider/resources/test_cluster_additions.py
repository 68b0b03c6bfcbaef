"""Associated roles and custom endpoints of a cluster, as with the official provider."""

from collections.abc import Callable
from typing import Any

import pytest

from emulator.testing.requests import create_role, instance_request, serverless_cluster_request
from emulator.tests.provider.engine import AbortedError, Engine

pytestmark = pytest.mark.emulator

Client = Callable[[str], Any]
ASSOCIATION = "aws:rds/clusterRoleAssociation:ClusterRoleAssociation"
ENDPOINT = "aws:rds/clusterEndpoint:ClusterEndpoint"


@pytest.fixture
def cluster(client: Client, name: str) -> str:
    rds = client("rds")
    rds.create_db_cluster(**serverless_cluster_request(name))
    for number in (1, 2):
        rds.create_db_instance(**instance_request(f"{name}-{number}", name))
    return name


def test_a_role_is_associated_read_and_removed(
    engine: Engine, client: Client, cluster: str
) -> None:
    role = create_role(client("iam"), f"{cluster}-s3", "rds.amazonaws.com")
    inputs = {"dbClusterIdentifier": cluster, "featureName": "s3Import", "roleArn": role}
    association = engine.create(ASSOCIATION, **inputs)
    assert association.resource_id == f"{cluster},{role}"
    found = engine.read(association)
    assert found is not None
    assert list(engine.diff(found, **inputs).diffs) == []
    second = {**inputs, "featureName": "s3Export"}
    assert list(engine.diff(found, **second).replaces) == ["featureName"]
    with pytest.raises(AbortedError, match="DBClusterRoleAlreadyExists"):
        engine.create(ASSOCIATION, **second)
    engine.delete(association)
    assert engine.read(association) is None
    engine.delete(association)


def test_an_endpoint_is_changed_in_place(engine: Engine, client: Client, cluster: str) -> None:
    inputs: dict[str, Any] = {
        "clusterEndpointIdentifier": f"{cluster}-reports",
        "clusterIdentifier": cluster,
        "customEndpointType": "READER",
        "staticMembers": [f"{cluster}-2"],
        "tags": {"Environment": "test"},
    }
    endpoint = engine.create(ENDPOINT, **inputs)
    found = engine.read(endpoint)
    assert found is not None
    assert (found.resource_id, found.state["tags"]) == (f"{cluster}-reports", inputs["tags"])
    assert list(engine.diff(found, **inputs).diffs) == []
    del inputs["staticMembers"]
    inputs |= {"customEndpointType": "ANY", "excludedMembers": [f"{cluster}-1"]}
    assert engine.diff(found, **inputs).replaces == []
    engine.update(found, **inputs)
    (stored,) = client("rds").describe_db_cluster_endpoints(
        DBClusterEndpointIdentifier=f"{cluster}-reports"
    )["DBClusterEndpoints"]
    assert (stored["StaticMembers"], stored["ExcludedMembers"]) == ([], [f"{cluster}-1"])
    engine.delete(endpoint)
    assert engine.read(endpoint) is None
