"""One invocation: its input, its result, and its limits."""

import io
import json
import zipfile
from collections.abc import Mapping

import pytest

from emulator.functions.lambda_function import Failure, LambdaFunction, UnpackedFunction

URL = "http://127.0.0.1:1"


def make(
    body: str,
    *,
    handler: str = "module.handle",
    memory_megabytes: int = 128,
    timeout_seconds: float = 20,
    environment: Mapping[str, str] | None = None,
    replacements: Mapping[str, bytes] | None = None,
) -> UnpackedFunction:
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as written:
        written.writestr("module.py", f"def handle(event, context):\n{lines}")
        written.writestr("data.txt", "as deployed")
    function = LambdaFunction(
        code=archive.getvalue(),
        handler=handler,
        environment=environment or {},
        memory_megabytes=memory_megabytes,
        timeout_seconds=timeout_seconds,
        region="us-east-2",
    )
    return UnpackedFunction(function, URL, replacements or {})


def test_a_function_gets_its_event_and_its_prints_are_its_log() -> None:
    done = make("print(event['Step'], context)").invoke({"Step": "createSecret"})
    assert (done.error, done.log) == (None, "createSecret None\n")


@pytest.mark.parametrize("value", [None, True, 1.5, "text", ["ü", {"key": None}]])
def test_event_and_result_are_any_json_value(value: object) -> None:
    done = make("return event").invoke(value)
    assert done.result is not None
    assert (json.loads(done.result), done.failure) == (value, None)


def test_a_large_result_does_not_block_the_function() -> None:
    done = make("return 'x' * 1_000_000").invoke({})
    assert done.result == json.dumps("x" * 1_000_000)


def test_a_result_that_is_not_json_is_a_failure_of_the_runtime() -> None:
    message = "Unable to marshal response: Object of type set is not JSON serializable"
    assert make("return {1}").invoke({}).failure == Failure("Runtime.MarshalError", message, ())


@pytest.mark.parametrize(
    ("handler", "failure"),
    [
        (
            "absent.handle",
            Failure(
                "Runtime.ImportModuleError",
                "Unable to import module 'absent': No module named 'absent'",
                (),
            ),
        ),
        (
            "module.absent",
            Failure("Runtime.HandlerNotFound", "Handler 'absent' missing on module 'module'", ()),
        ),
    ],
)
def test_a_missing_handler_is_a_failure_of_the_runtime(handler: str, failure: Failure) -> None:
    assert make("pass", handler=handler).invoke({}).failure == failure


def test_an_error_has_the_traceback_of_the_functions_own_code() -> None:
    done = make("raise ValueError('wrong value')").invoke({})
    frame = (
        "  File \"/var/task/module.py\", line 2, in handle\n    raise ValueError('wrong value')\n"
    )
    assert done.failure == Failure("ValueError", "wrong value", (frame,))
    assert done.result is None


def test_an_error_is_reported_with_type_and_message() -> None:
    done = make("print('before')\nraise ValueError('wrong value')").invoke({})
    assert (done.error, done.log) == ("ValueError: wrong value", "before\n")


def test_the_timeout_ends_an_invocation() -> None:
    done = make(
        "import time\nprint('began', flush=True)\ntime.sleep(60)", timeout_seconds=1
    ).invoke({})
    assert (done.error, done.log) == ("Task timed out after 1.00 seconds", "began\n")
    assert 1 <= done.seconds < 10
    assert done.peak_megabytes == 0, "it did not live to say"


def test_the_memory_limit_ends_an_invocation() -> None:
    body = "taken = bytearray(200 * 1024 * 1024)\nprint(len(taken))"
    done = make(body, memory_megabytes=128).invoke({})
    assert (done.error, done.log) == ("MemoryError: ", "")
    assert make(body, memory_megabytes=300).invoke({}).error is None


def test_the_peak_is_the_functions_own_and_not_that_of_its_parent() -> None:
    ballast = bytearray(b"x" * 150 * 1024 * 1024)
    small = make("pass").invoke({})
    assert 0 < small.peak_megabytes < 100, len(ballast)
    large = make("taken = b'x' * 100 * 1024 * 1024", memory_megabytes=300).invoke({})
    assert large.peak_megabytes >= small.peak_megabytes + 90


def test_a_killed_process_is_not_a_timeout() -> None:
    done = make("import time\ntime.sleep(60)").invoke({}, kill_after=0.5)
    assert done.error == "Runtime exited with error: signal: killed"


def test_a_function_that_exits_is_reported_with_its_status() -> None:
    assert make("import os\nos._exit(3)").invoke({}).error == (
        "Runtime exited with error: exit status 3"
    )
    assert make("import os\nos._exit(0)").invoke({}).failure == Failure(
        "Runtime.ExitError", "Runtime exited without providing a reason"
    )


def test_a_function_finds_nothing_but_its_own_files_and_variables(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "somebody")
    monkeypatch.setenv("OF_THIS_MACHINE", "1")
    body = (
        "import importlib.util, json, os\n"
        "print(json.dumps([sorted(os.environ), importlib.util.find_spec('emulator') is None]))"
    )
    names, alone = json.loads(make(body, environment={"OF_ITS_OWN": "1"}).invoke({}).log)
    assert alone
    # Python sets LC_CTYPE itself where the machine does not have Lambda's language.
    assert set(names) - {"LC_CTYPE"} == {
        *("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION", "AWS_DEFAULT_REGION"),
        *("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "AWS_EC2_METADATA_DISABLED"),
        *("AWS_ENDPOINT_URL_SECRETS_MANAGER", "LANG", "OF_ITS_OWN", "TZ"),
    }


def test_a_replacement_replaces_a_file_and_adds_none() -> None:
    replacements = {"data.txt": b"as replaced", "other.txt": b"left out"}
    body = "import pathlib\nprint(pathlib.Path('data.txt').read_text(), pathlib.Path('other.txt').exists())"
    assert make(body, replacements=replacements).invoke({}).log == "as replaced False\n"
