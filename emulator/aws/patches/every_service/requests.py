"""Requests: validation against the service's model."""

from collections.abc import Mapping

from emulator.aws.errors import reject
from emulator.aws.moto_adapter import operations
from emulator.aws.moto_adapter.call import Call
from emulator.aws.registry import patch_classes
from emulator.aws.validation import constraints

_CODES: Mapping[str, str] = {
    # Common Errors of these API references.
    "cloudwatch": "ValidationError",
    "iam": "ValidationError",
    "rds": "ValidationError",
    "sns": "ValidationError",
    "sts": "ValidationError",
    # EC2 API reference, Error codes.
    "ec2": "InvalidParameterValue",
    # CloudWatch Logs API reference, the errors of each operation.
    "logs": "InvalidParameterException",
}
_DEFAULT_CODE = "ValidationException"
"""Common Errors of the API references of services with a JSON protocol."""


@patch_classes(
    moto_behaviour="patterns, lengths, ranges and enumerations of the service models are ignored",
    aws="the service rejects the request with its validation error and lists every violation",
    source="the Common Errors page of each API reference; the constraints are those of the service "
    "models in botocore",
    test="every_service/test_requests::test_a_request_that_violates_its_model_is_rejected",
)
def validate_requests() -> None:
    """Validate every request before moto handles it."""
    operations.before_every_operation(_validate)


def _validate(call: Call) -> None:
    shape = call.model.input_shape
    found = constraints.violations(shape, call.params) if shape is not None else []
    if found:
        reject(_CODES.get(call.service, _DEFAULT_CODE), constraints.summary(found))
