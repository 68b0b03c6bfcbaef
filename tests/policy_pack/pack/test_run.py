"""The state of a run: secret stack configuration."""

import pytest

from policy_pack.aurora_policies.pack.exemptions import Exemptions
from policy_pack.aurora_policies.pack.run import Run


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("hunter2", {"hunter2"}),
        ("", set[str]()),
        ('{"a": {"b": "one", "c": ["two", 3, ""]}}', {"one", "two"}),
        ('["one"]', {"one"}),
        ("{not json", set[str]()),
    ],
)
def test_every_text_of_a_secret_is_recorded(value: str, expected: set[str]) -> None:
    run = Run(Exemptions())
    run.record_configuration({"app:secret": value, "app:plain": "plain"}, ["app:secret"])
    assert run.configured_secrets == expected | ({value} - {""})


def test_a_new_configuration_replaces_the_secrets_of_the_previous_one() -> None:
    run = Run(Exemptions())
    run.record_configuration({"a": "one"}, ["a"])
    run.record_configuration({"a": "two"}, ["a"])
    assert run.configured_secrets == {"two"}
