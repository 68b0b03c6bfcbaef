"""Inputs and options of the cluster."""

from typing import Any

import pytest

from tools.testing.programs import run_program

UPGRADE: dict[str, Any] = {"allowEngineUpgrade": True, "engineVersion": "18.4"}


def test_an_allowed_upgrade_compares_the_engine_version() -> None:
    recording = run_program("prod", **UPGRADE)
    assert recording.options["aurora-cluster"].ignore_changes == [
        *("masterPassword", "snapshotIdentifier", "restoreToPointInTime", "engineLifecycleSupport")
    ]
    assert recording.only(":Cluster").inputs["allowMajorVersionUpgrade"] is True


@pytest.mark.parametrize(
    ("changes", "at_once"),
    [({}, False), (UPGRADE, True)],
)
def test_an_upgrade_does_not_wait_for_the_maintenance_window(
    changes: dict[str, Any], at_once: bool
) -> None:
    """Otherwise the deletion of the old parameter group, which is in use, would fail."""
    cluster = run_program("prod", **changes).only(":Cluster").inputs
    assert cluster["applyImmediately"] is at_once


@pytest.mark.parametrize("storage", ["aurora", "aurora-iopt1"])
def test_the_storage_type_is_always_sent(storage: str) -> None:
    """The provider treats an unset one as no change, so `aurora` would not end I/O-Optimized."""
    cluster = run_program("prod", storageType=storage).only(":Cluster").inputs
    assert cluster["storageType"] == storage


def test_log_groups_exist_before_the_cluster_writes_to_them() -> None:
    recording = run_program("dev")
    assert sorted(recording.depends_on("aurora-cluster")) == [
        "aurora-log-iam-db-auth-error",
        "aurora-log-postgresql",
    ]


@pytest.mark.parametrize("enabled", [True, False])
def test_the_cluster_and_every_instance_have_the_setting_of_minor_upgrades(enabled: bool) -> None:
    recording = run_program("prod", autoMinorVersionUpgrade=enabled)
    databases = (recording.only(":Cluster"), *recording.of_type(":ClusterInstance"))
    assert [each.inputs["autoMinorVersionUpgrade"] for each in databases] == [enabled] * 3
