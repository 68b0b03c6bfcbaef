"""AWS resource types from tables: the plain way to create, read, change and delete."""

import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from emulator.provider.aws_connection import AwsConnection, AwsError
from emulator.provider.properties import UNKNOWN, Properties, Secret, is_list, is_object, plain
from emulator.provider.resource_type import (
    Created,
    PartiallyCreatedError,
    Property,
    ResourceType,
    dig,
    same_members,
)
from emulator.provider.servicer import RefusedError
from emulator.provider.tagging import Tagging

REGION = {"region": Property(replaces=True, computed=True, answer="")}
TAGS = {
    "tags": Property(answer="", empty={}),
    "tagsAll": Property(answer="", computed=True, empty={}),
}
"""`tagsAll` is no argument of a program; Check fills it in, as the official provider does."""

UNORDERED = {"same": same_members}

POLL_SECONDS = 1.0


@dataclass(frozen=True)
class Operations:
    """The plain calls of one resource type; an empty one is not plain and has a method instead.

    Attributes:
        identifier: Member that names the resource in them; `[]` at its end if it takes a list.
        create: Creates.
        created: Where the create answer has the id; empty if the id is the resource's name.
        describe: Describes.
        described: Where its answer has the description; `[]` at its end takes the first of a list.
        update: Changes.
        delete: Deletes.
        puts: Whether `create` is also how to change: by everything anew, since what is not sent is
            lost.
    """

    identifier: str
    create: str
    created: str = ""
    describe: str = ""
    described: str = ""
    update: str = ""
    delete: str = ""
    puts: bool = False

    def named(self, resource_id: str) -> Properties:
        """Name the resource in a request."""
        if self.identifier.endswith("[]"):
            return {self.identifier.removesuffix("[]"): [resource_id]}
        return {self.identifier: resource_id}


class AwsResource(ResourceType[AwsConnection]):
    """A resource type of AWS.

    Attributes:
        service: boto3's name of the service.
        operations: Its plain calls.
        tagging: How it is tagged; None if it is not.
        gone_codes: AWS's error codes that mean that it does not exist.
    """

    service: ClassVar[str]
    operations: ClassVar[Operations]
    tagging: ClassVar[Tagging | None] = None
    gone_codes: ClassVar[frozenset[str]] = frozenset()

    def complete(self, session: AwsConnection, inputs: Properties) -> Properties:
        """Merge the provider's default tags into tagsAll."""
        if self.tagging is None:
            return inputs
        given = inputs.get("tags")
        if given is UNKNOWN:
            return {**inputs, "tagsAll": UNKNOWN}
        own: Properties = plain(given) or {}
        merged: Properties = {**session.default_tags, **own}
        return {**inputs, "tagsAll": Secret(merged) if isinstance(given, Secret) else merged}

    def create(self, session: AwsConnection, inputs: Properties) -> Created:
        """Create by the plain call, then whatever `finish` does."""
        answer = session.call(
            self.service, self.operations.create, **self.creation(session, inputs)
        )
        resource_id = (
            dig(answer, self.operations.created)
            if self.operations.created
            else inputs[self.naming.name if self.naming else ""]
        )
        try:
            self.finish(session, resource_id, inputs)
        except RefusedError as error:
            raise PartiallyCreatedError(resource_id, error) from error
        return Created(resource_id)

    def read(
        self, session: AwsConnection, resource_id: str, known: Properties
    ) -> Properties | None:
        """Describe, and turn the description into properties."""
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
                    state[key] = dig(description, path)
            state.update(self.details(session, description, state))
            if self.tagging is not None:
                state.update(self._tags(session, description, state, known))
        except AwsError as error:
            if error.code in self.gone_codes:
                return None
            raise
        if "region" not in self.inputs:
            del state["region"]
        return state

    def described_inputs(self, description: Properties) -> Properties:
        """Turn what a description has of the inputs into properties."""
        found = {
            key: (item, dig(description, item.path))
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
    ) -> None:
        """Change what changed, and the tags."""
        self.change(session, resource_id, inputs, changed)
        if self.tagging is not None and changed & {"tags", "tagsAll"}:
            state = self.read(session, resource_id, inputs) or {}
            handle = str(state[self.tagging.handle])
            self.tagging.change(session, handle, state["tagsAll"], inputs["tagsAll"])

    def delete(
        self,
        session: AwsConnection,
        resource_id: str,
        state: Properties,  # noqa: ARG002
    ) -> None:
        """Delete by the plain call."""
        self.unless_gone(
            lambda: session.call(
                self.service, self.operations.delete, **self.operations.named(resource_id)
            )
        )

    def creation(self, session: AwsConnection, inputs: Properties) -> Properties:  # noqa: ARG002
        """Give the create request."""
        request = self.request(inputs, frozenset(self.inputs))
        if self.tagging is not None and self.tagging.on_create and inputs.get("tagsAll"):
            request[self.tagging.on_create] = self.tagging.written(inputs["tagsAll"])
        return request

    def finish(self, session: AwsConnection, resource_id: str, inputs: Properties) -> None:
        """Do what creation takes besides its first call."""

    def change(
        self,
        session: AwsConnection,
        resource_id: str,
        inputs: Properties,
        changed: frozenset[str],
    ) -> None:
        """Change by the plain call what changed, tags aside."""
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
        """Turn inputs into members of a request."""
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
            return dig(answer, path)
        found = dig(answer, path.removesuffix("[]"))
        return found[0] if is_list(found) and found else None

    def details(
        self,
        session: AwsConnection,  # noqa: ARG002
        description: Properties,  # noqa: ARG002
        state: Properties,  # noqa: ARG002
    ) -> Properties:
        """Read what the description has not."""
        return {}

    def unless_gone(self, call: Callable[[], Properties | None]) -> Properties | None:
        """Return what a call answers; None after an error that says that the resource is gone."""
        try:
            return call()
        except AwsError as error:
            if error.code not in self.gone_codes:
                raise
            return None

    def wait(
        self,
        session: AwsConnection,
        resource_id: str,
        ready: Callable[[Properties | None], bool],
        limit_seconds: float,
    ) -> None:
        """Wait until a description is as wanted; None means that the resource is gone.

        Raises:
            RefusedError: it takes longer than the limit.
        """
        deadline = time.monotonic() + limit_seconds
        while True:
            try:
                description = self.describe(session, resource_id)
            except AwsError as error:
                if error.code not in self.gone_codes:
                    raise
                description = None
            if ready(description):
                return
            if time.monotonic() > deadline:
                message = f"{self.token} {resource_id} is not ready after {limit_seconds:.0f} s"
                raise RefusedError(message)
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
    """Generate a name at creation, where Check leaves it to Terraform's provider."""
    return f"{prefix or 'tf-'}{secrets.token_hex(13)}"


def capitalised(value: Any) -> Any:
    """Turn a block's keys into AWS's: minCapacity becomes MinCapacity."""
    return _with_keys(value, lambda key: key[:1].upper() + key[1:])


def uncapitalised(value: Any) -> Any:
    """Turn a block's keys into the program's: MinCapacity becomes minCapacity."""
    return _with_keys(value, lambda key: key[:1].lower() + key[1:])


def _with_keys(value: Any, rename: Callable[[str], str]) -> Any:
    if is_object(value):
        return {rename(key): _with_keys(item, rename) for key, item in value.items()}
    if is_list(value):
        return [_with_keys(item, rename) for item in value]
    return plain(value)
