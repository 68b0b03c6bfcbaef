"""Wrapping of moto's operations, and error answers in AWS's form."""

import logging
from collections.abc import Callable
from typing import Any, cast

from moto.awslambda.responses import LambdaResponse
from moto.backup.responses import BackupResponse
from moto.cloudwatch.responses import CloudWatchResponse
from moto.core.errors import COMMON_ERROR_CODES
from moto.core.responses import ActionResult, BaseResponse
from moto.core.utils import camelcase_to_underscores, get_service_model
from moto.ec2.responses import EC2Response
from moto.ecs.responses import EC2ContainerServiceResponse
from moto.events.responses import EventsHandler
from moto.iam.responses import IamResponse
from moto.kms.responses import KmsResponse
from moto.logs.responses import LogsResponse
from moto.rds.responses import RDSResponse
from moto.secretsmanager.responses import SecretsManagerResponse
from moto.sns.responses import SNSResponse

from emulator.aws.errors import ServiceError
from emulator.aws.moto_adapter.call import Answer, Call, Handler

RESPONSES: dict[str, type[BaseResponse]] = {
    "backup": BackupResponse,
    "cloudwatch": CloudWatchResponse,
    "ec2": EC2Response,
    "ecs": EC2ContainerServiceResponse,
    "events": EventsHandler,
    "iam": IamResponse,
    "kms": KmsResponse,
    "lambda": LambdaResponse,
    "logs": LogsResponse,
    "rds": RDSResponse,
    "secretsmanager": SecretsManagerResponse,
    "sns": SNSResponse,
}
"""The services whose operations can be patched, by their boto3 name."""

_LOG = logging.getLogger(__name__)


def install(service: str, operation: str, handler: Handler) -> None:
    """Wrap one operation; the handler installed last runs first.

    An operation that moto lacks answers `NotImplemented` when its handler proceeds.
    """
    response_class = RESPONSES[service]
    method_name = camelcase_to_underscores(operation)
    inner = cast(
        "Callable[[BaseResponse], Answer] | None", getattr(response_class, method_name, None)
    )

    def patched(self: BaseResponse) -> Answer:
        call = _call_of(self, service, operation)

        def proceed() -> Answer:
            if inner is None:
                raise NotImplementedError(operation)
            return inner(self)

        return handler(call, proceed)

    setattr(response_class, method_name, patched)


def _call_of(response: BaseResponse, service: str, operation: str) -> Call:
    """Return the request's only `Call`, so that every patch sees the same members."""
    call = cast("Call | None", getattr(response, "_patched_call", None))
    if call is None:
        call = Call(response, service, operation)
        setattr(response, "_patched_call", call)  # noqa: B010 - moto declares no such attribute
    return call


def before_every_operation(check: Callable[[Call], None]) -> None:
    """Run a check before every operation of every service; its ServiceError is the answer."""
    inner = BaseResponse.call_action

    def call_action(self: BaseResponse) -> Any:
        operation = _action_of(self)
        service = self.boto3_service_name
        if operation in get_service_model(service).operation_names:
            try:
                check(_call_of(self, service, operation))
            except ServiceError as error:
                return _serialized(self, error)
        return inner(self)

    BaseResponse.call_action = call_action


def _serialized(response: BaseResponse, error: ServiceError) -> Any:
    return response.serialized(ActionResult(error))


def answer_failures_as_aws_does() -> None:
    """Answer what moto lacks, or fails on, with an AWS error instead of an HTML page."""
    # Moto logs a warning for a code that no service's model has.
    COMMON_ERROR_CODES.extend(("NotImplemented", "InternalFailure", "AccessDeniedException"))
    inner = BaseResponse.call_action

    def call_action(self: BaseResponse) -> Any:
        operation = f"{self.service_name}:{_action_of(self)}"
        try:
            return inner(self)
        except NotImplementedError as failure:
            status, code = 501, "NotImplemented"
            message = f"the emulated AWS does not implement {operation} ({failure})"
        except Exception as failure:
            _LOG.exception("%s failed", operation)
            status, code = 500, "InternalFailure"
            message = f"{operation} failed in the emulated AWS: {type(failure).__name__}: {failure}"
        _, headers, body = self.serialized(ActionResult(ServiceError(code, message)))
        return status, headers, body

    BaseResponse.call_action = call_action


def _action_of(response: BaseResponse) -> str:
    return cast("str", getattr(response, "_get_action")())  # noqa: B009 - private in moto
