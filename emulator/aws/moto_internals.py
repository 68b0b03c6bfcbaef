"""The only module that reaches into moto: what is untyped or private of it ends here."""

import logging
import socket
import threading
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from moto.awslambda.models import LambdaBackend, LambdaFunction, lambda_backends
from moto.cloudwatch.models import CloudWatchBackend, cloudwatch_backends
from moto.cloudwatch.responses import CloudWatchResponse
from moto.core.errors import COMMON_ERROR_CODES
from moto.core.exceptions import ServiceException
from moto.core.parse import PROTOCOL_PARSERS
from moto.core.request import determine_request_protocol
from moto.core.responses import ActionResult, BaseResponse
from moto.core.utils import camelcase_to_underscores, get_service_model
from moto.ec2.models import EC2Backend, ec2_backends
from moto.ec2.responses import EC2Response
from moto.iam.models import IAMBackend, iam_backends
from moto.iam.responses import IamResponse
from moto.kms.models import KmsBackend, kms_backends
from moto.kms.responses import KmsResponse
from moto.logs.models import LogsBackend, logs_backends
from moto.logs.responses import LogsResponse
from moto.moto_server.werkzeug_app import (  # pyright: ignore[reportMissingTypeStubs]
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)
from moto.rds.models import RDSBackend, rds_backends
from moto.rds.responses import RDSResponse
from moto.secretsmanager.models import SecretsManagerBackend, secretsmanager_backends
from moto.secretsmanager.responses import SecretsManagerResponse
from moto.sns.models import SNSBackend, sns_backends
from moto.sns.responses import SNSResponse
from moto.utilities.utils import get_partition
from werkzeug import serving

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

RESPONSES: dict[str, type[BaseResponse]] = {
    "cloudwatch": CloudWatchResponse,
    "ec2": EC2Response,
    "iam": IamResponse,
    "kms": KmsResponse,
    "logs": LogsResponse,
    "rds": RDSResponse,
    "secretsmanager": SecretsManagerResponse,
    "sns": SNSResponse,
}
"""The services whose operations can be corrected, by their boto3 name."""

Answer = object
"""What an operation returns, to be serialised by moto with the service's own model."""

Proceed = Callable[[], Answer]
Handler = Callable[["Call", Proceed], Answer]

_LOG = logging.getLogger(__name__)


class AwsError(ServiceException):
    """An error as AWS answers it; the HTTP status comes from the service's model (400 if none).

    Args:
        code: AWS's error code.
        message: AWS's message where it is publicly known, else one that says what is wrong.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code, message)


class Call:
    """One request to one operation, and the state of the account and region that it is for."""

    def __init__(self, response: BaseResponse, service: str, operation: str) -> None:
        self._response = response
        self._service = service
        self._operation = operation

    @cached_property
    def params(self) -> dict[str, Any]:
        """The request's members by their names in AWS's API reference."""
        request = self._response.normalized_request
        model = get_service_model(self._service)
        # Services that speak several take the one that the client chose.
        protocol = determine_request_protocol(model, request.content_type)
        parser = PROTOCOL_PARSERS[protocol](model.operation_model(self._operation), map_type=dict)
        return parser.parse(
            {
                "method": request.method,
                "values": request.values,
                "headers": request.headers,
                "body": request.data,
                "url_path": request.path,
                "url_params": {},
            }
        )

    @property
    def operation(self) -> str:
        """The operation's name, `CreateDBCluster`."""
        return self._operation

    @property
    def creates(self) -> bool:
        """Whether the operation makes something new."""
        return self._operation.startswith(("Create", "Restore"))

    def rewrite(self, name: str, value: object) -> None:
        """Let moto, and later corrections, see `value` in the request instead of what was sent.

        Only for RDS, whose moto operations read their parsed members.
        """
        self.params[name] = value
        self._response.params[name] = value

    def drop(self, name: str) -> None:
        """Let moto not see a member; `params` keeps it for the corrections."""
        if name in self._response.params:
            del self._response.params[name]

    @property
    def account_id(self) -> str:
        """The account that the request is for."""
        return self._response.current_account

    @property
    def region(self) -> str:
        """The region that the request is for."""
        return self._response.region

    @property
    def partition(self) -> str:
        """The partition of the region."""
        return get_partition(self.region)

    @property
    def cloudwatch(self) -> CloudWatchBackend:
        """The CloudWatch state."""
        return cloudwatch_backends[self.account_id][self.region]

    @property
    def sns(self) -> SNSBackend:
        """The SNS state."""
        return sns(self.account_id, self.region)

    @property
    def rds(self) -> RDSBackend:
        """The RDS state."""
        return rds_backends[self.account_id][self.region]

    @property
    def ec2(self) -> EC2Backend:
        """The EC2 state."""
        return ec2(self.account_id, self.region)

    @property
    def iam(self) -> IAMBackend:
        """The IAM state."""
        return iam(self.account_id)

    @property
    def kms(self) -> KmsBackend:
        """The KMS state."""
        return kms(self.account_id, self.region)

    @property
    def logs(self) -> LogsBackend:
        """The CloudWatch Logs state."""
        return logs_backends[self.account_id][self.region]

    @property
    def server_url(self) -> str:
        """Where the request was sent, and so where every service answers."""
        return self._response.normalized_request.host_url.rstrip("/")

    @property
    def secrets(self) -> SecretsManagerBackend:
        """The Secrets Manager state."""
        return secretsmanager_backends[self.account_id][self.region]


