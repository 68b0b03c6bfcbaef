"""The aws provider's connection to the emulated AWS: loopback addresses only, dummy credentials."""

import os
import threading
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from datetime import datetime
from functools import cache, cached_property
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, ParamValidationError
from botocore.parsers import ResponseParserError
from botocore.session import Session

from emulator.isolation import DUMMY_CREDENTIAL
from emulator.provider.protocol.errors import RejectedError
from emulator.provider.protocol.properties import Properties, is_list, is_object

ENDPOINT_VARIABLE = "EMULATOR_AWS_ENDPOINT"
"""Environment variable: the URL of the emulated AWS."""

LOG_VARIABLE = "EMULATOR_AWS_LOG"
"""Environment variable: the log file of the emulated AWS, which error messages name."""

EMULATOR_FAILURE_CODES = frozenset({"500", "501", "InternalFailure", "NotImplemented"})
"""Error codes of requests that the emulated AWS does not implement or fails on."""

READ_TIMEOUT_SECONDS = {"lambda": 960}
"""Seconds to wait for an answer of a service, if not 60; a function may run for 900 seconds."""

POOL_SIZE = 32
"""Open connections of a client: as many as an engine sends requests at once."""

VALIDATION_CODE = "ValidationError"
"""AWS's code for an invalid request, for those that botocore rejects before sending."""


class AwsError(RejectedError):
    """AWS rejected the request; the message starts with the error code.

    Attributes:
        code: AWS's error code, such as DBClusterAlreadyExistsFault.
        reason: AWS's own message.
    """

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(f"{code}: {reason}")
        self.code = code
        self.reason = reason


class EmulatorFailureError(RejectedError):
    """The emulated AWS does not implement the operation, or failed; the message has the cause."""


def loopback_endpoint(environment: Mapping[str, str] = os.environ) -> str:
    """Return the emulated AWS's URL from EMULATOR_AWS_ENDPOINT.

    Raises:
        RejectedError: it is missing or not a loopback address.
    """
    endpoint = environment.get(ENDPOINT_VARIABLE, "")
    if not endpoint:
        message = (
            f"{ENDPOINT_VARIABLE} is not set. This aws provider works only with an emulated AWS on "
            "this machine; for a real account use the official plugin"
        )
        raise RejectedError(message)
    require_loopback(endpoint)
    return endpoint


def require_loopback(endpoint: str) -> None:
    """Reject a URL that is not on this machine.

    Raises:
        RejectedError: it is not a loopback address.
    """
    parts = urlsplit(endpoint)
    if parts.scheme != "http" or not _is_loopback(parts.hostname or ""):
        message = (
            f"{ENDPOINT_VARIABLE}={endpoint} is not on this machine. The emulated aws provider "
            "accepts only http://127.0.0.1:PORT"
        )
        raise RejectedError(message)


