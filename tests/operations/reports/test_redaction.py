"""Redaction of reports."""

import pytest

from operations.reports.ticket.redaction import redact, redacted


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("ALTER ROLE a PASSWORD 'it''s'", "ALTER ROLE a PASSWORD [redacted]"),
        ("postgresql://app:hidden@host/db", "postgresql://app:[redacted]@host/db"),
        ("SCRAM-SHA-256$4096:c2FsdA==$a:b", "[redacted]"),
        ("x-amz-signature=abc&next=1", 'x-amz-signature="[redacted]"&next=1'),
        ('{"password": "hidden"}', '{"password": "[redacted]"}'),
        ("known is Hidden-1 here", "known is [redacted] here"),
    ],
)
def test_secrets_are_removed(text: str, shown: str) -> None:
    assert redact(text, ["Hidden-1"]) == shown


@pytest.mark.parametrize(
    "text",
    [
        "password_encryption=scram-sha-256",
        "arn:aws:secretsmanager:us-east-2:1:secret:/dev/rds/aurora/master-password-abc",
        'password authentication failed for user "app"',
    ],
)
def test_what_is_not_secret_stays(text: str) -> None:
    assert redact(text) == text


def test_every_text_of_a_value_is_redacted() -> None:
    assert redacted({"a": ["x Hidden-1", 1], "b": {"c": None}}, ["Hidden-1"]) == {
        "a": ["x [redacted]", 1],
        "b": {"c": None},
    }