def answer(members: Mapping[str, object] | None = None) -> Answer:
    """Answer with members by their names in AWS's API reference."""
    return ActionResult(members)


def members_of(result: Answer) -> dict[str, Any]:
    """Return the members of what a moto operation answered, before it is serialised."""
    return cast("dict[str, Any]", cast("ActionResult", result).result)


def install(service: str, operation: str, handler: Handler) -> None:
    """Wrap one operation; what is installed last runs first.

    An operation that moto lacks answers `NotImplemented` when its handler proceeds.
    """
    response_class = RESPONSES[service]
    method_name = camelcase_to_underscores(operation)
    inner = cast(
        "Callable[[BaseResponse], Answer] | None", getattr(response_class, method_name, None)
    )

    def corrected(self: BaseResponse) -> Answer:
        call = _call_of(self, service, operation)

        def proceed() -> Answer:
            if inner is None:
                raise NotImplementedError(operation)
            return inner(self)

        return handler(call, proceed)

    setattr(response_class, method_name, corrected)


def _call_of(response: BaseResponse, service: str, operation: str) -> Call:
    """One `Call` per request, so that every correction of an operation sees the same members."""
    call = cast("Call | None", getattr(response, "_corrected_call", None))
    if call is None:
        call = Call(response, service, operation)
        setattr(response, "_corrected_call", call)  # noqa: B010 - moto declares no such attribute
    return call


def answer_failures_as_aws_does() -> None:
    """Answer what moto lacks or breaks on with an AWS error instead of an HTML page."""
    # Moto warns of a code that no service's model has.
    COMMON_ERROR_CODES.extend(("NotImplemented", "InternalFailure", "AccessDeniedException"))
    inner = BaseResponse.call_action

    def call_action(self: BaseResponse) -> Any:
        try:
            return inner(self)
        except NotImplementedError as failure:
            status, code = 501, "NotImplemented"
            message = f"The emulated AWS has no {self.service_name}:{_action_of(self)} ({failure})"
        except Exception as failure:
            _LOG.exception("moto failed in %s:%s", self.service_name, _action_of(self))
            status, code = 500, "InternalFailure"
            message = f"{self.service_name}:{_action_of(self)} failed in moto: {failure!r}"
        _, headers, body = self.serialized(ActionResult(AwsError(code, message)))
        return status, headers, body

    BaseResponse.call_action = call_action


def _action_of(response: BaseResponse) -> str:
    return cast("str", getattr(response, "_get_action")())  # noqa: B009 - private in moto


class _OneAtATime:
    """Handles requests one by one: moto and its corrections check first and then change."""

    def __init__(self, application: "WSGIApplication") -> None:
        self._application = application
        self._lock = threading.Lock()

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        with self._lock:
            return self._application(environ, start_response)


def make_server(host: str, port: int) -> serving.BaseWSGIServer:
    """Bind moto's application to `host`:`port`; nothing is served yet."""
    # Werkzeug would end the process where it cannot bind.
    with socket.create_server((host, port)) as listener:
        return serving.make_server(
            host,
            port,
            _OneAtATime(DomainDispatcherApplication(create_backend_app)),
            threaded=True,
            request_handler=MotoRequestHandler,
            fd=listener.fileno(),
        )


def function_of(account_id: str, region: str, arn: str) -> LambdaFunction | None:
    """Return a Lambda function, or None where there is none."""
    backend: LambdaBackend = lambda_backends[account_id][region]
    found = [item for item in backend.list_functions() if item.function_arn == arn]
    return found[0] if found else None


def ec2(account_id: str, region: str) -> EC2Backend:
    """Return the EC2 state of one account and region."""
    return ec2_backends[account_id][region]


def iam(account_id: str) -> IAMBackend:
    """Return the IAM state of one account."""
    return iam_backends[account_id]["aws"]


def kms(account_id: str, region: str) -> KmsBackend:
    """Return the KMS state of one account and region."""
    return kms_backends[account_id][region]


def sns(account_id: str, region: str) -> SNSBackend:
    """Return the SNS state of one account and region."""
    return sns_backends[account_id][region]
