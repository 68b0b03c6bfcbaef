"""Checks of Lambda functions, permissions and function URLs."""

import re
from datetime import UTC, datetime

from ...pack.registry import Findings, not_applicable, property_check, resource_check
from ...reading.conditions import account_of
from ...reading.lambda_runtimes import deprecation, runtimes
from ...reading.patterns import has_wildcard
from ...reading.resource_types import EVENT_INVOKE_CONFIG, FUNCTION_URL
from ...reading.resources import Resource
from ...reading.values import (
    UNKNOWN,
    Value,
    contains,
    describe,
    in_range,
    is_customer_managed_key,
    is_one_of,
    is_set,
    known_count,
    number,
)

MINIMUM_SUBNETS = 2
SERVICES = (".amazonaws.com", ".amazonaws.com.cn")
"""Ends of the names of service principals."""
DEFAULTS = {"memorySize": 128, "timeout": 3}
"""Values that the provider fills in for absent ones."""
_RUNTIME = re.compile(
    r"(python|nodejs|java|dotnet|dotnetcore|go|ruby)[0-9]{1,2}(\.([0-9]{1,2}|x|al2))?"
)
_SECRET_NAME = re.compile(
    r"(^|_)(PASSWORD|PASSWD|SECRET|(SECRET|ACCESS|API|PRIVATE)_?KEY|TOKEN)$",
    re.IGNORECASE,
)
_CREDENTIAL = re.compile(
    r"(A3T[A-Z0-9]|AKIA|AGPA|AIDA|AROA|AIPA|ANPA|ANVA|ASIA)[A-Z0-9]{16}"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----"
    r"|^(?=.*[a-z])(?=.*[A-Z])(?=.*\d)[A-Za-z0-9/+=]{40}$"
)
"""Access key ids, private keys, and values in the form of a secret access key."""


def _is_active(value: Value) -> bool:
    return is_one_of(value, {"Active"})


property_check("lambda-dlq", "deadLetterConfig.targetArn", is_set, "set")
property_check(
    "lambda-concurrency",
    "reservedConcurrentExecutions",
    lambda value: in_range(value, 1),
    "at least 1",
)
property_check("lambda-xray", "tracingConfig.mode", _is_active, "Active")
property_check("lambda-code-signing", "codeSigningConfigArn", is_set, "set")


@resource_check("lambda-permission-source")
def permission_names_its_source(permission: Resource) -> Findings:
    """A service can invoke the function only on behalf of specific resources."""
    principal, source = permission["principal"], permission["sourceArn"]
    if not isinstance(principal, str) or not principal.endswith(SERVICES):
        not_applicable("the principal is not a service")
    if not is_set(source):
        yield permission.finding("sourceArn", "set")
    elif isinstance(source, str) and not _is_specific(source, permission["sourceAccount"]):
        required = "an ARN with an account, or without wildcards"
        yield permission.finding("sourceArn", required, "a pattern for every account")


def _is_specific(arn: str, account: Value) -> bool:
    return is_set(account) or not has_wildcard(account_of(arn) or arn)


@resource_check("lambda-runtime")
def has_a_supported_runtime(function: Resource) -> Findings:
    """The runtime is one that AWS supports today."""
    runtime, accepted = function["runtime"], function.parameters.words("additionalRuntimes")
    if is_one_of(function["packageType"], {"Image"}) or is_one_of(runtime, accepted):
        return
    found = describe(runtime, _RUNTIME)
    if isinstance(runtime, str) and runtime in runtimes():
        deprecated = deprecation(runtime, datetime.now(UTC).date())
        if deprecated is None:
            return
        found = f"{runtime}, deprecated since {deprecated}"
    yield function.finding("runtime", "a supported runtime", found)


@resource_check("lambda-in-vpc")
def is_in_a_vpc(function: Resource) -> Findings:
    """The function runs in the VPC."""
    for path in ("vpcConfig.subnetIds", "vpcConfig.securityGroupIds"):
        if not is_set(function[path]):
            yield function.finding(path, "set")


@resource_check("lambda-multi-az")
def function_spans_zones(function: Resource) -> Findings:
    """The function has at least two subnets."""
    count = known_count(function["vpcConfig.subnetIds"])
    if count is not None and count < MINIMUM_SUBNETS:
        yield function.finding("vpcConfig.subnetIds", f"at least {MINIMUM_SUBNETS} subnets")


@resource_check("lambda-permission-not-public")
def function_is_not_public(resource: Resource) -> Findings:
    """Not everyone can invoke the function."""
    if resource.type == FUNCTION_URL:
        if not is_one_of(resource["authorizationType"], {"AWS_IAM"}):
            yield resource.finding("authorizationType", "AWS_IAM")
        return
    principal = resource["principal"]
    everyone = isinstance(principal, str) and has_wildcard(principal)
    if everyone and not is_set(resource["principalOrgId"]):
        yield resource.finding("principal", "a service, an account or an organization", "everyone")


@resource_check("lambda-env-cmk")
def encrypts_its_environment(function: Resource) -> Findings:
    """A customer managed key is set exactly where there are environment variables."""
    variables, key = function["environment.variables"], function["kmsKeyArn"]
    if UNKNOWN in (variables, key):
        return
    if is_set(variables) and not is_customer_managed_key(key):
        yield function.finding("kmsKeyArn", "a customer managed key")
    if is_set(key) and not is_set(variables):
        required = "absent, as there are no environment variables"
        yield function.finding("kmsKeyArn", required, "set")


@resource_check("lambda-env-no-secrets")
def holds_no_secret(function: Resource) -> Findings:
    """No environment variable contains a credential."""
    variables = function["environment.variables"]
    for name, value in variables.items() if isinstance(variables, dict) else ():
        if isinstance(value, str) and _looks_like_a_secret(name, value):
            path = f"environment.variables.{name}"
            yield function.finding(path, "a reference", "what looks like a secret")


def _looks_like_a_secret(name: str, value: str) -> bool:
    is_named = _SECRET_NAME.search(name) is not None
    is_literal = bool(value) and not value.startswith("arn:")
    return (is_named and is_literal) or _CREDENTIAL.search(value) is not None


@resource_check("lambda-hygiene")
def has_description_and_limits(resource: Resource) -> Findings:
    """Description, memory and timeout are chosen; failed events have a destination."""
    if resource.type == EVENT_INVOKE_CONFIG:
        if not is_set(resource["destinationConfig.onFailure.destination"]):
            yield resource.finding("destinationConfig.onFailure.destination", "set")
        return
    if not is_set(resource["description"]):
        yield resource.finding("description", "set")
    for path, default in DEFAULTS.items():
        value = resource[path]
        if not is_set(value) or number(value) == default:
            yield resource.finding(path, f"set, and not {default}")


@resource_check("lambda-url-cors")
def cors_is_limited(url: Resource) -> Findings:
    """CORS allows specific origins and methods only."""
    for path in ("cors.allowOrigins", "cors.allowMethods"):
        value = url[path]
        if value is not UNKNOWN and contains(_known(value), "*"):
            yield url.finding(path, "a list without *", "a list with *")


def _known(value: Value) -> Value:
    return [each for each in value if each is not UNKNOWN] if isinstance(value, list) else value
