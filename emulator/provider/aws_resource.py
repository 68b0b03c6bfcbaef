"""The base class of AWS resource types, which are tables of properties and plain calls."""

import secrets
import time
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from emulator.provider.aws_connection import AwsConnection, AwsError
from emulator.provider.operations import Operations
from emulator.provider.protocol.errors import PartiallyCreatedError, RejectedError
from emulator.provider.protocol.properties import (
    UNKNOWN,
    Properties,
    SecretValue,
    get_path,
    is_list,
    plain,
)
from emulator.provider.protocol.resource_type import Created, Property, ResourceType
from emulator.provider.tagging import Tagging

REGION = {"region": Property(replaces=True, computed=True, answer="")}
TAGS = {
    "tags": Property(answer="", empty={}),
    "tagsAll": Property(answer="", computed=True, empty={}),
}
"""Programs do not set `tagsAll`; Check fills it in, as the official provider does."""

POLL_SECONDS = 0.25


class AwsResource(ResourceType[AwsConnection]):
    """A resource type of AWS.

    Attributes:
        service: boto3's name of the service.
        operations: The type's plain calls.
        tagging: The type's tagging calls; None if it cannot be tagged.
        not_found_codes: AWS's error codes for a resource that does not exist.
    """

    service: ClassVar[str]
    operations: ClassVar[Operations]
    tagging: ClassVar[Tagging | None] = None
    not_found_codes: ClassVar[frozenset[str]] = frozenset()

    def complete(self, session: AwsConnection, inputs: Properties) -> Properties:
        """Set tagsAll to the provider's default tags and the program's tags."""
        if self.tagging is None:
            return inputs
        given = inputs.get("tags")
        if given is UNKNOWN:
            return {**inputs, "tagsAll": UNKNOWN}
        own: Properties = plain(given) or {}
        merged: Properties = {**session.default_tags, **own}
        return {
            **inputs,
            "tagsAll": SecretValue(merged) if isinstance(given, SecretValue) else merged,
        }

    def create(self, session: AwsConnection, inputs: Properties) -> Created:
        """Create by the plain call, then run `finish`."""
        answer = session.call(
            self.service, self.create_operation(inputs), **self.creation(session, inputs)
        )
        resource_id = (
            get_path(answer, self.operations.created)
            if self.operations.created
            else inputs[self.naming.name if self.naming else ""]
        )
        try:
            self.finish(session, resource_id, inputs)
        except RejectedError as error:
            raise PartiallyCreatedError(resource_id, error) from error
        return Created(resource_id)

    def read(
        self, session: AwsConnection, resource_id: str, known: Properties
    ) -> Properties | None:
        """Describe, and convert the description to properties."""
        try:
            description = self.describe(session, resource_id)
            if description is None:
                return None
            state: Properties = {
                "id": resource_id,
                "region": session.region,
                **self.described_inputs(description),
            }
            for key, path in self.outputs.items():
                if path:
                    state[key] = get_path(description, path)
            state.update(self.details(session, description, state))
            if self.tagging is not None:
                state.update(self._tags(session, description, state, known))
        except AwsError as error:
            if error.code in self.not_found_codes:
                return None
            raise
        if "region" not in self.inputs:
            del state["region"]
        return state

    def described_inputs(self, description: Properties) -> Properties:
        """Return the inputs that a description contains."""
        found = {
            key: (item, get_path(description, item.path))
            for key, item in self.inputs.items()
            if item.path
        }
        return {
            key: item.from_aws(value) for key, (item, value) in found.items() if value is not None
        }

    def update(
        self,
        session: AwsConnection,
        resource_id: str,
        inputs: Properties,
        changed: frozenset[str],
        state: Properties,  # noqa: ARG002
    ) -> Properties:
        """Apply the changes, then the tags."""
        self.change(session, resource_id, inputs, changed)
        if self.tagging is not None and changed & {"tags", "tagsAll"}:
            found = self.read(session, resource_id, inputs) or {}
            handle = str(found[self.tagging.handle])
            self.tagging.change(session, handle, found["tagsAll"], inputs["tagsAll"])
        return {}

    def delete(
        self,
        session: AwsConnection,
        resource_id: str,
        state: Properties,  # noqa: ARG002
    ) -> None:
        """Delete by the plain call."""
        self.ignore_not_found(
            lambda: session.call(
                self.service, self.operations.delete, **self.operations.named(resource_id)
            )
        )

    def create_operation(self, inputs: Properties) -> str:  # noqa: ARG002
        """Return the operation that creates the resource."""
        return self.operations.create

    def creation(self, session: AwsConnection, inputs: Properties) -> Properties:  # noqa: ARG002
        """Return the create request."""
        request = self.request(inputs, frozenset(self.inputs))
        if self.tagging is not None and self.tagging.on_create and inputs.get("tagsAll"):
            request[self.tagging.on_create] = self.tagging.written(inputs["tagsAll"])
        return request

    def finish(self, session: AwsConnection, resource_id: str, inputs: Properties) -> None:
        """Complete a creation after its first call; the next update repeats a failed one."""

    def change(
        self,
        session: AwsConnection,
        resource_id: str,
        inputs: Properties,
        changed: frozenset[str],
    ) -> None:
        """Apply all changes but tags by the plain call."""
        if self.operations.puts:
            if changed - TAGS.keys():
                everything = self.request(inputs, frozenset(self.inputs))
                session.call(self.service, self.operations.create, **everything)
            return
        request = self.request(inputs, changed)
        if request:
            session.call(
                self.service,
                self.operations.update,
                **self.operations.named(resource_id),
                **request,
            )

    def request(self, inputs: Properties, names: frozenset[str]) -> Properties:
        """Return inputs as members of a request."""
        return {
            item.request: item.to_aws(inputs[key])
            for key, item in self.inputs.items()
            if item.request and key in names and inputs.get(key) is not None
        }

    def describe(self, session: AwsConnection, resource_id: str) -> Properties | None:
        """Describe by the plain call."""
        answer = session.call(
            self.service, self.operations.describe, **self.operations.named(resource_id)
        )
        path = self.operations.described
        if not path.endswith("[]"):
            return get_path(answer, path)
        found = get_path(answer, path.removesuffix("[]"))
        return found[0] if is_list(found) and found else None

    def details(
        self,
        session: AwsConnection,  # noqa: ARG002
        description: Properties,  # noqa: ARG002
        state: Properties,  # noqa: ARG002
    ) -> Properties:
        """Read what the description does not contain."""
        return {}

    def ignore_not_found(self, call: Callable[[], Properties | None]) -> Properties | None:
        """Return a call's response, or None if the resource does not exist."""
        try:
            return call()
        except AwsError as error:
            if error.code not in self.not_found_codes:
                raise
            return None

    def wait(
        self,
        session: AwsConnection,
        resource_id: str,
        ready: Callable[[Properties | None], bool],
        limit_seconds: float,
    ) -> None:
        """Wait until a description is `ready`; it is None if the resource does not exist.

        Raises:
            RejectedError: the limit is exceeded.
        """
        deadline = time.monotonic() + limit_seconds
        while True:
            try:
                description = self.describe(session, resource_id)
            except AwsError as error:
                if error.code not in self.not_found_codes:
                    raise
                description = None
            if ready(description):
                return
            if time.monotonic() > deadline:
                message = f"{self.token} {resource_id} was not ready within {limit_seconds:.0f} s"
                raise RejectedError(message)
            time.sleep(POLL_SECONDS)

    def _tags(
        self,
        session: AwsConnection,
        description: Properties,
        state: Properties,
        known: Mapping[str, Any],
    ) -> Properties:
        tagging = self.tagging
        if tagging is None:
            return {}
        tags = tagging.read(session, description, str(state[tagging.handle]))
        given: Properties = known.get("tags") or {}
        own = {
            key: value
            for key, value in tags.items()
            if key in given or session.default_tags.get(key) != value
        }
        return {"tags": own, "tagsAll": tags}


def generated_name(prefix: str | None) -> str:
    """Return a name for a resource that Check does not name, as Terraform's provider does."""
    return f"{prefix or 'tf-'}{secrets.token_hex(13)}"
