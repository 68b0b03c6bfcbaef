"""Recordings of Pulumi programs under mocks: every resource with its inputs and options.

Pulumi's mocks do not receive a resource's options, so a transformation records them. The results of
the mocks are invented; the engine tests check the inputs against the emulated AWS.
"""

# The SDK leaves the mocks' dictionaries untyped.
# pyright: reportUnknownMemberType=false, reportUnknownArgumentType=false

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache, wraps
from typing import Any, ParamSpec
from unittest.mock import patch

import pulumi
import pulumi.runtime
from pulumi.runtime.mocks import MockCallArgs, MockMonitor, MockResourceArgs
from pulumi.runtime.proto import resource_pb2, source_pb2

from tools.repository import ROOT, read_yaml

P = ParamSpec("P")

SECRET_SIGNATURE = "4dabf18193072939515e22adb298388d"
"""Key that marks a secret envelope (Pulumi SDK, runtime/rpc.py)."""

ACCOUNT = "123456789012"
PASSWORD = "the-first-password"
LOOKUPS: dict[str, dict[str, Any]] = {
    "aws:ec2/getVpc:getVpc": {"id": "vpc-1"},
    "aws:ec2/getVpcs:getVpcs": {"ids": ["vpc-1"]},
    "aws:ec2/getRouteTables:getRouteTables": {"ids": ["rtb-main"]},
    "aws:ec2/getRouteTable:getRouteTable": {
        "associations": [{"main": True, "subnetId": ""}],
        "routes": [{"cidrBlock": "10.0.0.0/16", "ipv6CidrBlock": "", "gatewayId": "local"}],
    },
    "aws:ec2/getSubnets:getSubnets": {"ids": ["subnet-c", "subnet-a", "subnet-b"]},
    "aws:ec2/getSecurityGroup:getSecurityGroup": {"id": "sg-client"},
    "aws:iam/getRole:getRole": {},
    "aws:index/getCallerIdentity:getCallerIdentity": {"accountId": ACCOUNT},
    "aws:index/getPartition:getPartition": {"partition": "aws"},
    "aws:index/getRegion:getRegion": {"region": "us-east-2"},
    "aws:rds/getCluster:getCluster": {"engineVersion": "17.4", "port": 5432},
    "aws:rds/getClusters:getClusters": {"clusterIdentifiers": []},
    "aws:rds/getEngineVersion:getEngineVersion": {"versionActual": "17.4"},
    "aws:kms/getKey:getKey": {
        "arn": f"arn:aws:kms:us-east-2:{ACCOUNT}:key/adopted",
        "enabled": True,
        "keyState": "Enabled",
    },
}
_SUBNET = "aws:ec2/getSubnet:getSubnet"


@dataclass(frozen=True)
class Resource:
    """A registered resource."""

    type: str
    name: str
    inputs: Mapping[str, Any]


@dataclass(frozen=True)
class Registration:
    """A resource as the SDK registers it, and the engine's answer."""

    request: resource_pb2.RegisterResourceRequest
    response: resource_pb2.RegisterResourceResponse


@dataclass(frozen=True)
class FailedLookup:
    """A lookup that fails."""

    reason: str


@dataclass
class Recording(pulumi.runtime.Mocks):
    """The resources, lookups and outputs of a program.

    Attributes:
        answers: Results of lookups by token, which replace the default ones: a result, a function
            from arguments to a result, or a `FailedLookup`; and outputs of resources by type.
    """

    answers: Mapping[str, Any] = field(default_factory=dict[str, Any])
    resources: list[Resource] = field(default_factory=list[Resource])
    options: dict[str, pulumi.ResourceOptions] = field(
        default_factory=dict[str, pulumi.ResourceOptions]
    )
    invokes: list[tuple[str, Mapping[str, Any]]] = field(
        default_factory=list[tuple[str, Mapping[str, Any]]]
    )
    registrations: list[Registration] = field(default_factory=list[Registration])
    exports: dict[str, Any] = field(default_factory=dict[str, Any])

    def new_resource(self, args: MockResourceArgs) -> tuple[str, dict[str, Any]]:
        self.resources.append(Resource(args.typ, args.name, _as_data(args.inputs)))
        computed = {**_computed(args), **self.answers.get(args.typ, {})}
        return f"{args.name}-id", {**args.inputs, **computed}

    def call(self, args: MockCallArgs) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        self.invokes.append((args.token, dict(args.args)))
        answer: Any = self.answers.get(args.token, LOOKUPS.get(args.token))
        if callable(answer):
            answer = answer(args.args)
        if isinstance(answer, FailedLookup):
            return {}, [("", answer.reason)]
        if answer is None and args.token == _SUBNET:
            zone = f"us-east-2{args.args['id'][-1]}"
            answer = {
                "vpcId": "vpc-1",
                "availabilityZone": zone,
                "availabilityZoneId": f"use2-az{args.args['id'][-1]}",
                "mapPublicIpOnLaunch": False,
            }
        assert answer is not None, f"no result for {args.token}"
        return {**args.args, **answer}, []

    def of_type(self, suffix: str) -> list[Resource]:
        """Return the resources whose type token ends with a suffix, in registration order."""
        return [each for each in self.resources if each.type.endswith(suffix)]

    def only(self, suffix: str) -> Resource:
        """Return the only resource whose type token ends with a suffix."""
        (resource,) = self.of_type(suffix)
        return resource

    def named(self, name: str) -> Resource:
        """Return the resource with a logical name."""
        (resource,) = [each for each in self.resources if each.name == name]
        return resource

    def parent(self, name: str) -> str | None:
        """Return the logical name of a resource's parent."""
        parent = self.options[name].parent
        return None if parent is None else parent._name  # pyright: ignore[reportPrivateUsage]

    def depends_on(self, name: str) -> list[str]:
        """Return the logical names of the `depends_on` option, in its order."""
        depends_on = self.options[name].depends_on or []
        assert isinstance(depends_on, list)
        return [each._name for each in depends_on]  # pyright: ignore


