"""Lambda invocations through their lifecycle, as with the official provider."""

import hashlib
import json
from collections.abc import Callable
from typing import Any

import pytest

from emulator.provider.protocol.lifecycle import check, preview_outputs
from emulator.provider.protocol.properties import UNKNOWN
from emulator.provider.resources.invocations import Invocation
from emulator.testing.requests import create_function
from emulator.tests.provider.engine import AbortedError, Engine

pytestmark = pytest.mark.emulator

INVOCATION = "aws:lambda/invocation:Invocation"

ECHO = """
import pathlib
def handle(event, context):
    with pathlib.Path({log!r}).open("a") as log:
        log.write("called ")
    return event
"""


@pytest.fixture
def calls(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], int]:
    """Return a counter of the calls of `echo`."""
    log = tmp_path_factory.getbasetemp() / "calls"
    log.write_text("")
    return lambda: len(log.read_text().split())


@pytest.fixture
def echo(
    client: Callable[[str], Any],
    name: str,
    calls: Callable[[], int],
    tmp_path_factory: pytest.TempPathFactory,
) -> str:
    """Deploy a function that returns its event."""
    log = str(tmp_path_factory.getbasetemp() / "calls")
    create_function(client, name, ECHO.format(log=log))
    return name


def test_the_result_is_the_handlers_as_json_text(engine: Engine, echo: str) -> None:
    text = '{"b": 1, "a": null}'
    made = engine.create(INVOCATION, functionName=echo, input=text)
    assert made.state["result"] == text
    digest = hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
    assert made.resource_id == f"{echo},$LATEST,{digest}"
    assert list(engine.diff(made, functionName=echo, input=text).diffs) == []


@pytest.mark.parametrize(
    ("change", "replaces"),
    [
        ({"input": "2"}, ["input"]),
        ({"triggers": {"code": "2"}}, ["triggers"]),
        ({"qualifier": "1"}, ["qualifier"]),
        ({"terraformKey": "pulumi"}, []),
        ({"lifecycleScope": "CRUD", "input": "{}"}, []),
    ],
)
def test_with_create_only_another_input_or_trigger_replaces(
    engine: Engine, echo: str, change: dict[str, Any], replaces: list[str]
) -> None:
    inputs: dict[str, Any] = {"functionName": echo, "input": "1", "triggers": {"code": "1"}}
    made = engine.create(INVOCATION, **inputs)
    found = engine.diff(made, **{**inputs, **change})
    assert sorted(found.diffs) == sorted(change)
    assert list(found.replaces) == replaces
    assert not found.deleteBeforeReplace


def test_with_create_only_a_refresh_and_a_deletion_invoke_nothing(
    engine: Engine, echo: str, calls: Callable[[], int]
) -> None:
    made = engine.create(INVOCATION, functionName=echo, input="[]")
    read = engine.read(made)
    assert read is not None
    assert read.state == made.state
    engine.delete(made)
    assert calls() == 1


def test_with_crud_the_function_gets_action_and_previous_input(
    engine: Engine, client: Callable[[str], Any], name: str, echo: str, calls: Callable[[], int]
) -> None:
    inputs = {"functionName": echo, "lifecycleScope": "CRUD"}
    made = engine.create(INVOCATION, **inputs, input='{"size": 1, "name": "<a>"}')
    assert made.state["result"] == (
        '{"name": "<a>", "size": 1, "tf": {"action": "create", "prev_input": null}}'
    )
    sent = '{"name":"\\u003ca\\u003e","size":1,"tf":{"action":"create","prev_input":null}}'
    digest = hashlib.md5(sent.encode(), usedforsecurity=False).hexdigest()
    assert made.resource_id == f"{echo},$LATEST,{digest}"
    changed = engine.diff(made, **inputs, input='{"size": 2}')
    assert (list(changed.diffs), list(changed.replaces)) == (["input"], [])
    updated = engine.update(made, **inputs, input='{"size": 2}')
    assert json.loads(updated.state["result"]) == {
        "size": 2,
        "tf": {"action": "update", "prev_input": {"size": 1, "name": "<a>"}},
    }
    engine.delete(updated)
    assert calls() == 3


def test_with_crud_the_preview_of_another_input_does_not_know_the_result() -> None:
    state = {"result": "1", "input": "{}"}
    kind = Invocation()
    assert preview_outputs(kind, {}, state, frozenset({"input"}))["result"] is UNKNOWN
    assert preview_outputs(kind, {}, state, frozenset({"terraformKey"}))["result"] == "1"


def test_a_failing_function_fails_the_creation_with_its_payload(
    engine: Engine, client: Callable[[str], Any], name: str
) -> None:
    create_function(client, name, "def handle(event, context):\n    raise ValueError('no role')\n")
    with pytest.raises(AbortedError) as caught:
        engine.create(INVOCATION, functionName=name, input="{}")
    start, _, payload = str(caught.value).partition(": ")
    assert start == f"invoking Lambda Function ({name})"
    document = json.loads(payload)
    assert (document["errorType"], document["errorMessage"]) == ("ValueError", "no role")


def test_a_missing_function_fails_the_creation(engine: Engine) -> None:
    with pytest.raises(AbortedError) as caught:
        engine.create(INVOCATION, functionName="missing", input="{}")
    assert str(caught.value) == (
        "invoking Lambda Function (missing): ResourceNotFoundException: Function not found: "
        "arn:aws:lambda:us-east-2:123456789012:function:missing:$LATEST"
    )


@pytest.mark.parametrize(
    ("inputs", "failure"),
    [
        (
            {"input": "{"},
            (
                "input",
                '"input" contains an invalid JSON: Expecting property name enclosed in double '
                "quotes: line 1 column 2 (char 1)",
            ),
        ),
        (
            {"input": "[]", "lifecycleScope": "CRUD"},
            (
                "input",
                'lifecycle_scope other than "CREATE_ONLY" requires input to be a JSON object',
            ),
        ),
        (
            {"input": "{}", "lifecycleScope": "ALWAYS"},
            (
                "lifecycleScope",
                'expected lifecycle_scope to be one of ["CREATE_ONLY" "CRUD"], got ALWAYS',
            ),
        ),
        ({"input": UNKNOWN, "lifecycleScope": "CRUD"}, None),
    ],
)
def test_an_invalid_input_is_rejected_before_the_deployment(
    inputs: dict[str, Any], failure: tuple[str, str] | None
) -> None:
    _, failures = check(Invocation(), "tested", {"functionName": "f", **inputs}, {}, b"")
    assert failures == ([] if failure is None else [failure])
