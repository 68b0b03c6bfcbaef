"""Runs of the policy pack in this process, through the gRPC servicer that the engine calls."""

# The SDK leaves the protocol's methods untyped.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from typing import Any

from google.protobuf import json_format, struct_pb2
from pulumi.runtime.proto import analyzer_pb2
from pulumi_policy import EnforcementLevel, Policy, StackValidationPolicy

from policy_pack.aurora_policies.pack.catalogue import Profile, policy_configuration
from policy_pack.aurora_policies.pack.enforcement import servicer_for
from policy_pack.aurora_policies.pack.policies import policies
from policy_pack.aurora_policies.pack.run import Run
from tools.testing.programs import run_example, run_program
from tools.testing.recorder import Recording

_LEVELS = dict(analyzer_pb2.EnforcementLevel.items())
_LEVEL_NAMES = {number: name.lower() for name, number in _LEVELS.items()}


@dataclass(frozen=True)
class Declared:
    """A resource as the engine sends it to an analyzer.

    Attributes:
        inputs: Inputs in wire form, with secret envelopes and markers of unknown values.
        outputs: Outputs in the same form.
        dependencies: URNs of its dependencies by property; `""` for explicit ones.
        aliases: URN in the state that the engine has found through an alias.
    """

    type: str
    name: str
    urn: str
    inputs: Mapping[str, Any]
    outputs: Mapping[str, Any] = field(default_factory=dict[str, Any])
    protect: bool = False
    dependencies: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    aliases: tuple[str, ...] = ()

    def changed(self, **changes: Any) -> "Declared":
        """Return a copy with other properties; None removes one."""

        def merged(properties: Mapping[str, Any]) -> dict[str, Any]:
            return {
                key: value for key, value in {**properties, **changes}.items() if value is not None
            }

        return replace(self, inputs=merged(self.inputs), outputs=merged(self.outputs))

    def detached(self, paths: Iterable[str]) -> "Declared":
        """Return a copy whose properties no longer depend on other resources."""
        cut = frozenset(paths)
        remaining = {
            path: urns for path, urns in self.dependencies.items() if path and path not in cut
        }
        # The list at "" also contains the dependencies of properties.
        removed = {urn for path in cut for urn in self.dependencies.get(path, ())} - {
            urn for urns in remaining.values() for urn in urns
        }
        everything = tuple(urn for urn in self.dependencies.get("", ()) if urn not in removed)
        return replace(self, dependencies={"": everything, **remaining})

    @cached_property
    def _properties(self) -> struct_pb2.Struct:
        return _struct(self.inputs)

    @cached_property
    def alone(self) -> analyzer_pb2.AnalyzeRequest:
        """The resource in the form in which a resource policy receives it."""
        return analyzer_pb2.AnalyzeRequest(
            type=self.type,
            name=self.name,
            urn=self.urn,
            properties=self._properties,
            options=analyzer_pb2.AnalyzerResourceOptions(protect=self.protect),
        )

    @cached_property
    def of_stack(self) -> analyzer_pb2.AnalyzerResource:
        """The resource in the form in which a stack policy receives it."""
        return analyzer_pb2.AnalyzerResource(
            type=self.type,
            name=self.name,
            urn=self.urn,
            properties=_struct(self.outputs) if self.outputs else self._properties,
            options=analyzer_pb2.AnalyzerResourceOptions(
                protect=self.protect, aliases=self.aliases
            ),
            dependencies=sorted({urn for urns in self.dependencies.values() for urn in urns}),
            propertyDependencies={
                path: analyzer_pb2.AnalyzerPropertyDependencies(urns=urns)
                for path, urns in self.dependencies.items()
                if path
            },
        )


@dataclass(frozen=True, order=True)
class Violation:
    """A violation that the pack reports."""

    control: str
    urn: str
    level: str
    text: str


@cache
def shared_pack() -> tuple[Run, Mapping[str, Policy]]:
    """Return the run and the policies that analyzers use unless they have their own."""
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
        if run is not None:
            own, pack = run, {policy.name: policy for policy in policies(run)}
        chosen = [pack[name] for name in (pack if only is None else only)]
        self._examines_stacks = any(isinstance(each, StackValidationPolicy) for each in chosen)
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
        """Return the violations of a whole stack, as a preview finds them."""
        declared = list(resources)
        found = [each for resource in declared for each in self.analyze_resource(resource)]
        return sorted(found + self.analyze_stack(declared))

    def analyze_resource(self, resource: Declared) -> list[Violation]:
        """Return the violations that resource policies find in one resource."""
        return _violations(self._servicer.Analyze(resource.alone, None))

    def analyze_stack(self, resources: Iterable[Declared]) -> list[Violation]:
        """Return the violations that stack policies find in a stack."""
        if not self._examines_stacks:
            return []
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
    message = struct_pb2.Struct()
    message.update(properties)
    return message


@cache
def platform(stack: Profile, **changes: Any) -> tuple[Declared, ...]:
    """Return every resource that the project's program registers for a stack.

    Args:
        stack: `dev` or `prod`.
        changes: Changes of its configuration.
    """
    return _declared(run_program(stack, **changes))


@cache
def example(name: str) -> tuple[Declared, ...]:
    """Return every resource that an example program registers.

    Args:
        name: Folder in `examples/`.
    """
    return _declared(run_example(name))


def _declared(recording: Recording) -> tuple[Declared, ...]:
    return tuple(
        Declared(
            type=request.type,
            name=request.name,
            urn=each.response.urn,
            inputs=json_format.MessageToDict(request.object),
            outputs=json_format.MessageToDict(each.response.object),
            protect=request.protect,
            dependencies={
                "": tuple(request.dependencies),
                **{path: tuple(row.urns) for path, row in request.propertyDependencies.items()},
            },
        )
        for each in recording.registrations
        if (request := each.request).type != "pulumi:pulumi:Stack"
    )


def analyze_prod() -> list[Violation]:
    """Run every policy on every resource of the prod platform, as the benchmark does.

    Call `platform("prod")` first: the first call also runs the program.
    """
    return Analyzer("prod").analyze(platform("prod"))
