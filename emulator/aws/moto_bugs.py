"""Bugs of moto as data: each with a patch and a snippet that shows it."""

from pathlib import Path
from typing import Any

import yaml

__all__ = ["PREAMBLE", "load"]

_ENTRIES = Path(__file__).with_suffix(".yaml")

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
    """Return the bugs in moto_bugs.yaml."""
    return yaml.safe_load(_ENTRIES.read_text(encoding="utf-8"))
