"""Runs policies over resources in this process, through the servicer that the engine talks to."""

# The SDK leaves the protocol's methods untyped.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from typing import Any
from unittest.mock import patch

from google.protobuf import json_format, struct_pb2
from pulumi.runtime.mocks import MockMonitor
from pulumi.runtime.proto import analyzer_pb2, resource_pb2
from pulumi_policy import EnforcementLevel, Policy

from policy_pack.aurora_policies.pack.catalogue import Profile, policy_configuration
from policy_pack.aurora_policies.pack.enforcement import servicer_for
from policy_pack.aurora_policies.pack.policies import policies
from policy_pack.aurora_policies.pack.run import Run
from tools.testing.programs import run_anew

_LEVELS = dict(analyzer_pb2.EnforcementLevel.items())
_LEVEL_NAMES = {number: name.lower() for name, number in _LEVELS.items()}


@dataclass(frozen=True)
class Declared:
    """A resource as the engine hands it to an analyzer.

    Attributes:
        inputs: In wire form, with the envelopes of secrets and the marks of unknowns.
        outputs: The same after creation.
        dependencies: URNs of what it depends on, by property; `""` for explicit ones.
    """

    type: str
    name: str
    urn: str
    inputs: Mapping[str, Any]
    outputs: Mapping[str, Any] = field(default_factory=dict[str, Any])
    protect: bool = False
    dependencies: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])

    def changed(self, **changes: Any) -> "Declared":
        """With other properties; None removes one."""

        def merged(properties: Mapping[str, Any]) -> dict[str, Any]:
            return {
                key: value for key, value in {**properties, **changes}.items() if value is not None
            }

        return replace(self, inputs=merged(self.inputs), outputs=merged(self.outputs))

    def detached(self, paths: Iterable[str]) -> "Declared":
        """With properties that no longer come from other resources."""
        cut = frozenset(paths)
        kept = {path: urns for path, urns in self.dependencies.items() if path and path not in cut}
        # The list of all dependencies, at "", holds those of properties as well.
        gone = {urn for path in cut for urn in self.dependencies.get(path, ())} - {
            urn for urns in kept.values() for urn in urns
        }
        everything = tuple(urn for urn in self.dependencies.get("", ()) if urn not in gone)
        return replace(self, dependencies={"": everything, **kept})

    @cached_property
    def of_stack(self) -> analyzer_pb2.AnalyzerResource:
        """As a policy of the whole stack gets it."""
        return analyzer_pb2.AnalyzerResource(
            type=self.type,
            name=self.name,
            urn=self.urn,
            properties=_struct(self.outputs or self.inputs),
            options=analyzer_pb2.AnalyzerResourceOptions(protect=self.protect),
            dependencies=sorted({urn for urns in self.dependencies.values() for urn in urns}),
            propertyDependencies={
                path: analyzer_pb2.AnalyzerPropertyDependencies(urns=urns)
                for path, urns in self.dependencies.items()
                if path
            },
        )


@dataclass(frozen=True, order=True)
class Violation:
    """What the pack reports of a resource."""

    control: str
    urn: str
    level: str
    text: str


@cache
def shared_pack() -> tuple[Run, Mapping[str, Policy]]:
    """The run and the policies that analyzers use unless they are given their own."""
    run = Run()
    return run, {policy.name: policy for policy in policies(run)}


