from typing import Any

import pytest

from emulator.testing.requests import instance_request, serverless_cluster_request
from emulator.tests.aws.requests import cluster_of, instance_of

pytestmark = pytest.mark.emulator


@pytest.fixture
def cluster(rds: Any, name: str) -> str:
    """Return a serverless cluster with two instances."""
    rds.create_db_cluster(**serverless_cluster_request(name))
    for number in (1, 2):
        rds.create_db_instance(**instance_request(f"{name}-{number}", name))
    return name


def settings(rds: Any, cluster: str) -> list[bool]:
    """Return the setting of the cluster, and of each of its two instances."""
    instances = [instance_of(rds, f"{cluster}-{number}") for number in (1, 2)]
    return [each["AutoMinorVersionUpgrade"] for each in (cluster_of(rds, cluster), *instances)]


def test_minor_upgrades_are_automatic_by_default(rds: Any, cluster: str) -> None:
    assert settings(rds, cluster) == [True, True, True]


def test_the_setting_of_a_cluster_applies_to_its_existing_and_new_instances(
    rds: Any, cluster: str
) -> None:
    rds.modify_db_cluster(DBClusterIdentifier=cluster, AutoMinorVersionUpgrade=False)
    assert settings(rds, cluster) == [False, False, False]
    rds.create_db_instance(**instance_request(f"{cluster}-3", cluster))
    assert instance_of(rds, f"{cluster}-3")["AutoMinorVersionUpgrade"] is False
    rds.modify_db_cluster(DBClusterIdentifier=cluster, AutoMinorVersionUpgrade=True)
    assert settings(rds, cluster) == [True, True, True]


def test_one_instance_turns_the_setting_of_its_cluster_off_and_all_turn_it_on(
    rds: Any, cluster: str
) -> None:
    first, second = f"{cluster}-1", f"{cluster}-2"
    rds.modify_db_instance(DBInstanceIdentifier=first, AutoMinorVersionUpgrade=False)
    assert settings(rds, cluster) == [False, False, True]
    rds.modify_db_cluster(DBClusterIdentifier=cluster, AutoMinorVersionUpgrade=False)
    rds.modify_db_instance(DBInstanceIdentifier=second, AutoMinorVersionUpgrade=True)
    assert settings(rds, cluster) == [False, False, True]
    rds.modify_db_instance(DBInstanceIdentifier=first, AutoMinorVersionUpgrade=True)
    assert settings(rds, cluster) == [True, True, True]
