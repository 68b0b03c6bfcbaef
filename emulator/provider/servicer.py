"""The engine's ResourceProvider protocol over tables of resource types.

It stands on the generated servicer and not on `pulumi.provider.experimental`, whose server (3.272)
cannot marshal a computed value, so no preview can be told what is unknown, and whose DiffRequest
carries no old inputs, so a default that AWS filled in looks like a change.
"""
# ruff: noqa: N802, ARG002 - the protocol names the methods and their parameters

import logging
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar, Generic, NoReturn

import grpc
from google.protobuf import any_pb2, empty_pb2
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc, status_pb2

from emulator.engine import plugin_server
from emulator.provider import lifecycle
from emulator.provider.properties import (
    Properties,
    decode,
    encode,
    is_unknown,
    keep_secrets,
    plain,
)
from emulator.provider.resource_type import PartiallyCreatedError, ResourceType, SessionT

Diff = provider_pb2.DiffResponse
Kind = provider_pb2.PropertyDiff.Kind


class RefusedError(Exception):
    """The far side, or the provider in its name, refuses; the message is for the user."""


class Package(ABC, Generic[SessionT]):
    """A provider: resource types, functions and a configuration.

    Attributes:
        version: That of the Python package whose provider it replaces.
        types: Its resource types by token.
    """

    version: str
    types: ClassVar[Mapping[str, ResourceType[Any]]]

    def configure(self, config: Properties) -> None:
        """Take the provider's configuration.

        Raises:
            RefusedError: it cannot work with it.
        """

    @abstractmethod
    def session(self, properties: Properties) -> SessionT:
        """Give what a resource's verbs reach the far side with.

        Args:
            properties: The resource's inputs or state.
        """

    def invoke(self, token: str, arguments: Properties) -> Properties:
        """Call a function.

        Raises:
            RefusedError: it fails or does not exist.
        """
        message = f"the emulated provider has no function {token}"
        raise RefusedError(message)

    def resource(self, token: str) -> ResourceType[SessionT]:
        """Find a resource type.

        Raises:
            RefusedError: there is none of that name.
        """
        if token not in self.types:
            message = f"the emulated provider has no resource type {token}"
            raise RefusedError(message)
        return self.types[token]


