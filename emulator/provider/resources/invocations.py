"""Lambda invocations: a function that runs with the lifecycle of a resource."""
# ruff: noqa: ARG002 - the signatures are ResourceType's

import hashlib
import json
from collections.abc import Mapping
from typing import Any, ClassVar

from emulator.provider.aws_connection import AwsConnection, AwsError
from emulator.provider.aws_resource import REGION, AwsResource
from emulator.provider.operations import Operations
from emulator.provider.protocol.errors import RejectedError
from emulator.provider.protocol.properties import Properties, is_object, is_unknown
from emulator.provider.protocol.resource_type import Created, Property

CREATE_ONLY, CRUD = "CREATE_ONLY", "CRUD"
LATEST = "$LATEST"
"""The qualifier of a function's unpublished version."""

_GO_ESCAPES = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"}
"""Characters that Go's encoding/json escapes."""


class Invocation(AwsResource):
    """An invocation; its id has function, qualifier and the MD5 digest of the payload.

    With CREATE_ONLY the function runs once per creation or replacement and gets `input` as it is.
    With CRUD it also runs for an update and a deletion, and gets the action and the previous input
    under the key `terraformKey`.
    """

    token = "aws:lambda/invocation:Invocation"  # noqa: S105 - a type's name
    service = "lambda"
    operations = Operations(identifier="", create="invoke")
    volatile: ClassVar[Mapping[str, tuple[str, ...]]] = {"input": ("result",)}
    inputs: ClassVar[Mapping[str, Property]] = {
        "functionName": Property(write_only=True, replaces=True, required=True),
        "input": Property(write_only=True, required=True),
        "lifecycleScope": Property(write_only=True, default=CREATE_ONLY),
        "qualifier": Property(write_only=True, replaces=True, default=LATEST),
        "terraformKey": Property(write_only=True, default="tf"),
        "triggers": Property(write_only=True, replaces=True),
        **REGION,
    }
    outputs: ClassVar[Mapping[str, str]] = {"result": ""}

    def failures(self, inputs: Properties) -> list[tuple[str, str]]:
        """Reject an input that is not JSON, or with CRUD not a JSON object, and other scopes."""
        scope, given = inputs.get("lifecycleScope"), inputs.get("input")
        if not is_unknown(scope) and scope not in (CREATE_ONLY, CRUD):
            allowed = f'["{CREATE_ONLY}" "{CRUD}"]'
            return [
                ("lifecycleScope", f"expected lifecycle_scope to be one of {allowed}, got {scope}")
            ]
        if given is None or is_unknown(given):
            return []
        try:
            document = json.loads(given)
        except ValueError as error:
            return [("input", f'"input" contains an invalid JSON: {error}')]
        if scope == CRUD and not is_object(document):
            reason = (
                f'lifecycle_scope other than "{CREATE_ONLY}" requires input to be a JSON object'
            )
            return [("input", reason)]
        return []

    def replaces_if(self, name: str, inputs: Properties) -> bool:
        """Replace for another input, unless the function handles updates."""
        return name == "input" and inputs.get("lifecycleScope") == CREATE_ONLY

    def create(self, session: AwsConnection, inputs: Properties) -> Created:
        """Invoke the function."""
        payload = _payload(inputs, "create", None)
        digest = hashlib.md5(payload.encode(), usedforsecurity=False).hexdigest()
        resource_id = f"{inputs['functionName']},{inputs['qualifier']},{digest}"
        return Created(resource_id, {"result": _invoke(session, inputs, payload)})

    def read(
        self, session: AwsConnection, resource_id: str, known: Properties
    ) -> Properties | None:
        """Return what is known, since nothing of an invocation can be read.

        Raises:
            RejectedError: the resource is imported.
        """
        if not known:
            message = f"the emulated provider does not import {self.token}"
            raise RejectedError(message)
        names = (*self.inputs, *self.outputs)
        kept = {name: known[name] for name in names if name in known}
        return {**kept, "id": resource_id, "region": session.region}

    def update(
        self,
        session: AwsConnection,
        resource_id: str,
        inputs: Properties,
        changed: frozenset[str],
        state: Properties,
    ) -> Properties:
        """Invoke the function again."""
        payload = _payload(inputs, "update", state["input"])
        return {"result": _invoke(session, inputs, payload)}

    def delete(self, session: AwsConnection, resource_id: str, state: Properties) -> None:
        """Invoke the function with CRUD; otherwise do nothing."""
        if state["lifecycleScope"] != CREATE_ONLY:
            _invoke(session, state, _payload(state, "delete", state["input"]))


def _payload(inputs: Properties, action: str, previous: str | None) -> str:
    """Return the event, as Go's encoding/json writes it if it is not the program's own text."""
    if inputs["lifecycleScope"] == CREATE_ONLY:
        return inputs["input"]
    document: dict[str, Any] = json.loads(inputs["input"])
    document[inputs["terraformKey"]] = {
        "action": action,
        "prev_input": None if previous is None else json.loads(previous),
    }
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return "".join(_GO_ESCAPES.get(character, character) for character in text)


def _invoke(session: AwsConnection, inputs: Properties, payload: str) -> str:
    """Invoke the function and return its result.

    Raises:
        RejectedError: Lambda rejected the invocation, or the function failed; the message has the
            error in the official provider's words.
    """
    name = inputs["functionName"]
    try:
        answer = session.call(
            "lambda",
            "invoke",
            FunctionName=name,
            InvocationType="RequestResponse",
            Payload=payload.encode(),
            Qualifier=inputs["qualifier"],
        )
    except AwsError as error:
        message = f"invoking Lambda Function ({name}): {error}"
        raise RejectedError(message) from error
    result: str = answer["Payload"].read().decode()
    if answer.get("FunctionError"):
        message = f"invoking Lambda Function ({name}): {result}"
        raise RejectedError(message)
    return result
