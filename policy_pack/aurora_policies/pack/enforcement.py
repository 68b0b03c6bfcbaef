"""Enforcement of locked controls: no configuration lowers their level on a production stack.

Pulumi reads the level of a policy from the configuration before it calls the policy, so a policy
cannot enforce its own level. The servicer that answers the engine can. The SDK has no public hook
for it, therefore `install` replaces the servicer's class, and a test verifies the parts of the SDK
that this relies on.
"""

from typing import ClassVar

from pulumi.runtime.proto import analyzer_pb2
from pulumi_policy import EnforcementLevel, Policy, ResourceValidationPolicy
from pulumi_policy import policy as sdk

from ..reading.resources import resources_of_stack
from ..reading.wire import decoded
from .catalogue import catalogue
from .environments import is_production
from .run import Run

_FLOORS = {
    control.name: EnforcementLevel(control.level("prod"))
    for control in catalogue().values()
    if control.locked
}
_FROM_LENIENT_TO_STRICT = list(
    map(EnforcementLevel, ("disabled", "advisory", "remediate", "mandatory"))
)


class LockingServicer(sdk._PolicyAnalyzerServicer):  # pyright: ignore[reportPrivateUsage]
    """The SDK's servicer, in which a configuration cannot switch off a locked control.

    Attributes:
        run: State that the policies share.
    """

    run: ClassVar[Run]
    _stack = ""
    _type: str | None = None

    def ConfigureStack(  # noqa: N802 - name of the protocol
        self, request: analyzer_pb2.AnalyzerStackConfigureRequest, _context: object
    ) -> analyzer_pb2.AnalyzerStackConfigureResponse:
        """Record the secret configuration, then configure the SDK's servicer."""
        self.run.record_configuration(request.config, request.config_secret_keys)
        return super().ConfigureStack(request, _context)  # pyright: ignore[reportUnknownMemberType]

    def Analyze(  # noqa: N802 - name of the protocol
        self, request: analyzer_pb2.AnalyzeRequest, _context: object
    ) -> analyzer_pb2.AnalyzeResponse:
        """Analyze a resource, after decoding its properties once for all policies.

        The SDK would decode them again for each policy.
        """
        self._stack, self._type = _stack_of(request.urn), request.type
        self.run.inputs[request.urn] = decoded(request.properties)
        bare = analyzer_pb2.AnalyzeRequest()
        bare.CopyFrom(request)
        bare.ClearField("properties")
        return super().Analyze(bare, _context)  # pyright: ignore[reportUnknownMemberType]

    def AnalyzeStack(  # noqa: N802 - name of the protocol
        self, request: analyzer_pb2.AnalyzeStackRequest, _context: object
    ) -> analyzer_pb2.AnalyzeResponse:
        """Analyze a stack, after decoding its resources once for all policies."""
        self._stack = next((_stack_of(each.urn) for each in request.resources), self._stack)
        self._type = None
        self.run.resources = resources_of_stack(request.resources, self.run.inputs)
        bare = analyzer_pb2.AnalyzeStackRequest()
        return super().AnalyzeStack(bare, _context)  # pyright: ignore[reportUnknownMemberType]

    def _get_enforcement_level(self, policy: Policy) -> EnforcementLevel:
        if self._type is not None and isinstance(policy, ResourceValidationPolicy):
            control = catalogue().get(policy.name)
            # A policy that does not apply to the resource costs time even without properties.
            if control is not None and self._type not in control.resources:
                return EnforcementLevel.DISABLED
        level = super()._get_enforcement_level(policy)
        if policy.name in _FLOORS and is_production(self._stack):
            return max(level, _FLOORS[policy.name], key=_FROM_LENIENT_TO_STRICT.index)
        return level


def _stack_of(urn: str) -> str:
    return urn.partition("::")[0].removeprefix("urn:pulumi:")


def servicer_for(run: Run) -> type[LockingServicer]:
    """Return a servicer whose policies share the state of a run."""
    # The SDK creates the servicer itself, from its class.
    return type("Servicer", (LockingServicer,), {"run": run})


def install(run: Run) -> None:
    """Make every policy pack that starts from now on use this servicer."""
    sdk._PolicyAnalyzerServicer = servicer_for(run)  # pyright: ignore[reportPrivateUsage]