class AwsConnection:
    """A connection to one region, for one provider configuration.

    Attributes:
        endpoint: The URL of all services.
        region: The region.
        default_tags: Tags of every taggable resource.
    """

    def __init__(
        self, endpoint: str, region: str, default_tags: dict[str, str] | None = None
    ) -> None:
        self.endpoint = endpoint
        self.region = region
        self.default_tags = default_tags or {}

    @property
    def partition(self) -> str:
        """The region's partition, such as `aws` or `aws-cn`."""
        return _session.get_partition_for_region(self.region)

    @cached_property
    def account(self) -> str:
        """The caller's account id."""
        return str(self.call("sts", "get_caller_identity")["Account"])

    @property
    def dns_suffix(self) -> str:
        """The partition's DNS suffix, such as `amazonaws.com`."""
        loader = _session.get_component("data_loader")
        partitions: list[Properties] = loader.load_data("endpoints")["partitions"]
        return next(one["dnsSuffix"] for one in partitions if one["partition"] == self.partition)

    def call(self, service: str, operation: str, /, **arguments: Any) -> Properties:
        """Call an operation; an argument that is None is not sent.

        Args:
            service: boto3's name of the service, such as `rds`.
            operation: boto3's name of the operation, such as `create_db_cluster`.
            arguments: Members of the request.

        Raises:
            AwsError: AWS rejected the request.
            EmulatorFailureError: the emulated AWS does not implement it, or failed.
        """
        given = {key: value for key, value in arguments.items() if value is not None}
        try:
            answer = getattr(_client(self.endpoint, self.region, service), operation)(**given)
        except ParamValidationError as error:
            raise AwsError(VALIDATION_CODE, str(error)) from error
        except ClientError as error:
            details = error.response.get("Error", {})
            code = details.get("Code", "")
            reason = details.get("Message", "")
            if code in EMULATOR_FAILURE_CODES:
                cause = f"{service} {operation}: {reason or code}"
                raise _failure(cause) from error
            raise AwsError(code, reason) from error
        except ResponseParserError as error:
            cause = f"{service} {operation}: unreadable response: {error}"
            raise _failure(cause) from error
        except BotoCoreError as error:
            message = f"the emulated AWS at {self.endpoint} did not answer {operation}: {error}"
            raise RejectedError(message) from error
        return _json(answer)

    def pages(self, service: str, operation: str, member: str, **arguments: Any) -> list[Any]:
        """Call an operation for every page and return the whole list.

        Args:
            service: boto3's name of the service.
            operation: boto3's name of the operation.
            member: The member of the response that is the list.
            arguments: Members of the request.
        """
        found: list[Any] = []
        token: Properties = {}
        while True:
            answer = self.call(service, operation, **arguments, **token)
            found.extend(answer.get(member) or [])
            token = {
                sent: answer[received]
                for received, sent in PAGE_TOKENS.items()
                if answer.get(received)
            }
            if not token:
                return found


Answer = Callable[[AWSPreparedRequest], AWSResponse]

_session = Session()
"""One for all connections: every session parses botocore's list of endpoints, which takes 0.1 s."""
_servers: dict[str, Answer] = {}
"""The servers of this process by their URL, which answer without a connection."""


@contextmanager
def answered_in_process(endpoint: str, answer: Answer) -> Generator[None]:
    """Answer the requests of this process to an endpoint until the context ends.

    Args:
        endpoint: URL of a server of this process.
        answer: What it answers.
    """
    _servers[endpoint] = answer
    try:
        yield
    finally:
        del _servers[endpoint]


def _answer(request: AWSPreparedRequest, **_: object) -> Any:
    url = urlsplit(request.url)
    answer = _servers.get(f"{url.scheme}://{url.netloc}")
    return answer and answer(request)


_session.register("before-send", _answer)
_creating = threading.Lock()


@cache
def _created_client(endpoint: str, region: str, service: str) -> Any:
    return _session.create_client(
        service,
        endpoint_url=endpoint,
        region_name=region,
        aws_access_key_id=DUMMY_CREDENTIAL,
        aws_secret_access_key=DUMMY_CREDENTIAL,
        # An empty dict, so that botocore ignores HTTP_PROXY.
        config=Config(
            proxies={},
            retries={"total_max_attempts": 1},
            read_timeout=READ_TIMEOUT_SECONDS.get(service, 60),
            max_pool_connections=POOL_SIZE,
        ),
    )


def _client(endpoint: str, region: str, service: str) -> Any:
    """Return a client; all providers of a process share it, as it takes long to create."""
    # Clients can be used by several threads at once, but not created.
    with _creating:
        return _created_client(endpoint, region, service)


PAGE_TOKENS = {
    "Marker": "Marker",
    "NextToken": "NextToken",
    "nextToken": "nextToken",
    "NextMarker": "Marker",
}
"""The token of the next page: its name in a response, and in the next request."""


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _failure(cause: str) -> EmulatorFailureError:
    log = os.environ.get(LOG_VARIABLE)
    return EmulatorFailureError(f"{cause} (log of the emulated AWS: {log})" if log else cause)


def _json(value: Any) -> Any:
    """Convert boto3's dates to text, as state is JSON."""
    if is_object(value):
        return {key: _json(item) for key, item in value.items() if key != "ResponseMetadata"}
    if is_list(value):
        return [_json(item) for item in value]
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%SZ")
    return value
