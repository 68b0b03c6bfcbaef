"""The engine's ResourceProvider protocol over tables of resource types.

It uses the generated servicer instead of `pulumi.provider.experimental`: that server (3.272) cannot
marshal a computed value, so previews could not show unknown values, and its DiffRequest has no old
inputs, so a default filled in by AWS would look like a change.
"""
# ruff: noqa: N802, ARG002 - the protocol names the methods and their parameters

import json
import logging
from typing import Any, Generic, NoReturn

import grpc
from google.protobuf import any_pb2, empty_pb2
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc, status_pb2

from emulator.engine import plugin_server
from emulator.provider.protocol import lifecycle
from emulator.provider.protocol.errors import PartiallyCreatedError, RejectedError
from emulator.provider.protocol.properties import (
    Properties,
    decode,
    encode,
    is_unknown,
    keep_secrets,
    plain,
)
from emulator.provider.protocol.provider import Provider
from emulator.provider.protocol.rejections import Rejections
from emulator.provider.protocol.resource_type import ResourceType, SessionT
from emulator.provider.protocol.schema import schema_of

Diff = provider_pb2.DiffResponse
Kind = provider_pb2.PropertyDiff.Kind


class ProviderServicer(provider_pb2_grpc.ResourceProviderServicer, Generic[SessionT]):
    """Serves one provider to one engine."""

    def __init__(self, provider: Provider[SessionT]) -> None:
        self.provider = provider

    def Handshake(
        self, request: provider_pb2.ProviderHandshakeRequest, context: grpc.ServicerContext
    ) -> provider_pb2.ProviderHandshakeResponse:
        """Accept secrets as values of their own type."""
        return provider_pb2.ProviderHandshakeResponse(accept_secrets=True)

    def GetPluginInfo(
        self, request: empty_pb2.Empty, context: grpc.ServicerContext
    ) -> plugin_pb2.PluginInfo:
        """Return the version."""
        return plugin_pb2.PluginInfo(version=self.provider.version)

    def GetSchema(
        self, request: provider_pb2.GetSchemaRequest, context: grpc.ServicerContext
    ) -> provider_pb2.GetSchemaResponse:
        """Return the schema of the resource types."""
        (name,) = {token.partition(":")[0] for token in self.provider.types}
        return provider_pb2.GetSchemaResponse(schema=json.dumps(schema_of(name, self.provider)))

    def CheckConfig(
        self, request: provider_pb2.CheckRequest, context: grpc.ServicerContext
    ) -> provider_pb2.CheckResponse:
        """Accept any configuration; Configure validates it."""
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
        """Configure the provider."""
        with Rejections(context):
            self.provider.configure(plain(decode(request.args)))
        return provider_pb2.ConfigureResponse(acceptSecrets=True, supportsPreview=True)

    def Check(
        self, request: provider_pb2.CheckRequest, context: grpc.ServicerContext
    ) -> provider_pb2.CheckResponse:
        """Complete and validate a resource's inputs."""
        with Rejections(context):
            resource = self.provider.resource(request.type)
            inputs, failures = lifecycle.check(
                resource,
                request.name,
                decode(request.news),
                decode(request.olds),
                request.randomSeed,
            )
            inputs = resource.complete(self.provider.session(plain(inputs)), inputs)
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
        with Rejections(context):
            resource = self.provider.resource(request.type)
            news = plain(decode(request.news))
            changes = self._changes(resource, request, news)
            deletes_first = self.provider.deletes_before_replacing(
                request.type, lifecycle.given_by_program(news)
            )
        names = sorted({change.property_name for change in changes})
        replaced = sorted({change.property_name for change in changes if change.replaces})
        return Diff(
            changes=Diff.DIFF_SOME if changes else Diff.DIFF_NONE,
            diffs=names,
            replaces=replaced,
            deleteBeforeReplace=bool(replaced) and deletes_first,
            hasDetailedDiff=True,
            detailedDiff={
                change.path: provider_pb2.PropertyDiff(kind=kind_of(change), inputDiff=True)
                for change in changes
            },
        )

    def Create(
        self, request: provider_pb2.CreateRequest, context: grpc.ServicerContext
    ) -> provider_pb2.CreateResponse:
        """Create a resource, or preview its creation."""
        given = decode(request.properties)
        with Rejections(context):
            resource = self.provider.resource(request.type)
            if request.preview:
                changed = frozenset(given)
                expected = lifecycle.preview_outputs(resource, given, {}, changed)
                return provider_pb2.CreateResponse(properties=encode(expected))
            try:
                resource_id, state = self._create(resource, plain(given))
            except PartiallyCreatedError as error:
                self._abort_partial_creation(resource, error, given, context)
        return provider_pb2.CreateResponse(
            id=resource_id, properties=encode(keep_secrets(state, given))
        )

    def Read(
        self, request: provider_pb2.ReadRequest, context: grpc.ServicerContext
    ) -> provider_pb2.ReadResponse:
        """Read a resource for a refresh or an import; answer nothing if it does not exist."""
        state, old_inputs = decode(request.properties), decode(request.inputs)
        known = plain(old_inputs)
        with Rejections(context):
            resource = self.provider.resource(request.type)
            session = self.provider.session(plain(state) | known)
            observed = resource.read(session, request.id, plain(state) | known)
        if observed is None:
            return provider_pb2.ReadResponse()
        inputs = lifecycle.inputs_of(resource, observed, known)
        outputs = lifecycle.outputs_of(resource, observed, inputs)
        return provider_pb2.ReadResponse(
            id=request.id,
            properties=encode(keep_secrets(lifecycle.mark_secrets(resource, outputs), state)),
            inputs=encode(keep_secrets(lifecycle.mark_secrets(resource, inputs), old_inputs)),
        )

    def Update(
        self, request: provider_pb2.UpdateRequest, context: grpc.ServicerContext
    ) -> provider_pb2.UpdateResponse:
        """Update a resource in place, or preview its update."""
        given = decode(request.news)
        inputs = plain(given)
        with Rejections(context):
            resource = self.provider.resource(request.type)
            changes = self._changes(resource, request, inputs)
            changed = frozenset(change.property_name for change in changes)
            old_state = decode(request.olds)
            if request.preview:
                expected = lifecycle.preview_outputs(resource, given, old_state, changed)
                return provider_pb2.UpdateResponse(properties=encode(expected))
            complete = lifecycle.with_empties(resource, inputs, changed)
            session = self.provider.session(inputs)
            extra = resource.update(session, request.id, complete, changed, plain(old_state))
            state = self._state(resource, request.id, inputs | extra)
            if state is None:
                message = f"{request.type} {request.id} does not exist after its update"
                raise RejectedError(message)
        return provider_pb2.UpdateResponse(properties=encode(keep_secrets(state, given)))

    def Delete(
        self, request: provider_pb2.DeleteRequest, context: grpc.ServicerContext
    ) -> empty_pb2.Empty:
        """Delete a resource."""
        state = plain(decode(request.properties))
        with Rejections(context):
            resource = self.provider.resource(request.type)
            resource.delete(self.provider.session(state), request.id, state)
        return empty_pb2.Empty()

    def Invoke(
        self, request: provider_pb2.InvokeRequest, context: grpc.ServicerContext
    ) -> provider_pb2.InvokeResponse:
        """Call a function; its result is unknown if an argument is."""
        arguments = plain(decode(request.args))
        answer: Properties = {}
        if not is_unknown(arguments):
            with Rejections(context):
                answer = self.provider.invoke(request.tok, arguments)
        response = provider_pb2.InvokeResponse()
        # `return` is a Python keyword.
        getattr(response, "return").CopyFrom(encode(answer))
        return response

    def Attach(
        self, request: plugin_pb2.PluginAttach, context: grpc.ServicerContext
    ) -> empty_pb2.Empty:
        """Accept an engine without keeping its address."""
        return empty_pb2.Empty()

    def Cancel(self, request: empty_pb2.Empty, context: grpc.ServicerContext) -> empty_pb2.Empty:
        """Do nothing: no request against the emulated AWS takes long."""
        return empty_pb2.Empty()

    def _changes(
        self,
        resource: ResourceType[SessionT],
        request: provider_pb2.DiffRequest | provider_pb2.UpdateRequest,
        news: Properties,
    ) -> list[lifecycle.Change]:
        """Compare, without the properties that the program ignores.

        The engine keeps their old inputs, and the bridge ignores a difference between those and the
        state as well (pulumi-terraform-bridge, pkg/tfbridge/diff.go, doIgnoreChanges).
        """
        old = lifecycle.recorded_inputs(
            resource, plain(decode(request.olds)), plain(decode(request.old_inputs))
        )
        return [
            change
            for change in lifecycle.diff(resource, old, news)
            if change.property_name not in request.ignoreChanges
        ]

    def _create(
        self, resource: ResourceType[SessionT], inputs: Properties
    ) -> tuple[str, Properties]:
        created = resource.create(self.provider.session(inputs), inputs)
        try:
            state = self._state(resource, created.resource_id, inputs | created.extra_outputs)
        except RejectedError as error:
            raise PartiallyCreatedError(created.resource_id, error) from error
        if state is None:
            message = f"{resource.token} {created.resource_id} does not exist after its creation"
            raise RejectedError(message)
        return created.resource_id, state

    def _state(
        self, resource: ResourceType[SessionT], resource_id: str, inputs: Properties
    ) -> Properties | None:
        observed = resource.read(self.provider.session(inputs), resource_id, inputs)
        if observed is None:
            return None
        return lifecycle.mark_secrets(resource, lifecycle.outputs_of(resource, observed, inputs))

    def _abort_partial_creation(
        self,
        resource: ResourceType[SessionT],
        error: PartiallyCreatedError,
        given: Properties,
        context: grpc.ServicerContext,
    ) -> NoReturn:
        """Return what exists, so that the next update completes it instead of creating it again."""
        inputs = plain(given)
        session = self.provider.session(inputs)
        try:
            observed = resource.read(session, error.resource_id, inputs) or {}
        except RejectedError:
            # The next refresh reads it by its id; the first error is the one to report.
            observed = {}
        made = lifecycle.inputs_of(resource, observed, inputs)
        detail = provider_pb2.ErrorResourceInitFailed(
            id=error.resource_id,
            properties=encode(keep_secrets(lifecycle.mark_secrets(resource, observed), given)),
            inputs=encode(keep_secrets(lifecycle.mark_secrets(resource, made), given)),
            reasons=[str(error)],
        )
        packed = any_pb2.Any()
        packed.Pack(detail)
        code = grpc.StatusCode.UNKNOWN
        status = status_pb2.Status(code=code.value[0], message=str(error), details=[packed])
        context.set_trailing_metadata((("grpc-status-details-bin", status.SerializeToString()),))
        context.abort(code, str(error))


def kind_of(change: lifecycle.Change) -> Kind.ValueType:
    """Return the protocol's name of a change."""
    return Kind.Value(f"{change.kind}_REPLACE" if change.replaces else change.kind)


def serve(provider: Provider[Any]) -> None:
    """Serve a provider as a plugin until the engine stops it."""
    logging.basicConfig(level=logging.ERROR)
    servicer = ProviderServicer(provider)
    plugin_server.serve(
        lambda server: provider_pb2_grpc.add_ResourceProviderServicer_to_server(servicer, server)
    )
