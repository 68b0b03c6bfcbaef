"""boto3 behind one method: calls by name, all pages of lists, errors in plain words."""

import threading
from collections.abc import Generator
from contextlib import contextmanager
from functools import cached_property
from typing import Any, cast

import boto3
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionError,
    CredentialRetrievalError,
    HTTPClientError,
    NoCredentialsError,
    PartialCredentialsError,
    ProfileNotFound,
    SSOError,
    TokenRetrievalError,
    UnauthorizedSSOTokenError,
)

from operations.aws.errors import CredentialsError, NetworkError, rejected
from operations.errors import CannotRunError

Properties = dict[str, Any]
"""A response of AWS, with the member names of its API reference."""

_CONFIG = Config(
    connect_timeout=5,
    read_timeout=20,
    max_pool_connections=32,
    retries={"mode": "standard", "total_max_attempts": 4},
    user_agent_extra="aurora-data-platform-operations",
)
_INVOCATIONS = Config(read_timeout=900, retries={"mode": "standard", "total_max_attempts": 1})
"""A function runs for up to 15 minutes, and must not be invoked again because it is slow."""
_CREDENTIALS = (
    CredentialRetrievalError,
    NoCredentialsError,
    PartialCredentialsError,
    ProfileNotFound,
    SSOError,
    TokenRetrievalError,
    UnauthorizedSSOTokenError,
)


class AwsClients:
    """Clients of one region, with the caller's credentials.

    `AWS_ENDPOINT_URL` redirects every service, for example to an emulated AWS.

    Args:
        region: The region of the stack, whatever the environment says.

    Attributes:
        region: The region.
        actions: The calls made so far, as IAM actions.
    """

    def __init__(self, region: str) -> None:
        self.region = region
        self.actions: set[str] = set()
        self._clients: dict[str, Any] = {}
        self._lock = threading.Lock()

    def call(self, service: str, operation: str, **members: object) -> Properties:
        """Call an operation.

        Args:
            service: boto3's name of the service, such as `rds`.
            operation: boto3's name of the operation, such as `describe_db_clusters`.
            members: Members of the request.

        Raises:
            AwsCallError: AWS rejected the call; PermissionMissingError if IAM did.
            CredentialsError: there are no credentials, or AWS does not accept them.
            NetworkError: AWS does not answer.
        """
        client = self._client(service)
        with self._translated(service, client, operation):
            return cast("Properties", getattr(client, operation)(**members))

    def pages(self, service: str, operation: str, member: str, **members: object) -> list[Any]:
        """Call an operation page by page and return the whole list.

        Args:
            service: See `call`.
            operation: See `call`.
            member: The member of the answer that is the list.
            members: Members of the request.

        Raises:
            AwsCallError: see `call`.
        """
        client = self._client(service)
        if not client.can_paginate(operation):
            return list(self.call(service, operation, **members).get(member, []))
        with self._translated(service, client, operation):
            pages = client.get_paginator(operation).paginate(**members)
            # AWS leaves out an empty list in some protocols.
            return [item for page in pages for item in page.get(member, [])]

    @contextmanager
    def _translated(self, service: str, client: Any, operation: str) -> Generator[None]:
        action = f"{service}:{client.meta.method_to_api_mapping[operation]}"
        with self._lock:
            self.actions.add(action)
        try:
            yield
        except ClientError as error:
            details = error.response.get("Error", {})
            raise rejected(action, details.get("Code", ""), details.get("Message", "")) from None
        except _CREDENTIALS as error:
            raise _no_credentials(error) from None
        except (ConnectionError, HTTPClientError) as error:
            message = f"AWS does not answer {action}: {error}"
            raise NetworkError(message) from None
        except BotoCoreError as error:
            message = f"{action} failed: {error}"
            raise CannotRunError(message) from None

    @cached_property
    def identity(self) -> Properties:
        """Account and ARN of the credentials.

        Raises:
            CredentialsError: there are none, or AWS does not accept them.
            NetworkError: AWS does not answer.
        """
        return self.call("sts", "get_caller_identity")

    @cached_property
    def session(self) -> Any:
        """The boto3 session.

        Raises:
            CredentialsError: the profile does not exist.
        """
        try:
            return cast("Any", boto3.Session(region_name=self.region))
        except ProfileNotFound as error:
            raise _no_credentials(error) from None

    @property
    def endpoint(self) -> str:
        """The URL of RDS in use; a loopback address if AWS is emulated."""
        return str(self._client("rds").meta.endpoint_url)

    @property
    def configured_region(self) -> str | None:
        """The region of the environment or the profile; None if neither names one."""
        return cast("str | None", cast("Any", boto3.Session()).region_name)

    def _client(self, service: str) -> Any:
        with self._lock:
            if service not in self._clients:
                config = _CONFIG.merge(_INVOCATIONS) if service == "lambda" else _CONFIG
                self._clients[service] = self.session.client(service, config=config)
            return self._clients[service]


def _no_credentials(error: Exception) -> CredentialsError:
    return CredentialsError(
        f"no AWS credentials: {error}. Set AWS_PROFILE, or log in, for example with `aws sso login`"
    )
