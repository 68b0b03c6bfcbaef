"""The reported time since the last rotation."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from components.database_functions.errors import SecretsManagerError
from components.database_functions.rotation import age
from components.database_functions.secrets_manager import SecretsManager

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
CREATED = NOW - timedelta(days=100)


class Described:
    """A client that only describes a secret."""

    def __init__(self, error: ClientError | None = None, **members: Any) -> None:
        self._refusal = error
        self._members = {"CreatedDate": CREATED, **members}

    def describe_secret(self, *, SecretId: str) -> dict[str, Any]:  # noqa: N803 - boto3's names
        if self._refusal is not None:
            raise self._refusal
        return self._members


def reported(capsys: pytest.CaptureFixture[str], client: Any) -> dict[str, Any]:
    described: SecretsManager = client
    age.report_rotation_age(described, "arn:secret", NOW)
    return json.loads(capsys.readouterr().out)


def test_the_age_is_the_time_since_the_last_rotation(capsys: pytest.CaptureFixture[str]) -> None:
    # 31.20833... days
    client = Described(LastRotatedDate=NOW - timedelta(days=31, hours=5))
    assert reported(capsys, client) == {
        "event": "rotation_age",
        "secret": "arn:secret",
        "days": 31.208,
    }


def test_the_age_of_a_secret_that_was_never_rotated_is_the_time_since_its_creation(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert reported(capsys, Described())["days"] == 100.0


def test_an_error_of_secrets_manager_fails_the_invocation_so_that_an_alarm_counts_it() -> None:
    error = ClientError({"Error": {"Code": "AccessDeniedException"}}, "DescribeSecret")
    client: Any = Described(error=error)
    with pytest.raises(SecretsManagerError, match="AccessDeniedException"):
        age.report_rotation_age(client, "arn:secret", NOW)


@pytest.mark.parametrize(
    ("event", "requested"),
    [
        ({"Check": "RotationAge", "SecretId": "s"}, True),
        ({"Check": "Anything"}, False),
        ({"Step": "createSecret", "SecretId": "s", "ClientRequestToken": "t"}, False),
    ],
)
def test_only_an_age_check_requests_the_age(event: dict[str, str], *, requested: bool) -> None:
    assert age.is_age_check(event) == requested
