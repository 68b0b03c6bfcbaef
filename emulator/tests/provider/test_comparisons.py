"""Equality of values, as the official provider compares them."""

from collections.abc import Callable, Sequence
from typing import Any

from emulator.provider.protocol.comparisons import (
    never_differs,
    same_given_keys,
    same_json,
    same_json_values,
    same_key,
    same_members,
    same_text_any_case,
    same_trimmed,
    same_value,
    same_version,
)
from emulator.provider.resources.ec2.security_group_rules import same_protocol
from emulator.provider.resources.rds.groups import same_parameters

CASES: Sequence[tuple[Callable[[Any, Any], bool], Any, Any, bool]] = [
    (same_json_values, '{"a": 1, "b": [2, 3]}', '{"b":[2,3],"a":1}', True),
    (same_json_values, '{"widgets": [1, 2]}', '{"widgets": [2, 1]}', False),
    (same_json_values, '{"source": ["aws.rds"]}', '{"source": "aws.rds"}', False),
    (same_json, '{"Action": ["a", "b"]}', '{"Action": ["b", "a"]}', True),
    (same_json, '{"Action": ["a"]}', '{"Action": "a"}', True),
    (same_json_values, "x", "x", True),
    (same_json_values, "x", "y", False),
    (same_json_values, None, '{"a": 1}', False),
    (same_json, '{"Action": {"a": ["x"]}}', '{"Action": {"a": "x"}}', True),
    (same_json, '{"Action": ["a"]}', '{"Action": "b"}', False),
    (same_json, '{"Action": ["a", "b"]}', '{"Action": ["a", "c"]}', False),
    (same_json, '{"Action": []}', '{"Action": "a"}', False),
    (same_json, "x", "x", True),
    (same_json, None, '{"a": 1}', False),
    (same_value, [1, 2], [1, 2], True),
    (same_value, [1, 2], [2, 1], False),
    (same_members, [{"b": 1, "z": 0}, {"m": 0}], [{"z": 0, "b": 1}, {"m": 0}], True),
    (same_members, ["a", "a"], ["a"], False),
    (same_members, "ab", "ba", False),
    (same_text_any_case, "Ann", "aNN", True),
    (same_text_any_case, "Ann", "Anna", False),
    (same_given_keys, {"a": 1, "b": 2}, {"a": 1}, True),
    (same_given_keys, {"a": 1, "b": 2}, {"a": 1, "b": 3}, False),
    (same_given_keys, {"a": 1}, {"a": 1, "b": 2}, False),
    (same_given_keys, None, {"a": 1}, False),
    (same_version, "17.4", "17", True),
    (same_version, "17.4", "17.4", True),
    (same_version, "170.4", "17", False),
    (same_version, "17", "17.4", False),
    (same_key, "arn:aws:kms:us-east-2:123456789012:key/1-2", "1-2", True),
    (same_key, "arn:aws:kms:us-east-2:123456789012:key/1-2", "1-3", False),
    (never_differs, 1, 2, True),
    (same_trimmed, " deadlock ", "deadlock", True),
    (same_trimmed, "dead lock", "deadlock", False),
    (same_protocol, "tcp", "6", True),
    (same_protocol, "TCP", "tcp", True),
    (same_protocol, "-1", "all", True),
    (same_protocol, "tcp", "udp", False),
    (
        same_parameters,
        [{"name": "Work_Mem", "value": "4096"}, {"name": "b", "value": "1"}],
        [
            {"name": "b", "value": "1", "applyMethod": "Immediate"},
            {"name": "work_mem", "value": "4096", "applyMethod": "immediate"},
        ],
        True,
    ),
    (
        same_parameters,
        [{"name": "a", "value": "On"}],
        [{"name": "a", "value": "on"}],
        False,
    ),
    (
        same_parameters,
        [{"name": "a", "value": "1", "applyMethod": "pending-reboot"}],
        [{"name": "a", "value": "1"}],
        False,
    ),
]
"""Comparison, old value, new value and whether they are the same."""


def test_values_are_compared_as_the_official_provider_does() -> None:
    found = {str((compare, old, new)): compare(old, new) for compare, old, new, _ in CASES}
    assert found == {str((compare, old, new)): same for compare, old, new, same in CASES}
    assert len(found) == len(CASES)
