"""Answers to requests that are rejected or fail."""

import logging

import grpc

from emulator.provider.protocol.errors import RejectedError

_LOG = logging.getLogger(__name__)


class Rejections:
    """Ends a request with a status when it is rejected or the provider fails."""

    def __init__(self, context: grpc.ServicerContext) -> None:
        self.context = context

    def __enter__(self) -> None:
        """Enter the context."""

    def __exit__(self, _kind: object, error: BaseException | None, _traceback: object) -> None:
        """Turn a RejectedError into a status, and any other error into one that names its cause."""
        if isinstance(error, RejectedError):
            # This code means that nothing was done, so the engine's state stays valid.
            self.context.abort(grpc.StatusCode.FAILED_PRECONDITION, str(error))
        if isinstance(error, Exception) and not is_abort(error):
            _LOG.exception("the emulated provider failed", exc_info=error)
            message = f"the emulated provider failed: {type(error).__name__}: {error}"
            self.context.abort(grpc.StatusCode.INTERNAL, message)


def is_abort(error: Exception) -> bool:
    """Return whether an error is the one by which gRPC's `abort` ends a request."""
    return type(error) is Exception  # grpc raises a plain Exception
