import time
from typing import Any

import pytest

from emulator.aws.patches.secretsmanager.consistency import DELAY_VARIABLE
from emulator.tests.aws.requests import Rejection, rejection

pytestmark = pytest.mark.emulator

PENDING = {"VersionStage": "AWSPENDING"}


def _put(secrets: Any, name: str) -> None:
    secrets.create_secret(Name=name, SecretString="first")
    secrets.put_secret_value(SecretId=name, SecretString="second", VersionStages=["AWSPENDING"])


def test_a_new_pending_version_can_be_read_immediately_by_default(secrets: Any, name: str) -> None:
    _put(secrets, name)
    assert secrets.get_secret_value(SecretId=name, **PENDING)["SecretString"] == "second"


def test_a_new_pending_version_is_not_found_for_the_configured_time(
    secrets: Any, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(DELAY_VARIABLE, "1")
    _put(secrets, name)
    assert rejection(secrets.get_secret_value, SecretId=name, **PENDING) == Rejection(
        "ResourceNotFoundException",
        "Secrets Manager can't find the specified secret value for staging label: AWSPENDING",
    )
    stages = secrets.describe_secret(SecretId=name)["VersionIdsToStages"].values()
    assert ["AWSPENDING"] in stages
    assert secrets.get_secret_value(SecretId=name)["SecretString"] == "first"
    time.sleep(1.1)
    assert secrets.get_secret_value(SecretId=name, **PENDING)["SecretString"] == "second"