class _Monitor(MockMonitor):
    """The SDK's mock of the engine, which also records registrations."""

    def __init__(self, recording: Recording) -> None:
        super().__init__(recording)
        self._registrations = recording.registrations

    def RegisterResource(  # noqa: N802 - name of the protocol
        self, request: resource_pb2.RegisterResourceRequest
    ) -> resource_pb2.RegisterResourceResponse:
        response = super().RegisterResource(request)
        self._registrations.append(Registration(request, response))
        return response


def _as_data(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Return inputs as plain data; an archive becomes the names at its top level."""
    return {
        key: {"archive": sorted({path.partition("/")[0] for path in value.assets})}
        if isinstance(value, pulumi.AssetArchive)
        else value
        for key, value in inputs.items()
    }


def _computed(args: MockResourceArgs) -> dict[str, Any]:
    short = args.typ.rpartition(":")[2]
    arn = f"arn:aws:{short.lower()}:us-east-2:{ACCOUNT}:{args.name}"
    computed: dict[str, dict[str, Any]] = {
        "Cluster": {
            "clusterResourceId": "cluster-ABC",
            "endpoint": "writer.example",
            "readerEndpoint": "reader.example",
            "engineVersionActual": args.inputs.get("engineVersion"),
        },
        "ClusterEndpoint": {"endpoint": f"{args.name}.example"},
        "Function": {"codeSha256": "digest-of-the-code"},
        "Invocation": {"result": '{"changed": [], "remaining": [], "warnings": []}'},
        "Key": {"keyId": "key-id"},
        "RandomPassword": {"result": PASSWORD},
        "RandomId": {"hex": "0badcafe"},
        "SecretVersion": {"versionId": "version-1"},
        "VpcEndpoint": {"dnsEntries": [{"dnsName": "vpce-1.example", "hostedZoneId": "Z1"}]},
    }
    return {"arn": arn, **computed.get(short, {})}


def record(
    build: Callable[[], Mapping[str, pulumi.Input[Any]] | None],
    *,
    preview: bool = False,
    answers: Mapping[str, Any] | None = None,
    stack: str = "dev",
) -> Recording:
    """Run a program, or a part of one, and return its recording.

    Args:
        build: Function that registers resources; its outputs are resolved into `exports`.
        preview: True to run as `pulumi preview` does, where outputs of new resources are unknown.
        answers: See `Recording.answers`.
        stack: Name of the stack.
    """
    recording = Recording(answers or {})
    pulumi.runtime.set_mocks(
        recording,
        project="aurora-data-platform",
        stack=stack,
        preview=preview,
        monitor=_Monitor(recording),
    )

    running = True

    def spy(args: pulumi.ResourceTransformationArgs) -> None:
        # The SDK also calls it for later programs of this process.
        if running:
            recording.options[args.name] = args.opts

    @pulumi.runtime.test
    def run() -> pulumi.Output[None]:
        pulumi.runtime.register_stack_transformation(spy)
        outputs = build() or {}
        return pulumi.Output.all(**outputs).apply(recording.exports.update)

    # Finding where a resource was created, for the engine's messages, takes a sixth of a run.
    with patch("pulumi.runtime.resource._get_stack_trace", source_pb2.StackTrace):
        run()
    running = False
    return recording


def recorded_once(run: Callable[P, Recording]) -> Callable[P, Recording]:
    """Return a function that runs a program once for the same arguments, which are JSON.

    Tests share a recording: none may change it.
    """
    recordings: dict[str, Recording] = {}

    @wraps(run)
    def once(*args: P.args, **kwargs: P.kwargs) -> Recording:
        key = json.dumps([args, kwargs])
        if key not in recordings:
            recordings[key] = run(*args, **kwargs)
        return recordings[key]

    return once


def stack_config(stack: str, **changes: Any) -> dict[str, str]:
    """Return a stack's configuration as Pulumi passes it to the program.

    Args:
        stack: `dev` or `prod`.
        changes: Values by configuration key, without the project's namespace; None removes a
            key.
    """
    project, file = _parsed("Pulumi.yaml"), _parsed(f"Pulumi.{stack}.yaml")
    namespace = f"{project['name']}:"
    values = {
        f"{namespace}{key}": row["default"]
        for key, row in project["config"].items()
        if "default" in row
    }
    values |= file["config"]
    values |= {key if ":" in key else f"{namespace}{key}": value for key, value in changes.items()}
    return {key: _as_text(value) for key, value in values.items() if value is not None}


@cache
def _parsed(file: str) -> dict[str, Any]:
    return read_yaml(ROOT / file)


def _as_text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def revealed(value: Any) -> Any:
    """Return a value without its secret envelope.

    Raises:
        AssertionError: It does not have an envelope.
    """
    assert isinstance(value, dict), "not marked secret"
    assert SECRET_SIGNATURE in value, "not marked secret"
    return value["value"]  # pyright: ignore[reportUnknownVariableType]
