"""Lambda: functions with zip packages, and their permissions.

Layers, images, aliases, versions and file systems are not supported; Check rejects them.
"""
# ruff: noqa: ARG002 - the signatures are ResourceType's

import json
from collections.abc import Mapping
from typing import Any, ClassVar

from emulator.provider import tagging
from emulator.provider.archives import same_archive, zip_of
from emulator.provider.aws_connection import AwsConnection
from emulator.provider.aws_resource import REGION, TAGS, AwsResource
from emulator.provider.operations import Operations, capitalized, uncapitalized
from emulator.provider.protocol.comparisons import same_members
from emulator.provider.protocol.properties import Properties, is_object
from emulator.provider.protocol.resource_type import Created, Naming, Property

UNLIMITED = -1
"""The official provider's value for no reserved concurrency."""

NOT_FOUND_CODES = frozenset({"ResourceNotFoundException"})


def same_block(old: Any, new: Any) -> bool:
    """Compare blocks, ignoring the order of lists."""
    if not (is_object(old) and is_object(new)):
        return old == new
    return all(same_members(old.get(key), value) for key, value in new.items())


def block(request: str, *, computed: bool = False) -> Property:
    """Return a property for a block whose members AWS spells with a capital letter."""
    return Property(
        request, computed=computed, to_aws=capitalized, from_aws=uncapitalized, same=same_block
    )


class Function(AwsResource):
    """A function with the program's archive as its code."""

    token = "aws:lambda/function:Function"  # noqa: S105 - a type's name
    service = "lambda"
    operations = Operations(
        identifier="FunctionName",
        create="create_function",
        created="FunctionName",
        describe="get_function",
        update="update_function_configuration",
        delete="delete_function",
    )
    tagging = tagging.LAMBDA
    not_found_codes = NOT_FOUND_CODES
    naming = Naming("name")
    volatile: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "code": ("codeSha256", "lastModified", "sourceCodeSize")
    }
    inputs: ClassVar[Mapping[str, Property]] = {
        "architectures": Property("Architectures", computed=True),
        "code": Property(write_only=True, same=same_archive),
        "deadLetterConfig": block("DeadLetterConfig"),
        "description": Property("Description", empty=""),
        "environment": Property(
            "Environment",
            empty={"variables": {}},
            to_aws=lambda block: {"Variables": block.get("variables") or {}},
            from_aws=lambda block: {"variables": block.get("Variables") or {}},
        ),
        "handler": Property("Handler"),
        "kmsKeyArn": Property("KMSKeyArn", empty=""),
        "loggingConfig": block("LoggingConfig", computed=True),
        "memorySize": Property("MemorySize", default=128),
        "name": Property("FunctionName", replaces=True),
        "packageType": Property("PackageType", replaces=True, default="Zip"),
        "publish": Property(write_only=True, default=False),
        "reservedConcurrentExecutions": Property(
            answer="ReservedConcurrentExecutions", default=UNLIMITED
        ),
        "role": Property("Role", required=True),
        "runtime": Property("Runtime"),
        "skipDestroy": Property(write_only=True, default=False),
        "timeout": Property("Timeout", default=3),
        "tracingConfig": block("TracingConfig", computed=True),
        "vpcConfig": block("VpcConfig"),
        **REGION,
        **TAGS,
    }
    outputs: ClassVar[Mapping[str, str]] = {
        "arn": "FunctionArn",
        "codeSha256": "CodeSha256",
        "invokeArn": "",
        "lastModified": "LastModified",
        "sourceCodeSize": "CodeSize",
        "version": "Version",
    }

    def creation(self, session: AwsConnection, inputs: Properties) -> Properties:
        """Return the create request, including the code."""
        request = super().creation(session, inputs)
        return {**request, "Code": {"ZipFile": zip_of(inputs["code"])}}

    def finish(self, session: AwsConnection, resource_id: str, inputs: Properties) -> None:
        """Reserve concurrency, which CreateFunction does not accept."""
        if inputs["reservedConcurrentExecutions"] != UNLIMITED:
            self._reserve(session, resource_id, inputs["reservedConcurrentExecutions"])

    def change(
        self,
        session: AwsConnection,
        resource_id: str,
        inputs: Properties,
        changed: frozenset[str],
    ) -> None:
        """Change settings, code and concurrency by their own calls."""
        super().change(session, resource_id, inputs, changed - {"architectures", "name"})
        if changed & {"code", "architectures"}:
            session.call(
                "lambda",
                "update_function_code",
                FunctionName=resource_id,
                ZipFile=zip_of(inputs["code"]),
                Architectures=inputs.get("architectures"),
            )
        if "reservedConcurrentExecutions" in changed:
            self._reserve(session, resource_id, inputs["reservedConcurrentExecutions"])

    def describe(self, session: AwsConnection, resource_id: str) -> Properties | None:
        """Return settings, concurrency and tags."""
        found = session.call("lambda", "get_function", FunctionName=resource_id)
        reserved: Properties = found.get("Concurrency") or {}
        return {
            **found["Configuration"],
            "ReservedConcurrentExecutions": reserved.get("ReservedConcurrentExecutions", UNLIMITED),
            "Tags": found.get("Tags") or {},
        }

    def details(
        self, session: AwsConnection, description: Properties, state: Properties
    ) -> Properties:
        """Compose the ARN for API Gateway; leave out members of vpcConfig that AWS sets."""
        network: Properties = state.get("vpcConfig") or {}
        kept = {key: network[key] for key in ("subnetIds", "securityGroupIds") if network.get(key)}
        path = f"2015-03-31/functions/{state['arn']}/invocations"
        where = f"arn:{session.partition}:apigateway:{session.region}:lambda:path"
        return {"vpcConfig": kept or None, "invokeArn": f"{where}/{path}"}

    def _reserve(self, session: AwsConnection, resource_id: str, executions: int) -> None:
        if executions == UNLIMITED:
            session.call("lambda", "delete_function_concurrency", FunctionName=resource_id)
        else:
            session.call(
                "lambda",
                "put_function_concurrency",
                FunctionName=resource_id,
                ReservedConcurrentExecutions=executions,
            )


