"""Errors of providers."""


class RejectedError(Exception):
    """The request is rejected, by AWS or by the provider itself; the message is for the user."""


class PartiallyCreatedError(Exception):
    """A resource exists, but a later step of its creation was rejected."""

    def __init__(self, resource_id: str, reason: Exception) -> None:
        super().__init__(str(reason))
        self.resource_id = resource_id
