"""Judgements on the engine version and the instances."""

import pytest

from operations.checks.judgements import infrastructure
from tests.operations.checks.judgements.examples import outputs


@pytest.mark.parametrize(
    ("declared", "running", "automatic", "passed"),
    [
        ("17.4", "17.4", True, True),
        ("17.4", "17.10", True, True),
        ("17.10", "17.9", True, False),
        ("17.4", "18.1", True, False),
        ("17.4", "17.5", False, False),
        ("17.4", "17.4", False, True),
    ],
)
def test_aws_may_apply_later_minor_versions_only_if_that_is_declared(
    declared: str, running: str, automatic: bool, passed: bool
) -> None:
    judged = infrastructure.engine_version(
        outputs(engineVersion=declared, autoMinorVersionUpgrade=automatic),
        {"EngineVersion": running},
    )
    assert (judged.passed, judged.found) == (passed, running)


@pytest.mark.parametrize(
    ("declared", "cluster", "instances", "passed"),
    [
        (True, True, [True, True], True),
        (True, False, [True, True], False),
        (True, True, [True, False], False),
        (False, False, [False, False], True),
        (False, True, [False, False], False),
    ],
)
def test_minor_upgrades_are_declared_for_the_cluster_and_all_instances(
    declared: bool, cluster: bool, instances: list[bool], passed: bool
) -> None:
    judged = infrastructure.automatic_minor_upgrades(
        outputs(autoMinorVersionUpgrade=declared),
        {"AutoMinorVersionUpgrade": cluster},
        [
            {"DBInstanceIdentifier": str(number), "AutoMinorVersionUpgrade": enabled}
            for number, enabled in enumerate(instances)
        ],
    )
    assert judged.passed is passed


@pytest.mark.parametrize(
    ("zones", "passed"),
    [
        (["a", "b"], True),
        (["a", "a"], False),
        (["a", "b", "c", "c"], True),
        (["a", "elsewhere"], False),
    ],
)
def test_instances_use_as_many_declared_zones_as_there_are(zones: list[str], passed: bool) -> None:
    instances = [
        {"DBInstanceIdentifier": str(number), "AvailabilityZone": zone}
        for number, zone in enumerate(zones)
    ]
    judged = infrastructure.instances_zones(outputs(availabilityZones=["a", "b", "c"]), instances)
    assert judged.passed is passed
