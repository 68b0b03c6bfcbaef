"""Lambda functions: settings, and statements of their resource policies."""

import json
from collections.abc import Callable
from typing import Any

from moto.awslambda.exceptions import LambdaClientError
from moto.awslambda.models import LambdaFunction
from moto.awslambda.policy import Policy

from emulator.aws.registry import patch_classes

_TEST = "awslambda/test_functions"

_DROPPED = ("DeadLetterConfig", "LoggingConfig")
"""Members that moto drops."""

POLICY_BYTES = 20_480
"""Quota of a function's resource-based policy (Lambda developer guide, Lambda quotas)."""

_NOT_UPDATED = {"KMSKeyArn": "kms_key_arn", "TracingConfig": "tracing_config"}
"""Members that moto reads only at creation, and its attributes for them."""


@patch_classes(
    moto_behaviour="moto drops DeadLetterConfig and LoggingConfig, and ignores changes of "
    "KMSKeyArn and TracingConfig",
    aws="FunctionConfiguration returns the values that were sent last",
    source="Lambda API reference, UpdateFunctionConfiguration",
    test=f"{_TEST}::test_settings_are_read_back_as_they_were_sent_last",
)
def keep_settings() -> None:
    """Store the dropped members with the function, at creation and on every update."""
    setattr(LambdaFunction, "__init__", _keeping(LambdaFunction.__init__))  # noqa: B010
    setattr(  # noqa: B010 - methods of moto's
        LambdaFunction, "update_configuration", _updating(LambdaFunction.update_configuration)
    )
    setattr(  # noqa: B010
        LambdaFunction, "get_configuration", _describing(LambdaFunction.get_configuration)
    )


@patch_classes(
    moto_behaviour="moto accepts two statements with one id",
    aws="ResourceConflictException",
    source="Lambda API reference, AddPermission, Errors",
    test=f"{_TEST}::test_a_second_statement_of_the_same_name_is_rejected",
)
def require_unique_statement_ids() -> None:
    """Reject a statement id that is in use."""
    add = Policy.add_statement

    def checked(self: Policy, raw: str, qualifier: str | None = None) -> tuple[Any, str]:
        before = {statement.get("Sid") for statement in self.statements}
        added = add(self, raw, qualifier)
        name = str(added[0].get("Sid"))
        if name in before:
            self.statements.pop()
            raise _StatementExistsError(name)
        return added

    setattr(Policy, "add_statement", checked)  # noqa: B010


class _StatementExistsError(LambdaClientError):
    code = 409

    def __init__(self, name: str) -> None:
        message = (
            f"The statement id ({name}) provided already exists. Please provide a new statement "
            "id, or remove the existing statement."
        )
        super().__init__("ResourceConflictException", message)


@patch_classes(
    moto_behaviour="the policy of a function has any size",
    aws="PolicyLengthExceededException for more than 20,480 bytes",
    source="Lambda developer guide, Lambda quotas, Function resource-based policy; "
    "scribd/terraform-aws-datadog pull request 61 quotes the message and shows which size counts",
    test=f"{_TEST}::test_a_policy_beyond_the_quota_is_rejected",
)
def limit_policy_size_of_functions() -> None:
    """Reject a statement that makes the policy too long, and leave it out."""
    add = Policy.add_statement

    def checked(self: Policy, raw: str, qualifier: str | None = None) -> tuple[Any, str]:
        added = add(self, raw, qualifier)
        size = len(json.dumps(self.get_policy()["Policy"], separators=(",", ":")))
        if size > POLICY_BYTES:
            self.statements.pop()
            raise _PolicyTooLongError(size)
        return added

    setattr(Policy, "add_statement", checked)  # noqa: B010


class _PolicyTooLongError(LambdaClientError):
    code = 400

    def __init__(self, size: int) -> None:
        message = f"The final policy size ({size}) is bigger than the limit ({POLICY_BYTES})."
        super().__init__("PolicyLengthExceededException", message)


def _kept(function: LambdaFunction) -> dict[str, Any]:
    kept: dict[str, Any] | None = getattr(function, "_kept_members", None)
    if kept is None:
        kept = {}
        setattr(function, "_kept_members", kept)  # noqa: B010 - not declared by moto
    return kept


def _keep(function: LambdaFunction, sent: dict[str, Any]) -> None:
    _kept(function).update({name: sent[name] for name in _DROPPED if name in sent})


def _keeping(made: Callable[..., None]) -> Callable[..., None]:
    def make(self: LambdaFunction, *args: Any, **kwargs: Any) -> None:
        made(self, *args, **kwargs)
        _keep(self, kwargs.get("spec") or args[1])

    return make


def _updating(changed: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    def change(self: LambdaFunction, config_updates: dict[str, Any]) -> dict[str, Any]:
        _keep(self, config_updates)
        for member, attribute in _NOT_UPDATED.items():
            if member in config_updates:
                setattr(self, attribute, config_updates[member])
        return changed(self, config_updates)

    return change


def _describing(describe: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    def described(self: LambdaFunction, on_create: bool = False) -> dict[str, Any]:  # noqa: FBT001, FBT002 - moto's signature
        function: dict[str, Any] = describe(self, on_create)
        group = {"LogFormat": "Text", "LogGroup": f"/aws/lambda/{self.function_name}"}
        members = {"LoggingConfig": group, **_kept(self)}
        return {**function, **{name: value for name, value in members.items() if value}}

    return described
