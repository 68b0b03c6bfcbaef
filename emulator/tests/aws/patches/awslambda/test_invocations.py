import base64
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from emulator.aws.databases import CA_BUNDLE_VARIABLE, CA_VARIABLE
from emulator.aws.patches.awslambda.invocations import MAX_RESULT_BYTES
from emulator.functions import FUNCTIONS_VARIABLE
from emulator.testing.requests import ACCOUNT_ID, create_function
from emulator.tests.aws.requests import Rejection, rejection

pytestmark = pytest.mark.emulator

Deploy = Callable[..., str]


@pytest.fixture
def deploy(client: Callable[[str], Any], name: str) -> Deploy:
    """Return a function that deploys a handler's body and returns the function's ARN."""

    def deployed(body: str, **members: object) -> str:
        lines = "".join(f"    {line}\n" for line in body.splitlines())
        return create_function(client, name, f"def handle(event, context):\n{lines}", **members)

    return deployed


def _payload(answered: dict[str, Any]) -> Any:
    return json.loads(answered["Payload"].read())


def _without_request_id(document: dict[str, Any]) -> dict[str, Any]:
    """Return an error document after checking its request id, which is new each time."""
    request_id = document.pop("requestId", None) or document["errorMessage"].split()[1]
    assert len(request_id) == len("2dcb7a64-3e4b-4a0e-9f53-30ae9a5dd1f8")
    return {key: _replaced(value, request_id) for key, value in document.items()}


def _replaced(value: Any, request_id: str) -> Any:
    return value.replace(request_id, "ID") if isinstance(value, str) else value


@pytest.mark.parametrize(
    ("payload", "result"),
    [
        ({"Payload": b'{"days": [1, null]}'}, {"days": [1, None]}),
        ({"Payload": b"3"}, 3),
        ({"Payload": b"null"}, None),
        ({}, {}),
    ],
)
def test_an_invocation_answers_with_the_handlers_result(
    functions: Any, name: str, deploy: Deploy, payload: dict[str, bytes], result: object
) -> None:
    deploy("print('hello')\nreturn event")
    answered = functions.invoke(FunctionName=name, **payload)
    assert (answered["StatusCode"], answered["ExecutedVersion"]) == (200, "$LATEST")
    assert "FunctionError" not in answered
    assert "LogResult" not in answered
    assert _payload(answered) == result


def test_a_function_is_named_by_its_arn_and_qualifier_too(functions: Any, deploy: Deploy) -> None:
    arn = deploy("return 'done'")
    account_and_name = arn.partition(f"{ACCOUNT_ID}:")[1] + arn.partition(f"{ACCOUNT_ID}:")[2]
    for found in (arn, f"{arn}:$LATEST", account_and_name):
        assert _payload(functions.invoke(FunctionName=found)) == "done", found
    assert _payload(functions.invoke(FunctionName=arn, Qualifier="$LATEST")) == "done"


def test_a_raised_exception_is_a_function_error(functions: Any, name: str, deploy: Deploy) -> None:
    deploy("raise ValueError('wrong value')")
    answered = functions.invoke(FunctionName=name)
    assert (answered["StatusCode"], answered["FunctionError"]) == (200, "Unhandled")
    assert _without_request_id(_payload(answered)) == {
        "errorMessage": "wrong value",
        "errorType": "ValueError",
        "stackTrace": [
            '  File "/var/task/module.py", line 2, in handle\n'
            "    raise ValueError('wrong value')\n"
        ],
    }


@pytest.mark.parametrize(
    ("body", "error_type", "message"),
    [
        ("import time\ntime.sleep(60)", "Sandbox.Timedout", "Task timed out after 1.00 seconds"),
        (
            "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)",
            "Runtime.ExitError",
            "Runtime exited with error: signal: killed",
        ),
        (
            "import sys\nsys.exit(1)",
            "Runtime.ExitError",
            "Runtime exited with error: exit status 1",
        ),
    ],
)
def test_a_process_that_ends_without_a_result_is_a_function_error(
    functions: Any, name: str, deploy: Deploy, body: str, error_type: str, message: str
) -> None:
    deploy(body, Timeout=1)
    answered = functions.invoke(FunctionName=name)
    assert answered["FunctionError"] == "Unhandled"
    assert _without_request_id(_payload(answered)) == {
        "errorType": error_type,
        "errorMessage": f"RequestId: ID Error: {message}",
    }


def test_a_result_larger_than_the_quota_is_a_function_error(
    functions: Any, name: str, deploy: Deploy
) -> None:
    deploy(f"return 'x' * ({MAX_RESULT_BYTES} - 2 + event)")
    assert len(_payload(functions.invoke(FunctionName=name, Payload=b"0"))) == MAX_RESULT_BYTES - 2
    assert _without_request_id(_payload(functions.invoke(FunctionName=name, Payload=b"1"))) == {
        "errorType": "Function.ResponseSizeTooLarge",
        "errorMessage": "RequestId: ID Error: Response payload size exceeded maximum allowed "
        "payload size (6291556 bytes).",
    }


