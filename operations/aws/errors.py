"""Failures of AWS calls, sorted by what the reader has to do about them."""

import re

from operations.errors import CannotRunError

ACCESS_DENIED = frozenset(
    {
        "AccessDenied",
        "AccessDeniedException",
        "AuthorizationError",
        "AuthorizationErrorException",
        "UnauthorizedOperation",
    }
)
"""Error codes of calls that IAM denies; their spelling depends on the service."""

BAD_CREDENTIALS = frozenset(
    {
        "AuthFailure",
        "ExpiredToken",
        "ExpiredTokenException",
        "InvalidClientTokenId",
        "RequestExpired",
        "SignatureDoesNotMatch",
        "UnrecognizedClientException",
    }
)
"""Error codes of credentials that AWS does not accept for any call."""

THROTTLED = frozenset(
    {
        "RequestLimitExceeded",
        "RequestThrottled",
        "SlowDown",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
    }
)
"""Error codes of calls that AWS throttles."""


class AwsCallError(CannotRunError):
    """AWS rejected a call.

    Attributes:
        action: IAM's name of the call, such as `rds:DescribeDBClusters`.
        code: AWS's error code.
        reason: AWS's message.
    """

    def __init__(self, action: str, code: str, reason: str) -> None:
        super().__init__(f"{action}: {code}: {reason}")
        self.action = action
        self.code = code
        self.reason = reason

    @property
    def is_not_found(self) -> bool:
        """Whether the error says that the resource does not exist."""
        return "NotFound" in self.code or self.code == "NoSuchEntity"


_KMS_ACTION = re.compile(r"\bkms:[A-Z]\w+")
_KMS = re.compile(r"(?<![\w/:-])(?:AWS ?)?KMS\b")
_ENCODED = re.compile(r"\s*Encoded authorization failure message:.*", re.DOTALL)


class PermissionMissingError(AwsCallError):
    """The credentials lack a permission, which the message names."""

    def __str__(self) -> str:
        """Return the missing permission, and AWS's reason: it may be about a policy or a key."""
        reason = _ENCODED.sub("", self.reason).rstrip(". ")
        needed = self._of_kms()
        if needed:
            return (
                f"AWS denies {self.action} ({reason}): allow {needed} on the key, both in the "
                "IAM policy of the credentials and in the key policy"
            )
        return f"the credentials do not allow {self.action}{f' ({reason})' if reason else ''}"

    def _of_kms(self) -> str:
        """Return the action on the key that another service was denied."""
        if self.action.startswith("kms:"):
            return ""
        named = _KMS_ACTION.search(self.reason)
        if named:
            return named[0]
        # Secrets Manager's "Access to KMS is not allowed" names none.
        return "kms:Decrypt" if _KMS.search(self.reason) else ""


class ThrottledError(AwsCallError):
    """AWS throttled the call, even after retries."""

    def __str__(self) -> str:
        """Return what to do."""
        return f"AWS throttles {self.action} ({self.code}); run the command again in a minute"


class CredentialsError(CannotRunError):
    """AWS accepts no call with the credentials, or there are none."""


class NetworkError(CannotRunError):
    """AWS does not answer."""


def rejected(action: str, code: str, reason: str) -> Exception:
    """Return the exception of an error answer.

    Args:
        action: IAM's name of the call.
        code: AWS's error code.
        reason: AWS's message.
    """
    if code in BAD_CREDENTIALS:
        return CredentialsError(
            f"AWS does not accept the credentials ({code}: {reason}): renew them, for example "
            "with `aws sso login`, and check AWS_PROFILE"
        )
    kinds = {PermissionMissingError: ACCESS_DENIED, ThrottledError: THROTTLED}
    kind = next((kind for kind, codes in kinds.items() if code in codes), AwsCallError)
    return kind(action, code, reason)
