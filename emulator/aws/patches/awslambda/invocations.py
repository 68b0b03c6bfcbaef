"""Invocations of functions, in processes of this machine."""

import base64
import json
import logging
import threading
import uuid
from typing import Any

from moto.awslambda.models import LambdaFunction as MotoFunction

from emulator.aws.deployed_functions import are_run, deployed, is_throttled, runnable
from emulator.aws.errors import reject
from emulator.aws.moto_adapter import one_at_a_time
from emulator.aws.moto_adapter.call import Answer, Call, Proceed, answer
from emulator.aws.registry import patch_operations
from emulator.functions.lambda_function import Failure, Invocation, LambdaFunction

MAX_RESULT_BYTES = 6_291_556
"""Maximum size of a result (Lambda developer guide, Lambda quotas)."""

_LOG_TAIL_BYTES = 4096
_LOG = logging.getLogger(__name__)


@patch_operations(
    "lambda:Invoke",
    moto_behaviour="a function runs in a Docker container, with no access to the emulated AWS or "
    "the emulated databases, while all other requests wait",
    aws="RequestResponse answers with the handler's result, or with FunctionError and the error; "
    "Event runs the function in the background; DryRun only validates; a function without "
    "concurrency is throttled",
    source="Lambda API reference, Invoke; Lambda developer guide, Troubleshoot invocation issues "
    "and Python handler; aws/aws-lambda-python-runtime-interface-client, bootstrap.py",
    test="awslambda/test_invocations::test_an_invocation_answers_with_the_handlers_result",
)
def invoke(call: Call, proceed: Proceed) -> Answer:  # noqa: ARG001 - moto needs Docker
    """Run the deployed package in a process of this machine.

    Not emulated: the handler's context (it is None), the two retries of a failed Event, and its
    dead-letter queue; the emulated AWS's log has the error.
    """
    # A name, an ARN, or the end of an ARN; each may have a qualifier.
    name = call.params["FunctionName"].rpartition("function:")[2]
    function = call.functions.get_function(name, call.params.get("Qualifier"))
    event = _event(call.params.get("Payload"))
    kind = call.params.get("InvocationType", "RequestResponse")
    if kind == "DryRun":
        return _empty(204)
    if kind == "Event":
        start(function, event, call.server_url)
        return _empty(202)
    if is_throttled(function):
        reject("TooManyRequestsException", "Rate Exceeded.")
    version, code = str(function.version), deployed(function)
    if not are_run():
        return answer({"ExecutedVersion": version, "Payload": b"null"})
    # The function itself sends requests.
    with one_at_a_time.other_requests():
        invocation = run(code, event, call.server_url)
    members = {"ExecutedVersion": version, **_answered(invocation)}
    if call.params.get("LogType") == "Tail":
        tail = invocation.log.encode()[-_LOG_TAIL_BYTES:]
        members["LogResult"] = base64.b64encode(tail).decode()
    return answer(members)


def run(function: LambdaFunction, event: object, url: str) -> Invocation:
    """Run a function until it ends.

    Args:
        function: The function.
        event: The handler's event, any JSON value.
        url: The URL of the emulated AWS.
    """
    return runnable(function, url).invoke(event)


def start(function: MotoFunction, event: object, url: str) -> threading.Thread | None:
    """Run a function in the background, as for events; a failure is logged.

    Args:
        function: The function.
        event: The handler's event, any JSON value.
        url: The URL of the emulated AWS.

    Returns:
        The thread that waits for the end, or None if the function is not run.
    """
    name = function.function_name
    if is_throttled(function):
        _LOG.warning("the invocation of %s is throttled: the function has no concurrency", name)
        return None
    if not are_run():
        _LOG.warning("%s is not run, because functions are off", name)
        return None
    code = deployed(function)

    def invoked() -> None:
        error = run(code, event, url).error
        if error is not None:
            _LOG.warning("the invocation of %s failed: %s", name, error)

    thread = threading.Thread(target=invoked, name=f"invocation of {name}", daemon=True)
    thread.start()
    return thread


def _empty(status: int) -> Answer:
    return "", {"status": status}


def _event(payload: bytes | str | None) -> object:
    """Parse a request's payload; Lambda invokes with an empty object if there is none."""
    try:
        return json.loads(payload or "{}")
    except ValueError as error:
        reject("InvalidRequestContentException", f"Could not parse request body into json: {error}")


def _answered(invocation: Invocation) -> dict[str, Any]:
    """Return the members of the answer that an invocation decides."""
    failure, result = invocation.failure, invocation.result or ""
    if failure is None and len(result.encode()) > MAX_RESULT_BYTES:
        failure = Failure(
            "Function.ResponseSizeTooLarge",
            "Response payload size exceeded maximum allowed payload size "
            f"({MAX_RESULT_BYTES} bytes).",
        )
    if failure is None:
        return {"Payload": result.encode()}
    return {"FunctionError": "Unhandled", "Payload": json.dumps(_document(failure)).encode()}


def _document(failure: Failure) -> dict[str, Any]:
    """Return the error as Lambda's runtime reports it, or Lambda for a process that ended."""
    request_id = str(uuid.uuid4())
    if failure.trace is None:
        message = f"RequestId: {request_id} Error: {failure.message}"
        return {"errorType": failure.type, "errorMessage": message}
    return {
        "errorMessage": failure.message,
        "errorType": failure.type,
        "requestId": request_id,
        "stackTrace": list(failure.trace),
    }
