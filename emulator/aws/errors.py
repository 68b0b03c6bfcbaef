"""Rejections with AWS's error codes."""

from typing import NoReturn

from moto.core.exceptions import ServiceException


class ServiceError(ServiceException):
    """An AWS error; its HTTP status comes from the service's model (400 if the model has none).

    Args:
        code: AWS's error code.
        message: AWS's message if it is publicly known, otherwise one that states the problem.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code, message)


def reject(code: str, message: str) -> NoReturn:
    """Reject the request.

    Raises:
        ServiceError: always.
    """
    raise ServiceError(code, message)


def reject_value(message: str) -> NoReturn:
    """Reject a member whose value is illegal by itself.

    Raises:
        ServiceError: InvalidParameterValue.
    """
    reject("InvalidParameterValue", message)


def reject_combination(message: str) -> NoReturn:
    """Reject a member that conflicts with other members or with the current state.

    Raises:
        ServiceError: InvalidParameterCombination.
    """
    reject("InvalidParameterCombination", message)


def reject_unknown_cluster(identifier: str) -> NoReturn:
    """Reject a reference to a cluster that does not exist.

    Raises:
        ServiceError: DBClusterNotFoundFault, HTTP 404.
    """
    reject("DBClusterNotFoundFault", f"DBCluster {identifier} not found.")