class ProviderServicer(provider_pb2_grpc.ResourceProviderServicer, Generic[SessionT]):
    """Serves one package to one engine."""

    def __init__(self, package: Package[SessionT]) -> None:
        self.package = package

    def Handshake(
        self, request: provider_pb2.ProviderHandshakeRequest, context: grpc.ServicerContext
    ) -> provider_pb2.ProviderHandshakeResponse:
        """Agree on secrets as values of their own."""
        return provider_pb2.ProviderHandshakeResponse(accept_secrets=True)

    def GetPluginInfo(
        self, request: empty_pb2.Empty, context: grpc.ServicerContext
    ) -> plugin_pb2.PluginInfo:
        """Tell the version."""
        return plugin_pb2.PluginInfo(version=self.package.version)

    def CheckConfig(
        self, request: provider_pb2.CheckRequest, context: grpc.ServicerContext
    ) -> provider_pb2.CheckResponse:
        """Take any configuration; Configure judges it."""
        return provider_pb2.CheckResponse(inputs=request.news)

    def DiffConfig(
        self, request: provider_pb2.DiffRequest, context: grpc.ServicerContext
    ) -> provider_pb2.DiffResponse:
        """Report a changed configuration; it replaces nothing, as with the official provider."""
        old, new = plain(decode(request.old_inputs)), plain(decode(request.news))
        changed = sorted(key for key in old | new if old.get(key) != new.get(key))
        return Diff(changes=Diff.DIFF_SOME if changed else Diff.DIFF_NONE, diffs=changed)

    def Configure(
        self, request: provider_pb2.ConfigureRequest, context: grpc.ServicerContext
    ) -> provider_pb2.ConfigureResponse:
        """Configure the package."""
        with Refusals(context):
            self.package.configure(plain(decode(request.args)))
        return provider_pb2.ConfigureResponse(acceptSecrets=True, supportsPreview=True)

    def Check(
        self, request: provider_pb2.CheckRequest, context: grpc.ServicerContext
    ) -> provider_pb2.CheckResponse:
        """Complete and judge a resource's inputs."""
        with Refusals(context):
            resource = self.package.resource(request.type)
            inputs, failures = lifecycle.check(
                resource,
                request.name,
                decode(request.news),
                decode(request.olds),
                request.randomSeed,
            )
            inputs = resource.complete(self.package.session(plain(inputs)), inputs)
        return provider_pb2.CheckResponse(
            inputs=encode(inputs),
            failures=[
                provider_pb2.CheckFailure(property=name, reason=reason) for name, reason in failures
            ],
        )

    def Diff(
        self, request: provider_pb2.DiffRequest, context: grpc.ServicerContext
    ) -> provider_pb2.DiffResponse:
        """Compare old inputs with new ones."""
        with Refusals(context):
            changes = lifecycle.diff(
                self.package.resource(request.type),
                plain(decode(request.old_inputs)),
                plain(decode(request.news)),
            )
        names = sorted({change.property_name for change in changes})
        replaced = sorted({change.property_name for change in changes if change.replaces})
        return Diff(
            changes=Diff.DIFF_SOME if changes else Diff.DIFF_NONE,
            diffs=names,
            replaces=replaced,
            hasDetailedDiff=True,
            detailedDiff={
                change.path: provider_pb2.PropertyDiff(kind=kind_of(change), inputDiff=True)
                for change in changes
            },
        )

    def Create(
        self, request: provider_pb2.CreateRequest, context: grpc.ServicerContext
    ) -> provider_pb2.CreateResponse:
        """Create a resource, or tell what it would be."""
        given = decode(request.properties)
        with Refusals(context):
            resource = self.package.resource(request.type)
            if request.preview:
                changed = frozenset(given)
                expected = lifecycle.preview_outputs(resource, given, {}, changed)
                return provider_pb2.CreateResponse(properties=encode(expected))
            try:
                resource_id, state = self._create(resource, plain(given))
            except PartiallyCreatedError as error:
                self._abort_half_created(resource, error, given, context)
        return provider_pb2.CreateResponse(
            id=resource_id, properties=encode(keep_secrets(state, given))
        )

    def Read(
        self, request: provider_pb2.ReadRequest, context: grpc.ServicerContext
    ) -> provider_pb2.ReadResponse:
        """Read a resource for a refresh or an import; an empty answer means that it is gone."""
        state, old_inputs = decode(request.properties), decode(request.inputs)
        known = plain(old_inputs)
        with Refusals(context):
            resource = self.package.resource(request.type)
            session = self.package.session(plain(state) | known)
            observed = resource.read(session, request.id, plain(state) | known)
        if observed is None:
            return provider_pb2.ReadResponse()
        inputs = lifecycle.inputs_of(resource, observed, known)
        outputs = lifecycle.outputs_of(resource, observed, inputs)
        return provider_pb2.ReadResponse(
            id=request.id,
            properties=encode(keep_secrets(lifecycle.seal(resource, outputs), state)),
            inputs=encode(keep_secrets(lifecycle.seal(resource, inputs), old_inputs)),
        )

    def Update(
        self, request: provider_pb2.UpdateRequest, context: grpc.ServicerContext
    ) -> provider_pb2.UpdateResponse:
        """Change a resource in place, or tell what it would become."""
        given = decode(request.news)
        inputs = plain(given)
        with Refusals(context):
            resource = self.package.resource(request.type)
            changes = lifecycle.diff(resource, plain(decode(request.old_inputs)), inputs)
            changed = frozenset(change.property_name for change in changes)
            if request.preview:
                old_state = decode(request.olds)
                expected = lifecycle.preview_outputs(resource, given, old_state, changed)
                return provider_pb2.UpdateResponse(properties=encode(expected))
            complete = lifecycle.with_empties(resource, inputs, changed)
            resource.update(self.package.session(inputs), request.id, complete, changed)
            state = self._state(resource, request.id, inputs)
            if state is None:
                message = f"{request.type} {request.id} is gone after its update"
                raise RefusedError(message)
        return provider_pb2.UpdateResponse(properties=encode(keep_secrets(state, given)))

    def Delete(
        self, request: provider_pb2.DeleteRequest, context: grpc.ServicerContext
    ) -> empty_pb2.Empty:
        """Delete a resource."""
        state = plain(decode(request.properties))
        with Refusals(context):
            resource = self.package.resource(request.type)
            resource.delete(self.package.session(state), request.id, state)
        return empty_pb2.Empty()

    def Invoke(
        self, request: provider_pb2.InvokeRequest, context: grpc.ServicerContext
    ) -> provider_pb2.InvokeResponse:
        """Call a function; with an unknown argument its answer is unknown too."""
        arguments = plain(decode(request.args))
        answer: Properties = {}
        if not is_unknown(arguments):
            with Refusals(context):
                answer = self.package.invoke(request.tok, arguments)
        response = provider_pb2.InvokeResponse()
        # `return` is a Python keyword.
        getattr(response, "return").CopyFrom(encode(answer))
        return response

    def Attach(
        self, request: plugin_pb2.PluginAttach, context: grpc.ServicerContext
    ) -> empty_pb2.Empty:
        """Accept an engine; nothing is kept of it."""
        return empty_pb2.Empty()

    def Cancel(self, request: empty_pb2.Empty, context: grpc.ServicerContext) -> empty_pb2.Empty:
        """Do nothing: no request waits for long against an emulated AWS."""
        return empty_pb2.Empty()

    def _create(
        self, resource: ResourceType[SessionT], inputs: Properties
    ) -> tuple[str, Properties]:
        created = resource.create(self.package.session(inputs), inputs)
        try:
            state = self._state(resource, created.resource_id, inputs | created.learnt)
        except RefusedError as error:
            raise PartiallyCreatedError(created.resource_id, error) from error
        if state is None:
            message = f"{resource.token} {created.resource_id} is gone right after its creation"
            raise RefusedError(message)
        return created.resource_id, state

    def _state(
        self, resource: ResourceType[SessionT], resource_id: str, inputs: Properties
    ) -> Properties | None:
        observed = resource.read(self.package.session(inputs), resource_id, inputs)
        if observed is None:
            return None
        return lifecycle.seal(resource, lifecycle.outputs_of(resource, observed, inputs))

    def _abort_half_created(
        self,
        resource: ResourceType[SessionT],
        error: PartiallyCreatedError,
        given: Properties,
        context: grpc.ServicerContext,
    ) -> NoReturn:
        """Hand back what exists, so that the next update mends it instead of clashing with it."""
        inputs = plain(given)
        session = self.package.session(inputs)
        try:
            observed = resource.read(session, error.resource_id, inputs) or {}
        except RefusedError:
            # The id alone lets the next refresh find out; the first error is the one to show.
            observed = {}
        made = lifecycle.inputs_of(resource, observed, inputs)
        detail = provider_pb2.ErrorResourceInitFailed(
            id=error.resource_id,
            properties=encode(keep_secrets(observed, given)),
            inputs=encode(keep_secrets(made, given)),
            reasons=[str(error)],
        )
        packed = any_pb2.Any()
        packed.Pack(detail)
        code = grpc.StatusCode.UNKNOWN
        status = status_pb2.Status(code=code.value[0], message=str(error), details=[packed])
        context.set_trailing_metadata((("grpc-status-details-bin", status.SerializeToString()),))
        context.abort(code, str(error))


class Refusals:
    """Ends a request with a clear status when the far side refuses."""

    def __init__(self, context: grpc.ServicerContext) -> None:
        self.context = context

    def __enter__(self) -> None:
        """Start watching."""

    def __exit__(self, _kind: object, error: BaseException | None, _traceback: object) -> None:
        """Turn a RefusedError into a status; other errors are faults and stay as they are."""
        if isinstance(error, RefusedError):
            # A code that tells the engine that nothing was done: its state stays certain.
            self.context.abort(grpc.StatusCode.FAILED_PRECONDITION, str(error))


def kind_of(change: lifecycle.Change) -> Kind.ValueType:
    """Name a change as the protocol does."""
    return Kind.Value(f"{change.kind}_REPLACE" if change.replaces else change.kind)


def serve(package: Package[Any]) -> None:
    """Serve a package as a plugin until the engine stops it."""
    logging.basicConfig(level=logging.ERROR)
    servicer = ProviderServicer(package)
    plugin_server.serve(
        lambda server: provider_pb2_grpc.add_ResourceProviderServicer_to_server(servicer, server)
    )
