"""How the emulated aws provider reaches AWS: loopback only, with credentials that mean nothing."""

import os
import threading
from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, ParamValidationError
from botocore.parsers import ResponseParserError
from botocore.session import Session

from emulator.provider.properties import Properties, is_list, is_object
from emulator.provider.servicer import RefusedError

ENDPOINT_VARIABLE = "REHEARSAL_AWS_ENDPOINT"

NOT_IMPLEMENTED_CODES = frozenset({"500", "501", "InternalFailure", "NotYetImplemented"})
"""How moto's web server answers, in JSON protocols, what it does not implement."""


VALIDATION_CODE = "ValidationError"
"""AWS's code for a request of the wrong shape, which botocore refuses before it is sent."""


class AwsError(RefusedError):
    """AWS refused; the message starts with its error code.

    Attributes:
        code: AWS's error code, such as DBClusterAlreadyExistsFault.
        reason: AWS's own message.
    """

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(f"{code}: {reason}")
        self.code = code
        self.reason = reason


class NotImplementedByEmulatorError(RefusedError):
    """The emulated AWS has no such action, or failed inside it."""


def loopback_endpoint(environment: Mapping[str, str] = os.environ) -> str:
    """Read the emulated AWS's address from REHEARSAL_AWS_ENDPOINT.

    Raises:
        RefusedError: it is missing or not on this machine.
    """
    endpoint = environment.get(ENDPOINT_VARIABLE, "")
    if not endpoint:
        message = (
            f"{ENDPOINT_VARIABLE} is not set. This aws provider works only with an AWS emulated on "
            "this machine; start a rehearsal, or use the official plugin for a real account"
        )
        raise RefusedError(message)
    require_loopback(endpoint)
    return endpoint


def require_loopback(endpoint: str) -> None:
    """Refuse an address that is not on this machine.

    Raises:
        RefusedError: it is not.
    """
    parts = urlsplit(endpoint)
    if parts.scheme != "http" or not _is_loopback(parts.hostname or ""):
        message = (
            f"{ENDPOINT_VARIABLE}={endpoint} is not on this machine. The emulated aws provider "
            "talks to http://127.0.0.1:PORT only"
        )
        raise RefusedError(message)


class AwsConnection:
    """AWS in one region, for one provider configuration.

    Attributes:
        endpoint: Where every service answers.
        region: The region.
        default_tags: Tags that every taggable resource gets.
    """

    def __init__(
        self, endpoint: str, region: str, default_tags: dict[str, str] | None = None
    ) -> None:
        self.endpoint = endpoint
        self.region = region
        self.default_tags = default_tags or {}
        self._clients: dict[str, Any] = {}
        self._lock = threading.Lock()

    @property
    def partition(self) -> str:
        """The partition that the region belongs to, such as `aws` or `aws-cn`."""
        return Session().get_partition_for_region(self.region)

    @cached_property
    def account(self) -> str:
        """The caller's account id."""
        return str(self.call("sts", "get_caller_identity")["Account"])

    @property
    def dns_suffix(self) -> str:
        """What the partition's host names end with, such as `amazonaws.com`."""
        loader = Session().get_component("data_loader")
        partitions: list[Properties] = loader.load_data("endpoints")["partitions"]
        return next(one["dnsSuffix"] for one in partitions if one["partition"] == self.partition)

    def call(self, service: str, operation: str, **arguments: Any) -> Properties:
        """Call AWS; an argument that is None is not sent.

        Args:
            service: boto3's name, such as `rds`.
            operation: boto3's name, such as `create_db_cluster`.
            arguments: Members of the request.

        Raises:
            AwsError: AWS refused.
            NotImplementedByEmulatorError: the emulated AWS cannot do this.
        """
        given = {key: value for key, value in arguments.items() if value is not None}
        try:
            answer = getattr(self._client(service), operation)(**given)
        except ParamValidationError as error:
            raise AwsError(VALIDATION_CODE, str(error)) from error
        except ClientError as error:
            details = error.response.get("Error", {})
            code = details.get("Code", "")
            if code in NOT_IMPLEMENTED_CODES:
                raise _not_implemented(service, operation) from error
            raise AwsError(code, details.get("Message", "")) from error
        except ResponseParserError as error:
            raise _not_implemented(service, operation) from error
        except BotoCoreError as error:
            message = f"the emulated AWS at {self.endpoint} does not answer {operation}: {error}"
            raise RefusedError(message) from error
        return _json(answer)

    def pages(self, service: str, operation: str, member: str, **arguments: Any) -> list[Any]:
        """Call AWS for every page of a list.

        Args:
            service: boto3's name.
            operation: boto3's name.
            member: The member of the answer that holds the list.
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

    def _client(self, service: str) -> Any:
        with self._lock:
            if service not in self._clients:
                self._clients[service] = Session().create_client(
                    service,
                    endpoint_url=self.endpoint,
                    region_name=self.region,
                    aws_access_key_id="rehearsal",
                    aws_secret_access_key="rehearsal",  # noqa: S106 - it opens nothing
                    # An empty dict, so that HTTP_PROXY of the environment does not apply.
                    config=Config(proxies={}, retries={"total_max_attempts": 1}),
                )
            return self._clients[service]


PAGE_TOKENS = {
    "Marker": "Marker",
    "NextToken": "NextToken",
    "nextToken": "nextToken",
    "NextMarker": "Marker",
}
"""How services name the token of the next page: in an answer, in the next request."""


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _not_implemented(service: str, operation: str) -> NotImplementedByEmulatorError:
    return NotImplementedByEmulatorError(
        f"the emulated AWS does not implement {service} {operation}, or failed inside it; "
        "a real account would have answered"
    )


def _json(value: Any) -> Any:
    """Turn boto3's dates into text, as state holds JSON only."""
    if is_object(value):
        return {key: _json(item) for key, item in value.items() if key != "ResponseMetadata"}
    if is_list(value):
        return [_json(item) for item in value]
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%SZ")
    return value
