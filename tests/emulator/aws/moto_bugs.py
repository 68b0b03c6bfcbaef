"""The preamble of the snippets in moto_bugs.yaml, and their run in plain moto as a program."""

import json
import sys
from pathlib import Path
from typing import Any

import yaml
from moto import mock_aws

ENTRIES = Path(__file__).with_suffix(".yaml")

PREAMBLE = '''\
import io
import json
import zipfile

import boto3
from botocore.exceptions import ClientError
from moto import mock_aws


def client(service):
    return boto3.client(service, region_name="us-east-2")


def error(call, **arguments):
    """Return the code of the error that a call raises, or None."""
    try:
        call(**arguments)
    except ClientError as failure:
        return failure.response["Error"]["Code"]


def role_for(service):
    trust = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    name = f"role-{len(client('iam').list_roles()['Roles'])}"
    role = client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=document)
    return role["Role"]["Arn"]


def code():
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as files:
        files.writestr("a.py", "def b(event, context): pass")
    return {"ZipFile": archive.getvalue()}


def subnets():
    return [each["SubnetId"] for each in client("ec2").describe_subnets()["Subnets"]]
'''


def load() -> list[dict[str, Any]]:
    """Return the entries."""
    return yaml.safe_load(ENTRIES.read_text(encoding="utf-8"))


def answer_of(snippet: str) -> object:
    """Run a snippet after the preamble; return its `answer`, or the name of the exception that ended it."""
    names: dict[str, Any] = {}
    exec(PREAMBLE, names)  # noqa: S102 - our own text
    try:
        exec(snippet, names)  # noqa: S102
    except Exception as failure:  # the test compares it
        return type(failure).__name__
    return names["answer"]


def main() -> None:
    """Print the answer of every snippet in plain moto, as JSON."""
    answers: list[object] = []
    for entry in load():
        with mock_aws():
            answers.append(answer_of(entry["snippet"]))
    json.dump(answers, sys.stdout)


if __name__ == "__main__":
    main()