class Analyzer:
    """The pack, configured for a profile.

    Args:
        profile: Profile whose configuration file it gets.
        configuration: Content of the configuration file, instead of the profile's.
        only: Names of the policies to run; all of them unless given.
        run: State of the run, for example with exemptions.
        secrets: Values of secret stack configuration by key.
    """

    def __init__(
        self,
        profile: Profile = "prod",
        *,
        configuration: Mapping[str, Mapping[str, Any]] | None = None,
        only: Iterable[str] | None = None,
        run: Run | None = None,
        secrets: Mapping[str, str] | None = None,
    ) -> None:
        own, pack = shared_pack()
        own.inputs.clear()
        own.outputs.clear()
        if run is not None:
            own, pack = run, {policy.name: policy for policy in policies(run)}
        chosen = [pack[name] for name in (pack if only is None else only)]
        self._servicer = servicer_for(own)(
            "aurora-policies", "1.0.0", chosen, EnforcementLevel.MANDATORY
        )
        values = secrets or {}
        self._servicer.ConfigureStack(
            analyzer_pb2.AnalyzerStackConfigureRequest(config=values, config_secret_keys=values),
            None,
        )
        self._servicer.Configure(
            _configure_request(
                policy_configuration(profile) if configuration is None else configuration
            ),
            None,
        )

    def analyze(self, resources: Iterable[Declared]) -> list[Violation]:
        """Violations of a whole stack, as a preview finds them."""
        declared = list(resources)
        found = [each for resource in declared for each in self.analyze_resource(resource)]
        return sorted(found + self.analyze_stack(declared))

    def analyze_resource(self, resource: Declared) -> list[Violation]:
        """Violations that resource policies find in one resource."""
        request = analyzer_pb2.AnalyzeRequest(
            type=resource.type,
            name=resource.name,
            urn=resource.urn,
            properties=_struct(resource.inputs),
            options=analyzer_pb2.AnalyzerResourceOptions(protect=resource.protect),
        )
        return _violations(self._servicer.Analyze(request, None))

    def analyze_stack(self, resources: Iterable[Declared]) -> list[Violation]:
        """Violations that stack policies find among resources."""
        request = analyzer_pb2.AnalyzeStackRequest(resources=(each.of_stack for each in resources))
        return _violations(self._servicer.AnalyzeStack(request, None))


def _violations(response: analyzer_pb2.AnalyzeResponse) -> list[Violation]:
    return [
        Violation(
            control=each.policyName,
            urn=each.urn,
            level=_LEVEL_NAMES[each.enforcementLevel],
            text=each.message.removeprefix(f"{each.description}\n"),
        )
        for each in response.diagnostics
    ]


def _configure_request(
    configuration: Mapping[str, Mapping[str, Any]],
) -> analyzer_pb2.ConfigureAnalyzerRequest:
    rows = {name: dict(row) for name, row in configuration.items()}
    return analyzer_pb2.ConfigureAnalyzerRequest(
        policyConfig={
            name: analyzer_pb2.PolicyConfig(
                enforcementLevel=_LEVELS[row.pop("enforcementLevel").upper()],  # pyright: ignore
                properties=_struct(row),
            )
            for name, row in rows.items()
        }
    )


def _struct(properties: Mapping[str, Any]) -> struct_pb2.Struct:
    return json_format.ParseDict(dict(properties), struct_pb2.Struct())


@cache
def platform(stack: Profile, **changes: Any) -> tuple[Declared, ...]:
    """Every resource that the project's own program registers for a stack, or for a changed one."""
    resources: list[Declared] = []
    register = MockMonitor.RegisterResource

    def spy(
        monitor: MockMonitor, request: resource_pb2.RegisterResourceRequest
    ) -> resource_pb2.RegisterResourceResponse:
        response = register(monitor, request)
        by_property = {
            path: tuple(found.urns) for path, found in request.propertyDependencies.items()
        }
        resources.append(
            Declared(
                type=request.type,
                name=request.name,
                urn=response.urn,
                inputs=json_format.MessageToDict(request.object),
                outputs=json_format.MessageToDict(response.object),
                protect=request.protect,
                dependencies={"": tuple(request.dependencies), **by_property},
            )
        )
        return response

    with patch.object(MockMonitor, "RegisterResource", spy):
        run_anew(stack, **changes)
    return tuple(each for each in resources if each.type != "pulumi:pulumi:Stack")


def analyze_prod() -> list[Violation]:
    """Every policy over every resource of the prod platform: what a benchmark measures.

    Call `platform("prod")` first, or the first run measures how it is captured as well.
    """
    return Analyzer("prod").analyze(platform("prod"))