class Permission(AwsResource):
    """A statement of a function's policy; every change replaces it."""

    token = "aws:lambda/permission:Permission"  # noqa: S105 - a type's name
    service = "lambda"
    operations = Operations(identifier="", create="add_permission")
    not_found_codes = NOT_FOUND_CODES
    naming = Naming("statementId", "statementIdPrefix")
    inputs: ClassVar[Mapping[str, Property]] = {
        "action": Property("Action", replaces=True, required=True),
        "function": Property("FunctionName", "", replaces=True, required=True),
        "principal": Property("Principal", replaces=True, required=True),
        "sourceAccount": Property("SourceAccount", replaces=True),
        "sourceArn": Property("SourceArn", replaces=True),
        "statementId": Property("StatementId", "Sid", replaces=True),
        "statementIdPrefix": Property(replaces=True, write_only=True),
        **REGION,
    }
    outputs: ClassVar[Mapping[str, str]] = {}

    def create(self, session: AwsConnection, inputs: Properties) -> Created:
        """Add the statement."""
        session.call("lambda", "add_permission", **self.creation(session, inputs))
        return Created(inputs["statementId"])

    def read(
        self, session: AwsConnection, resource_id: str, known: Properties
    ) -> Properties | None:
        """Return the statement in the function's policy.

        An import names it `function/statement`, as with the official provider.
        """
        function, _, statement_id = resource_id.rpartition("/")
        function = known.get("function") or function
        answer = self.ignore_not_found(
            lambda: session.call("lambda", "get_policy", FunctionName=function)
        )
        statements: list[Properties] = json.loads(answer["Policy"])["Statement"] if answer else []
        for found in statements:
            if found["Sid"] == statement_id:
                return {
                    "id": statement_id,
                    **_permission(found, function),
                    "region": session.region,
                }
        return None

    def delete(self, session: AwsConnection, resource_id: str, state: Properties) -> None:
        """Remove the statement."""
        self.ignore_not_found(
            lambda: session.call(
                "lambda",
                "remove_permission",
                FunctionName=state["function"],
                StatementId=resource_id,
            )
        )


def _permission(statement: Properties, function: str) -> Properties:
    """Return a policy's statement as the resource's properties."""
    principal = statement["Principal"]
    conditions: Properties = statement.get("Condition") or {}
    by_operator = {key: value for block in conditions.values() for key, value in block.items()}
    return {
        "action": statement["Action"],
        "function": function,
        "principal": principal.get("Service") or principal.get("AWS")
        if is_object(principal)
        else principal,
        "sourceAccount": by_operator.get("AWS:SourceAccount"),
        "sourceArn": by_operator.get("AWS:SourceArn"),
        "statementId": statement["Sid"],
    }
