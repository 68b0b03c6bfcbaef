"""How a platform protects its data and its password."""

import json

from components.aurora_data_platform.credentials.secret import INITIAL_VERSION_STAGE
from tests.components.aurora_data_platform.platforms import USERS, platform
from tools.testing.programs import run_program
from tools.testing.recorder import PASSWORD, revealed


def test_the_password_is_secret_in_every_resource() -> None:
    recording = run_program("dev")
    assert revealed(recording.only(":Cluster").inputs["masterPassword"]) == PASSWORD
    assert json.loads(revealed(recording.only(":SecretVersion").inputs["secretString"])) == {
        "engine": "postgres",
        "host": "writer.example",
        "port": 5432,
        "username": "aurora_master",
        "password": PASSWORD,
        "dbname": "trialfinder",
        "dbClusterIdentifier": "dev-aurora-cluster-ue2",
    }


def test_pulumi_ignores_what_rotations_and_upgrades_change() -> None:
    recording = run_program("prod")
    assert recording.options["aurora-secret-version"].ignore_changes == [
        "secretString",
        "versionStages",
    ]
    assert recording.only(":SecretVersion").inputs["versionStages"] == [
        "AWSCURRENT",
        INITIAL_VERSION_STAGE,
    ]
    assert recording.options["aurora-cluster"].ignore_changes == [
        *("masterPassword", "snapshotIdentifier", "restoreToPointInTime"),
        *("engineLifecycleSupport", "engineVersion"),
    ]


def test_prod_protects_everything_that_stores_or_serves_data() -> None:
    recording = run_program("prod")
    protected = {name for name, options in recording.options.items() if options.protect}
    assert protected == {
        *("aurora-cluster", "aurora-instance-1", "aurora-instance-2"),
        *("aurora-key", "aurora-password", "aurora-secret", "aurora-secret-version"),
        *("aurora-log-postgresql", "aurora-log-iam-db-auth-error"),
    }


def test_the_key_outlives_the_stack_because_manual_snapshots_may_need_it() -> None:
    without_backups = platform(skip_final_snapshot=True, delete_automated_backups=True)
    assert without_backups.options["p-key"].retain_on_delete is True


def test_resources_with_data_are_never_deleted_before_their_replacement_exists() -> None:
    """The provider deletes named resources before replacing them, unless an option overrides it."""
    recording = run_program("prod", users=USERS)
    explicit = {
        name
        for name, options in recording.options.items()
        if options.delete_before_replace is False
    }
    kinds = (":Cluster", ":ClusterInstance", ":ClusterParameterGroup", ":Key", ":Secret")
    holders = {each.name for kind in kinds for each in recording.of_type(kind)}
    logs = {f"aurora-log-{log}" for log in ("postgresql", "iam-db-auth-error")}
    assert holders | logs <= explicit


def test_dev_can_be_destroyed() -> None:
    recording = run_program("dev")
    assert not any(options.protect for options in recording.options.values())
    cluster = recording.only(":Cluster").inputs
    assert cluster["deletionProtection"] is False
    assert cluster["skipFinalSnapshot"] is False
    assert cluster["finalSnapshotIdentifier"] == "dev-aurora-cluster-ue2-final-0badcafe"
