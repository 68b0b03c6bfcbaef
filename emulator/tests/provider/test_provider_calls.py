"""The calls of the provider contract exist, and the emulated provider makes no others.

Every test that drives a resource type through `Engine` also compares the calls of the step with the
contract; here, the tables of all types are compared, whether a test drives them or not.
"""

from collections.abc import Iterator

from emulator.provider.aws_resource import AwsResource
from emulator.provider.contract import STEPS
from emulator.provider.resources import TYPES
from emulator.tests.provider.engine import CONTRACT, api_names

OFFICIAL = {token: entry for token, entry in CONTRACT.items() if token.startswith("aws:")}


def plain_calls(kind: AwsResource) -> Iterator[tuple[str, str, str]]:
    """Yield step, service and boto3's operation of what the tables of a type name."""
    operations, tagging = kind.operations, kind.tagging
    update = operations.create if operations.puts else operations.update
    yield from (
        (step, kind.service, operation)
        for step, operation in zip(
            STEPS, (operations.create, update, operations.delete), strict=True
        )
        if operation
    )
    if tagging:
        yield from (("update", tagging.service, each) for each in (tagging.tag, tagging.untag))


def test_every_type_has_the_calls_of_every_step() -> None:
    incomplete = [token for token, entry in OFFICIAL.items() if set(entry.calls) != set(STEPS)]
    assert incomplete == []
    assert len(OFFICIAL) > 40


def test_every_call_is_an_operation_of_its_service() -> None:
    calls = {
        (token, service, operation)
        for token, entry in OFFICIAL.items()
        for service, operation in (
            *((entry.service, operation) for operation in entry.reads),
            *((each.service, each.operation) for step in STEPS for each in entry.calls[step]),
        )
    }
    unknown = {
        (token, service, operation)
        for token, service, operation in calls
        if operation not in api_names(service).values()
    }
    assert unknown == set()


def test_the_plain_calls_are_those_of_the_official_provider() -> None:
    official = {
        (token, step, each.name)
        for token, entry in OFFICIAL.items()
        for step in STEPS
        for each in entry.calls[step]
    }
    own = {
        (token, step, f"{service}:{api_names(service)[operation]}")
        for token, kind in TYPES.items()
        for step, service, operation in plain_calls(kind)
    }
    assert own - official == set()
