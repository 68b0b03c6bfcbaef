import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import pytest

from emulator.testing.requests import create_role
from emulator.tests.aws.requests import Rejection, rejection

pytestmark = pytest.mark.emulator

KEYS = tuple(f"arn:aws:kms:us-east-2:123456789012:key/{number}" for number in range(2))
QUEUES = tuple(f"arn:aws:sqs:us-east-2:123456789012:queue-{number}" for number in range(2))


@pytest.fixture
def function(functions: Any, client: Callable[[str], Any], name: str) -> dict[str, Any]:
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as packed:
        packed.writestr("handler.py", "")
    made: dict[str, Any] = functions.create_function(
        FunctionName=name,
        Runtime="python3.14",
        Role=create_role(client("iam"), name, "lambda.amazonaws.com"),
        Handler="handler.handle",
        Code={"ZipFile": code.getvalue()},
        DeadLetterConfig={"TargetArn": QUEUES[0]},
        KMSKeyArn=KEYS[0],
        TracingConfig={"Mode": "Active"},
        LoggingConfig={"LogFormat": "JSON", "LogGroup": "/mine"},
    )
    return made


def test_settings_are_read_back_as_they_were_sent_last(
    functions: Any, function: dict[str, Any]
) -> None:
    name = function["FunctionName"]
    assert function["DeadLetterConfig"] == {"TargetArn": QUEUES[0]}
    first = functions.get_function(FunctionName=name)["Configuration"]
    assert first["LoggingConfig"] == {"LogFormat": "JSON", "LogGroup": "/mine"}
    functions.update_function_configuration(
        FunctionName=name,
        DeadLetterConfig={"TargetArn": QUEUES[1]},
        KMSKeyArn=KEYS[1],
        TracingConfig={"Mode": "PassThrough"},
    )
    second = functions.get_function(FunctionName=name)["Configuration"]
    assert second["DeadLetterConfig"] == {"TargetArn": QUEUES[1]}
    assert second["KMSKeyArn"] == KEYS[1]
    assert second["TracingConfig"] == {"Mode": "PassThrough"}
    assert second["LoggingConfig"] == {"LogFormat": "JSON", "LogGroup": "/mine"}


def test_a_second_statement_of_the_same_name_is_rejected(
    functions: Any, function: dict[str, Any]
) -> None:
    statement = {
        "FunctionName": function["FunctionName"],
        "StatementId": "rotation",
        "Action": "lambda:InvokeFunction",
        "Principal": "secretsmanager.amazonaws.com",
    }
    functions.add_permission(**statement)
    assert rejection(functions.add_permission, **statement) == Rejection(
        "ResourceConflictException",
        "The statement id (rotation) provided already exists. Please provide a new statement id, "
        "or remove the existing statement.",
        status=409,
    )


def test_a_policy_beyond_the_quota_is_rejected(functions: Any, function: dict[str, Any]) -> None:
    statement = {
        "FunctionName": function["FunctionName"],
        "Action": "lambda:InvokeFunction",
        "Principal": "secretsmanager.amazonaws.com",
    }
    secret = "arn:aws:secretsmanager:us-east-2:123456789012:secret:"

    def size() -> int:
        policy = json.loads(functions.get_policy(FunctionName=statement["FunctionName"])["Policy"])
        return len(json.dumps(policy, separators=(",", ":")))

    functions.add_permission(StatementId="1", SourceArn=secret + "a" * 7000, **statement)
    first = size()
    functions.add_permission(StatementId="2", SourceArn=secret + "a" * 7000, **statement)
    more = 20_480 - size() - (size() - first) + 7000
    answered = rejection(
        functions.add_permission, StatementId="3", SourceArn=secret + "a" * (more + 1), **statement
    )
    assert answered == Rejection(
        "PolicyLengthExceededException",
        "The final policy size (20481) is bigger than the limit (20480).",
    )
    functions.add_permission(StatementId="3", SourceArn=secret + "a" * more, **statement)
    assert size() == 20_480