def test_the_end_of_the_log_is_returned_on_request(
    functions: Any, name: str, deploy: Deploy
) -> None:
    deploy("print('x' * 5000)\nprint('last')")
    answered = functions.invoke(FunctionName=name, LogType="Tail")
    assert _payload(answered) is None
    assert base64.b64decode(answered["LogResult"]) == b"x" * 4090 + b"\nlast\n"


def test_a_function_sends_requests_while_its_invocation_is_answered(
    functions: Any, secrets: Any, name: str, deploy: Deploy
) -> None:
    secrets.create_secret(Name=name, SecretString="of the function")
    deploy(
        "import boto3\n"
        "secrets = boto3.client('secretsmanager')\n"
        "return secrets.get_secret_value(SecretId=event)['SecretString']",
        Timeout=30,
    )
    answered = functions.invoke(FunctionName=name, Payload=json.dumps(name).encode())
    assert _payload(answered) == "of the function"


def test_a_function_verifies_databases_with_the_emulated_databases_ca(
    functions: Any, name: str, deploy: Deploy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "ca.pem").write_text("the emulated CA")
    monkeypatch.setenv(CA_VARIABLE, str(tmp_path / "ca.pem"))
    monkeypatch.setenv(CA_BUNDLE_VARIABLE, "module.py")
    deploy("return 'with the CA of AWS'")
    answered = functions.invoke(FunctionName=name)
    assert _payload(answered)["errorType"] == "SyntaxError", "module.py is the CA certificate"


def test_an_event_is_accepted_and_runs_in_the_background(
    functions: Any, name: str, deploy: Deploy, tmp_path: Path
) -> None:
    deploy("import pathlib, time\ntime.sleep(1)\npathlib.Path(event).write_text('done')")
    target = tmp_path / "result"
    answered = functions.invoke(
        FunctionName=name, InvocationType="Event", Payload=json.dumps(str(target)).encode()
    )
    assert (answered["StatusCode"], answered["Payload"].read()) == (202, b"")
    assert not target.exists()
    _await(target.exists)


def test_a_failed_event_is_logged(
    functions: Any, name: str, deploy: Deploy, caplog: pytest.LogCaptureFixture
) -> None:
    deploy("raise ValueError('wrong value')")
    assert functions.invoke(FunctionName=name, InvocationType="Event")["Payload"].read() == b""
    expected = f"the invocation of {name} failed: ValueError: wrong value"
    _await(lambda: expected in caplog.messages)


def test_a_dry_run_runs_nothing(functions: Any, name: str, deploy: Deploy, tmp_path: Path) -> None:
    target = tmp_path / "result"
    deploy(f"import pathlib\npathlib.Path({str(target)!r}).write_text('done')")
    answered = functions.invoke(FunctionName=name, InvocationType="DryRun")
    assert (answered["StatusCode"], answered["Payload"].read()) == (204, b"")
    assert not target.exists()


def test_a_function_without_concurrency_is_throttled(
    functions: Any, name: str, deploy: Deploy, caplog: pytest.LogCaptureFixture
) -> None:
    deploy("return 'done'")
    functions.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=0)
    throttled = Rejection("TooManyRequestsException", "Rate Exceeded.", status=429)
    assert rejection(functions.invoke, FunctionName=name) == throttled
    answered = functions.invoke(FunctionName=name, InvocationType="Event")
    assert (answered["StatusCode"], answered["Payload"].read()) == (202, b"")
    assert caplog.messages == [
        f"the invocation of {name} is throttled: the function has no concurrency"
    ]


def test_an_unknown_function_and_a_payload_that_is_not_json_are_rejected(
    functions: Any, name: str, deploy: Deploy
) -> None:
    assert rejection(functions.invoke, FunctionName="missing") == Rejection(
        "ResourceNotFoundException",
        f"Function not found: arn:aws:lambda:us-east-2:{ACCOUNT_ID}:function:missing",
        status=404,
    )
    deploy("return event")
    assert rejection(functions.invoke, FunctionName=name, Payload=b"days") == Rejection(
        "InvalidRequestContentException",
        "Could not parse request body into json: Expecting value: line 1 column 1 (char 0)",
    )


def _await(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_function_is_not_run_while_functions_are_off(
    deploy: Deploy, client: Callable[[str], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(FUNCTIONS_VARIABLE, "off")
    name = deploy("raise SystemExit(3)")
    answered = client("lambda").invoke(FunctionName=name, Payload=b"1")
    assert "FunctionError" not in answered
    assert _payload(answered) is None
    queued = client("lambda").invoke(FunctionName=name, InvocationType="Event")
    assert queued["StatusCode"] == 202
