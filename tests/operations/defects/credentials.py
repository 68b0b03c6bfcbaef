"""Defects of the key and of the master user's secret."""

import json

from tests.operations.defects.deployed import CONNECTING, SHARED_KEY, Defect, Deployed


def delete_secret(deployed: Deployed) -> None:
    deployed.client("secretsmanager").delete_secret(SecretId=deployed.secret)


def restore_secret(deployed: Deployed) -> None:
    deployed.client("secretsmanager").restore_secret(SecretId=deployed.secret)


def _unfinished(deployed: Deployed) -> None:
    secrets = deployed.client("secretsmanager")
    value = secrets.get_secret_value(SecretId=deployed.secret)["SecretString"]
    secrets.put_secret_value(
        SecretId=deployed.secret,
        SecretString=json.dumps({**json.loads(value), "password": "never-set-in-the-database"}),
        VersionStages=["AWSPENDING"],
    )


def _pending_gone(deployed: Deployed) -> None:
    deployed.move("AWSPENDING", None, deployed.stages()["AWSPENDING"])


def _wrong_content(deployed: Deployed) -> None:
    secrets = deployed.client("secretsmanager")
    deployed.found["stages"] = deployed.stages()
    value = secrets.get_secret_value(SecretId=deployed.secret)["SecretString"]
    secrets.put_secret_value(
        SecretId=deployed.secret,
        SecretString=json.dumps({**json.loads(value), "dbname": "another"}),
        VersionStages=["AWSCURRENT"],
    )


def _stages_back(deployed: Deployed) -> None:
    before, now = deployed.found["stages"], deployed.stages()
    deployed.move("AWSCURRENT", before["AWSCURRENT"], now["AWSCURRENT"])
    now = deployed.stages()
    if now["AWSPREVIOUS"] != before["AWSPREVIOUS"]:
        deployed.move("AWSPREVIOUS", before["AWSPREVIOUS"], now["AWSPREVIOUS"])


def _label_back(deployed: Deployed) -> None:
    deployed.found["stages"] = stages = deployed.stages()
    deployed.move("AWSCURRENT", stages["AWSPREVIOUS"], stages["AWSCURRENT"])


def _unpin(deployed: Deployed) -> None:
    deployed.found["pinned"] = deployed.stages()["PULUMI_INITIAL"]
    deployed.move("PULUMI_INITIAL", None, deployed.found["pinned"])


def _old_password(deployed: Deployed) -> None:
    """Give the master user, in the database, the password of the previous version as well."""
    secrets = deployed.client("secretsmanager")
    stages = deployed.found["stages"] = deployed.stages()
    current = json.loads(secrets.get_secret_value(SecretId=deployed.secret)["SecretString"])
    previous = json.loads(
        secrets.get_secret_value(SecretId=deployed.secret, VersionStage="AWSPREVIOUS")[
            "SecretString"
        ]
    )
    assert stages["AWSPREVIOUS"] != stages["AWSCURRENT"]
    deployed.modify(MasterUserPassword=previous["password"])
    deployed.found["password"] = current["password"]


NEED_A_LOGIN = frozenset(
    {"parameters-in-force", "parameters-pending", "master-without-iam", "users-declared"}
)
"""Checks that ask the database, which only the current password opens."""


DEFECTS = (
    Defect(
        "rotation of the key is disabled",
        {"key-rotation": "off"},
        lambda d: d.client("kms").disable_key_rotation(KeyId=d.outputs["kmsKeyArn"]),
        lambda d: d.client("kms").enable_key_rotation(KeyId=d.outputs["kmsKeyArn"]),
    ),
    Defect(
        "the key is disabled",
        {"key-enabled": "Disabled"},
        lambda d: d.client("kms").disable_key(KeyId=d.outputs["kmsKeyArn"]),
        lambda d: d.client("kms").enable_key(KeyId=d.outputs["kmsKeyArn"]),
    ),
    Defect(
        "the secret is scheduled for deletion",
        {"secret-present": "scheduled for deletion"},
        delete_secret,
        restore_secret,
        unknown=CONNECTING | {"secret-format"},
    ),
    Defect(
        "rotation is disabled",
        {"secret-rotation": "rotation disabled"},
        lambda d: d.client("secretsmanager").cancel_rotate_secret(SecretId=d.secret),
        lambda d: d.client("secretsmanager").rotate_secret(
            SecretId=d.secret,
            RotateImmediately=False,
            RotationRules={"ScheduleExpression": "rate(30 days)", "Duration": "3h"},
        ),
    ),
    Defect(
        "a rotation is unfinished",
        {"secret-labels": "an unfinished rotation to"},
        _unfinished,
        _pending_gone,
    ),
    Defect(
        "the first version is no longer pinned",
        {"secret-first-version": "none"},
        _unpin,
        lambda d: d.move("PULUMI_INITIAL", d.found["pinned"], None),
    ),
    Defect(
        "the secret has another key",
        {"secret-encrypted": SHARED_KEY},
        lambda d: d.client("secretsmanager").update_secret(SecretId=d.secret, KmsKeyId=SHARED_KEY),
        lambda d: d.client("secretsmanager").update_secret(
            SecretId=d.secret, KmsKeyId=d.outputs["kmsKeyArn"]
        ),
    ),
    Defect(
        "the secret's content is edited",
        {"secret-format": "dbname=another"},
        _wrong_content,
        _stages_back,
    ),
    Defect(
        "the label is moved back",
        {"login-current": "refused: password authentication failed"},
        _label_back,
        _stages_back,
        unknown=NEED_A_LOGIN,
    ),
    Defect(
        "the password is set back in the database",
        {"login-current": "refused: password authentication failed"},
        _old_password,
        lambda d: d.modify(MasterUserPassword=d.found["password"]),
        unknown=NEED_A_LOGIN,
    ),
    Defect(
        "the trail stops logging",
        {},
        lambda d: d.client("cloudtrail").stop_logging(Name="landing-zone-trail"),
        lambda d: d.client("cloudtrail").start_logging(Name="landing-zone-trail"),
        warns={"rotation-trail": "landing-zone-trail off"},
    ),
)
