"""A container of a task definition as a process: its command, its environment and its secrets."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from emulator.containers.images import Image
from emulator.isolation import NO_PROXY_VARIABLES, emulated_aws

SecretReader = Callable[[str, str, str], str]
"""Returns the text of a secret, given its ARN, a version's stage and its ID; both may be empty."""

_ARN_PARTS = 7
"""Parts of a secret's ARN; JSON key, version stage and version ID may follow (ECS developer guide,
Pass Secrets Manager secrets through Amazon ECS environment variables)."""


class SecretError(Exception):
    """A secret of a container definition cannot be read; the message does not quote it."""


def start(
    definition: Mapping[str, Any], image: Image, *, region: str, url: str, read: SecretReader
) -> subprocess.Popen[str]:
    """Start a container; its standard output and error are one pipe.

    Args:
        definition: The container definition, as RegisterTaskDefinition receives it.
        image: Its image. The image's own command is unknown, so the definition needs one.
        region: The task's region.
        url: The URL of the emulated AWS.
        read: Reads the secrets.

    Raises:
        SecretError: a secret cannot be read.
        OSError: the command does not exist.
    """
    command = [*definition.get("entryPoint", []), *definition.get("command", [])]
    return subprocess.Popen(
        command,
        cwd=image.folder,
        env=_environment(definition, image, region=region, url=url, read=read),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def _environment(
    definition: Mapping[str, Any], image: Image, *, region: str, url: str, read: SecretReader
) -> dict[str, str]:
    return {
        # `python` is this interpreter, with its packages.
        "PATH": os.pathsep.join((str(Path(sys.executable).parent), os.defpath)),
        "LANG": "C.UTF-8",
        **{name: os.environ[name] for name in NO_PROXY_VARIABLES if name in os.environ},
        **image.environment,
        **emulated_aws(url),
        "AWS_DEFAULT_REGION": region,
        "AWS_REGION": region,
        **{each["name"]: each["value"] for each in definition.get("environment", [])},
        **{
            each["name"]: _secret(each["valueFrom"], read) for each in definition.get("secrets", [])
        },
    }


def _secret(value_from: str, read: SecretReader) -> str:
    parts = value_from.split(":")
    arn = ":".join(parts[:_ARN_PARTS])
    key, stage, version = (*parts[_ARN_PARTS:], "", "", "")[:3]
    text = read(arn, stage, version)
    if not key:
        return text
    try:
        return str(json.loads(text)[key])
    except (KeyError, TypeError, ValueError) as error:
        message = f"retrieved secret from Secrets Manager did not contain json key {key}"
        raise SecretError(message) from error
