"""The engine's side of the provider protocol, against a provider in this process."""

from collections.abc import Generator, Iterable
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any, NoReturn, cast

import grpc
import pytest
from botocore import xform_name
from botocore.session import get_session
from google.protobuf import any_pb2
from pulumi.runtime.proto import provider_pb2, status_pb2

from emulator.provider.aws_connection import AwsConnection
from emulator.provider.aws_provider import AwsProvider
from emulator.provider.contract import load
from emulator.provider.protocol.properties import Properties, decode, encode, plain
from emulator.provider.protocol.servicer import ProviderServicer

REGION = "us-east-2"
CONTRACT = load()
CONFIGURATION = "sts:GetCallerIdentity"
"""A call of the provider's configuration, not of a resource."""


class AbortedError(Exception):
    """The provider ended a request with a status."""


class Context:
    """A gRPC context that raises what the provider aborts with."""

    def __init__(self) -> None:
        self.metadata: tuple[tuple[str, bytes], ...] = ()

    def set_trailing_metadata(self, metadata: tuple[tuple[str, bytes], ...]) -> None:
        self.metadata = metadata

    def abort(self, code: grpc.StatusCode, message: str) -> NoReturn:
        del code
        raise AbortedError(message)


@dataclass
class Resource:
    """A resource as the engine's state has it."""

    token: str
    inputs: Properties
    resource_id: str
    state: Properties


@cache
def api_names(service: str) -> dict[str, str]:
    """Return the operations of a service, by boto3's spelling."""
    operations: list[str] = get_session().get_service_model(service).operation_names
    return {xform_name(each): each for each in operations}


@contextmanager
def only_official_calls(token: str, step: str, given: Iterable[str]) -> Generator[None]:
    """Fail if a step makes a call that the provider contract does not list.

    Args:
        token: Type of the resource.
        step: One of the contract's steps, or `read`.
        given: The properties that the step concerns: those that changed, or all that are set.
    """
    contract, made = CONTRACT[token], set[str]()
    real_call = AwsConnection.call

    def call(self: AwsConnection, service: str, operation: str, /, **arguments: Any) -> Properties:
        made.add(f"{service}:{api_names(service)[operation]}")
        return real_call(self, service, operation, **arguments)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(AwsConnection, "call", call)
        yield
    official = {CONFIGURATION, *(f"{contract.service}:{each}" for each in contract.reads)}
    caused = {
        each.name
        for each in contract.calls.get(step, ())
        if not each.properties or set(each.properties) & set(given)
    }
    foreign = sorted(made - official - caused)
    assert foreign == [], f"the official provider's {step} of {token} does not call {foreign}"


class Engine:
    """Drives one provider as the engine does; a call that the official one does not make fails.

    Args:
        url: URL of the emulated AWS.
    """

    def __init__(self, url: str) -> None:
        self.servicer = ProviderServicer(AwsProvider(url))
        configuration = provider_pb2.ConfigureRequest(args=encode({"region": REGION}))
        self.servicer.Configure(configuration, self._context())

    def check(self, token: str, inputs: Properties, old: Properties | None = None) -> Properties:
        request = provider_pb2.CheckRequest(
            type=token,
            name="tested",
            news=encode(inputs),
            olds=encode(old or {}),
            randomSeed=b"0" * 32,
        )
        checked = self.servicer.Check(request, self._context())
        assert list(checked.failures) == []
        return decode(checked.inputs)

    def create(self, token: str, /, **inputs: Any) -> Resource:
        checked = self.check(token, inputs)
        request = provider_pb2.CreateRequest(type=token, properties=encode(checked))
        with only_official_calls(token, "create", checked):
            created = self.servicer.Create(request, self._context())
        return Resource(token, checked, created.id, decode(created.properties))

    def create_partially(self, token: str, **inputs: Any) -> tuple[Resource, list[str]]:
        """Create a resource whose creation fails after its first step.

        Returns:
            What the engine records of it, with the program's inputs, and the reasons.
        """
        checked = self.check(token, inputs)
        request = provider_pb2.CreateRequest(type=token, properties=encode(checked))
        context = Context()
        try:
            self.servicer.Create(request, cast("grpc.ServicerContext", context))
        except AbortedError:
            pass
        else:
            raise AssertionError("the creation succeeded")
        status = status_pb2.Status()
        status.ParseFromString(dict(context.metadata)["grpc-status-details-bin"])
        detail = provider_pb2.ErrorResourceInitFailed()
        packed: any_pb2.Any = status.details[0]
        packed.Unpack(detail)
        resource = Resource(token, checked, detail.id, decode(detail.properties))
        return resource, list(detail.reasons)

    def diff(self, resource: Resource, **inputs: Any) -> provider_pb2.DiffResponse:
        return self.diff_ignoring((), resource, **inputs)

    def diff_ignoring(
        self, ignored: tuple[str, ...], resource: Resource, **inputs: Any
    ) -> provider_pb2.DiffResponse:
        checked = self.check(resource.token, inputs, resource.inputs)
        request = provider_pb2.DiffRequest(
            id=resource.resource_id,
            type=resource.token,
            olds=encode(resource.state),
            old_inputs=encode(resource.inputs),
            news=encode(checked),
            ignoreChanges=ignored,
        )
        return self.servicer.Diff(request, self._context())

    def update(self, resource: Resource, **inputs: Any) -> Resource:
        checked = self.check(resource.token, inputs, resource.inputs)
        request = provider_pb2.UpdateRequest(
            id=resource.resource_id,
            type=resource.token,
            olds=encode(resource.state),
            old_inputs=encode(resource.inputs),
            news=encode(checked),
        )
        changed = [key for key in checked if checked[key] != resource.state.get(key)]
        changed += resource.inputs.keys() - checked.keys()
        with only_official_calls(resource.token, "update", changed):
            updated = self.servicer.Update(request, self._context())
        return Resource(resource.token, checked, resource.resource_id, decode(updated.properties))

    def read(self, resource: Resource) -> Resource | None:
        request = provider_pb2.ReadRequest(
            id=resource.resource_id,
            type=resource.token,
            properties=encode(resource.state),
            inputs=encode(resource.inputs),
        )
        with only_official_calls(resource.token, "read", ()):
            found = self.servicer.Read(request, self._context())
        if not found.id:
            return None
        return Resource(resource.token, decode(found.inputs), found.id, decode(found.properties))

    def delete(self, resource: Resource) -> None:
        request = provider_pb2.DeleteRequest(
            id=resource.resource_id, type=resource.token, properties=encode(resource.state)
        )
        with only_official_calls(resource.token, "delete", resource.state):
            self.servicer.Delete(request, self._context())

    def invoke(self, token: str, **arguments: Any) -> Properties:
        request = provider_pb2.InvokeRequest(tok=token, args=encode(arguments))
        response = self.servicer.Invoke(request, self._context())
        return plain(decode(getattr(response, "return")))

    def _context(self) -> grpc.ServicerContext:
        return cast("grpc.ServicerContext", Context())


def differences(engine: Engine, resource: Resource, /, **inputs: Any) -> list[str]:
    """Return the properties that differ between a resource and new inputs."""
    return list(engine.diff(resource, **inputs).diffs)


def refreshed(engine: Engine, resource: Resource) -> Resource:
    """Return a resource as it is read, which must exist."""
    found = engine.read(resource)
    assert found is not None
    return found
