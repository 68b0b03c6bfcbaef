"""How corrections refuse, by AWS's codes."""

from typing import NoReturn

from emulator.aws.moto_internals import AwsError


def refuse(code: str, message: str) -> NoReturn:
    """Answer with AWS's code; its HTTP status comes from the service's model.

    Raises:
        AwsError: always.
    """
    raise AwsError(code, message)


def refuse_value(message: str) -> NoReturn:
    """Refuse a member's value that is illegal by itself.

    Raises:
        AwsError: InvalidParameterValue.
    """
    refuse("InvalidParameterValue", message)


def refuse_combination(message: str) -> NoReturn:
    """Refuse a member that is illegal beside other members or beside what exists.

    Raises:
        AwsError: InvalidParameterCombination.
    """
    refuse("InvalidParameterCombination", message)


def refuse_unknown_cluster(identifier: str) -> NoReturn:
    """Refuse a cluster that does not exist.

    Raises:
        AwsError: DBClusterNotFoundFault, HTTP 404.
    """
    refuse("DBClusterNotFoundFault", f"DBCluster {identifier} not found.")
