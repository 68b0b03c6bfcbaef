"""Outputs are a contract: the page, dev and prod agree on names and types."""

from typing import Any

import pytest

from package.schema import TOKEN, schema
from tools.testing.programs import run_program

OUTPUTS: dict[str, Any] = schema()["resources"][TOKEN]["properties"]
REQUIRED: list[str] = schema()["resources"][TOKEN]["required"]
KINDS: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "integer": (int, float),
    "object": dict,
}


def is_secret(value: Any) -> bool:
    return isinstance(value, dict) and "4dabf18193072939515e22adb298388d" in value


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_a_stack_exports_exactly_the_documented_outputs(stack: str) -> None:
    assert run_program(stack).exports.keys() == OUTPUTS.keys()


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_an_output_has_its_documented_type(stack: str) -> None:
    def has_its_type(name: str, value: Any) -> bool:
        if value is None:
            return name not in REQUIRED
        return isinstance(value, KINDS[OUTPUTS[name].get("type", "object")])

    exports = run_program(stack).exports
    assert {name: exports[name] for name in OUTPUTS if not has_its_type(name, exports[name])} == {}


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_no_output_is_secret(stack: str) -> None:
    exports = run_program(stack).exports
    assert [name for name, value in exports.items() if is_secret(value)] == []


@pytest.mark.parametrize("partition", ["aws-us-gov", "aws-cn"])
def test_what_the_platform_computes_names_the_partition(partition: str) -> None:
    answers = {"aws:index/getPartition:getPartition": {"partition": partition}}
    exports = run_program("dev", answers=answers).exports
    assert "arn:aws:" not in str(exports["declaredState"])
    url = exports["dashboardUrl"]
    assert url is None or partition == "aws-cn" or "amazonaws-us-gov.com" in url
