from collections.abc import Callable
from typing import Any

import pytest

from emulator.aws.patches.awslambda.concurrency import QUOTA_VARIABLE
from emulator.testing.requests import create_function
from emulator.tests.aws.requests import Rejection, rejection

pytestmark = pytest.mark.emulator

CODE = "def handle(event, context):\n    pass\n"


def _below(minimum: int) -> Rejection:
    return Rejection(
        "InvalidParameterValueException",
        "Specified ReservedConcurrentExecutions for function decreases account's "
        f"UnreservedConcurrentExecution below its minimum value of [{minimum}].",
    )


def _reserved(functions: Any, name: str) -> int | None:
    found = functions.get_function(FunctionName=name).get("Concurrency", {})
    return found.get("ReservedConcurrentExecutions")


def test_a_new_account_cannot_reserve_any_concurrency(
    client: Callable[[str], Any], functions: Any, name: str
) -> None:
    create_function(client, name, CODE)
    answered = rejection(
        functions.put_function_concurrency, FunctionName=name, ReservedConcurrentExecutions=1
    )
    assert answered == _below(10)
    assert functions.get_function(FunctionName=name)["Configuration"]["FunctionName"] == name
    assert _reserved(functions, name) is None


def test_a_quota_of_a_thousand_leaves_a_hundred_unreserved(
    client: Callable[[str], Any], functions: Any, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(QUOTA_VARIABLE, "1000")
    reserve = functions.put_function_concurrency
    for number, executions in ((1, 600), (2, 300)):
        create_function(client, f"{name}-{number}", CODE)
        reserve(FunctionName=f"{name}-{number}", ReservedConcurrentExecutions=executions)
    answered = rejection(reserve, FunctionName=f"{name}-2", ReservedConcurrentExecutions=301)
    assert answered == _below(100)
    assert _reserved(functions, f"{name}-2") == 300
    for number in (1, 2):
        functions.delete_function_concurrency(FunctionName=f"{name}-{number}")
