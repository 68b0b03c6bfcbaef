"""One request as patches see it: its members by their AWS names, and the state it is about."""

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, cast

from moto.core.model import OperationModel
from moto.core.parse import PROTOCOL_PARSERS
from moto.core.request import determine_request_protocol
from moto.core.responses import ActionResult, BaseResponse
from moto.core.utils import get_service_model

from emulator.aws.moto_adapter.backends import Backends

Answer = object
"""What an operation returns; moto serializes it with the service's own model."""

Proceed = Callable[[], Answer]
Handler = Callable[["Call", Proceed], Answer]


class Call(Backends):
    """One request to one operation, with the state of its account and region.

    Attributes:
        service: boto3's name of the service.
        operation: The operation's name, `CreateDBCluster`.
    """

    def __init__(self, response: BaseResponse, service: str, operation: str) -> None:
        super().__init__(response.current_account, response.region)
        self._response = response
        self.service = service
        self.operation = operation

    @cached_property
    def model(self) -> OperationModel:
        """The operation in the service's model."""
        return get_service_model(self.service).operation_model(self.operation)

    @cached_property
    def params(self) -> dict[str, Any]:
        """The request's members by their names in AWS's API reference."""
        request = self._response.normalized_request
        # A service with several protocols uses the one that the client chose.
        service_model = get_service_model(self.service)
        protocol = determine_request_protocol(service_model, request.content_type)
        parser = PROTOCOL_PARSERS[protocol](self.model, map_type=dict)
        return parser.parse(
            {
                "method": request.method,
                "values": request.values,
                "headers": request.headers,
                "body": request.data,
                "url_path": request.path,
                "url_params": self._response.uri_match,
            }
        )

    @property
    def creates(self) -> bool:
        """Whether the operation creates a resource."""
        return self.operation.startswith(("Create", "Restore"))

    def rewrite(self, name: str, value: object) -> None:
        """Replace a member of the request for moto and for later patches.

        Only for RDS, whose moto operations read their parsed members.
        """
        self.params[name] = value
        self._response.params[name] = value

    def drop(self, name: str) -> None:
        """Hide a member from moto; `params` keeps it for the patches."""
        if name in self._response.params:
            del self._response.params[name]

    @property
    def server_url(self) -> str:
        """The URL that the request was sent to, where every service answers."""
        return self._response.normalized_request.host_url.rstrip("/")


def answer(members: Mapping[str, object] | None = None) -> Answer:
    """Return an answer whose members have their names in AWS's API reference."""
    return ActionResult(members)


def members_of(result: Answer) -> dict[str, Any]:
    """Return the members of a moto operation's answer, before it is serialized."""
    return cast("dict[str, Any]", cast("ActionResult", result).result)
