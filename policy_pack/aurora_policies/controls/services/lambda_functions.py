"""Controls of Lambda functions."""

import re

from ...pack.registry import Findings, property_check, resource_check
from ...reading.resource_types import EVENT_INVOKE_CONFIG, FUNCTION_URL
from ...reading.resources import Resource
from ...reading.values import (
    UNKNOWN,
    Value,
    contains,
    describe,
    in_range,
    is_none_of,
    is_one_of,
    is_set,
    known_count,
)

MINIMUM_SUBNETS = 2
_RUNTIME = re.compile(r"(python|nodejs|java|dotnet|dotnetcore|go|ruby)\d{1,2}(\.(\d{1,2}|x|al2))?")
_SECRET_NAME = re.compile(
    r"(^|_)(PASSWORD|PASSWD|SECRET|(SECRET|ACCESS|API|PRIVATE)_?KEY|TOKEN)$",
    re.IGNORECASE,
)
_CREDENTIAL = re.compile(
    r"(A3T[A-Z0-9]|AKIA|AGPA|AIDA|AROA|AIPA|ANPA|ANVA|ASIA)[A-Z0-9]{16}"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----"
    r"|^(?=.*[a-z])(?=.*[A-Z])(?=.*\d)[A-Za-z0-9/+=]{40}$"
)
"""Access key ids, private keys, and what has the form of a secret access key."""


def _is_active(value: Value) -> bool:
    return is_one_of(value, {"Active"})


property_check("lambda-permission-source", "sourceArn", is_set, "set")
property_check("lambda-dlq", "deadLetterConfig.targetArn", is_set, "set")
property_check(
    "lambda-concurrency",
    "reservedConcurrentExecutions",
    lambda value: in_range(value, 1),
    "1 or more",
)
property_check("lambda-xray", "tracingConfig.mode", _is_active, "Active")
property_check("lambda-code-signing", "codeSigningConfigArn", is_set, "set")


@resource_check("lambda-runtime")
def has_a_supported_runtime(function: Resource) -> Findings:
    """AWS still patches the runtime."""
    is_image = is_one_of(function["packageType"], {"Image"})
    runtimes = function.parameters.words("runtimes")
    if not is_image and not is_one_of(function["runtime"], runtimes):
        found = describe(function["runtime"], _RUNTIME)
        yield function.finding("runtime", "a supported runtime", found)


@resource_check("lambda-in-vpc")
def is_in_a_vpc(function: Resource) -> Findings:
    """The function has a network place of its own."""
    for path in ("vpcConfig.subnetIds", "vpcConfig.securityGroupIds"):
        if not is_set(function[path]):
            yield function.finding(path, "set")


@resource_check("lambda-multi-az")
def function_spans_zones(function: Resource) -> Findings:
    """Two subnets or more."""
    count = known_count(function["vpcConfig.subnetIds"])
    if count is not None and count < MINIMUM_SUBNETS:
        yield function.finding("vpcConfig.subnetIds", f"{MINIMUM_SUBNETS} subnets or more")


@resource_check("lambda-permission-not-public")
def function_is_not_public(resource: Resource) -> Findings:
    """Not everyone may call the function."""
    if resource.type == FUNCTION_URL:
        if not is_one_of(resource["authorizationType"], {"AWS_IAM"}):
            yield resource.finding("authorizationType", "AWS_IAM")
    elif not is_none_of(resource["principal"], {"*"}):
        yield resource.finding("principal", "a service or an account", "everyone")


@resource_check("lambda-env-cmk")
def encrypts_its_environment(function: Resource) -> Findings:
    """A key exactly where there is something to encrypt."""
    variables, key = function["environment.variables"], function["kmsKeyArn"]
    if UNKNOWN in (variables, key):
        return
    if is_set(variables) and not is_set(key):
        yield function.finding("kmsKeyArn", "set, as there is an environment")
    if is_set(key) and not is_set(variables):
        yield function.finding("kmsKeyArn", "absent, as there is no environment", "set")


@resource_check("lambda-env-no-secrets")
def holds_no_secret(function: Resource) -> Findings:
    """No credential in the environment, which many may read."""
    variables = function["environment.variables"]
    for name, value in variables.items() if isinstance(variables, dict) else ():
        if not isinstance(value, str) or not value:
            continue
        named = _SECRET_NAME.search(name) is not None and not value.startswith("arn:")
        if named or _CREDENTIAL.search(value):
            path = f"environment.variables.{name}"
            yield function.finding(path, "a reference", "what looks like a secret")


@resource_check("lambda-hygiene")
def is_described_and_dimensioned(resource: Resource) -> Findings:
    """Description, memory and timeout are chosen; failures of events go somewhere."""
    paths: tuple[str, ...] = ("description", "memorySize", "timeout")
    if resource.type == EVENT_INVOKE_CONFIG:
        paths = ("destinationConfig.onFailure.destination",)
    for path in paths:
        if not is_set(resource[path]):
            yield resource.finding(path, "set")


@resource_check("lambda-url-cors")
def is_closed_to_foreign_sites(url: Resource) -> Findings:
    """CORS names origins and methods."""
    for path in ("cors.allowOrigins", "cors.allowMethods"):
        value = url[path]
        if value is not UNKNOWN and contains(_known(value), "*"):
            yield url.finding(path, "a list without *", "a list with *")


def _known(value: Value) -> Value:
    return [each for each in value if each is not UNKNOWN] if isinstance(value, list) else value
