"""Keeps the locked controls on: no configuration lowers their level on a production stack.

Pulumi reads the level of a policy from the configuration before it asks the policy, so a policy
cannot defend itself. The servicer that answers the engine can; the SDK has no public hook for it,
therefore `install` replaces the servicer's class, and a test holds the SDK to what this relies on.
"""

import re

from pulumi.runtime.proto import analyzer_pb2
from pulumi_policy import EnforcementLevel, Policy
from pulumi_policy import policy as sdk

from .catalogue import catalogue

_PRODUCTION = re.compile(r"(^|[-_.])(prod|production)([-_.]|$)", re.IGNORECASE)
_FLOORS = {
    control.name: EnforcementLevel(control.level("prod"))
    for control in catalogue().values()
    if control.locked
}
_FROM_LENIENT_TO_STRICT = list(
    map(EnforcementLevel, ("disabled", "advisory", "remediate", "mandatory"))
)


def is_production(stack: str) -> bool:
    """Whether a stack's name says that it is production, such as `prod` or `eu-prod`."""
    return _PRODUCTION.search(stack) is not None


class LockingServicer(sdk._PolicyAnalyzerServicer):  # pyright: ignore[reportPrivateUsage]
    """The SDK's servicer, which a configuration cannot talk out of a locked control."""

    _stack = ""

    def Analyze(  # noqa: N802 - named by the protocol
        self, request: analyzer_pb2.AnalyzeRequest, _context: object
    ) -> analyzer_pb2.AnalyzeResponse:
        """Judges a resource, whose URN tells the stack."""
        self._stack = _stack_of(request.urn)
        return super().Analyze(request, _context)  # pyright: ignore[reportUnknownMemberType]

    def AnalyzeStack(  # noqa: N802 - named by the protocol
        self, request: analyzer_pb2.AnalyzeStackRequest, _context: object
    ) -> analyzer_pb2.AnalyzeResponse:
        """Judges a stack, which the URNs of its resources tell."""
        self._stack = next((_stack_of(each.urn) for each in request.resources), self._stack)
        return super().AnalyzeStack(request, _context)  # pyright: ignore[reportUnknownMemberType]

    def _get_enforcement_level(self, policy: Policy) -> EnforcementLevel:
        level = super()._get_enforcement_level(policy)
        if policy.name in _FLOORS and is_production(self._stack):
            return max(level, _FLOORS[policy.name], key=_FROM_LENIENT_TO_STRICT.index)
        return level


def _stack_of(urn: str) -> str:
    return urn.partition("::")[0].removeprefix("urn:pulumi:")


def install() -> None:
    """Has every policy pack that starts from now on use this servicer."""
    sdk._PolicyAnalyzerServicer = LockingServicer  # pyright: ignore[reportPrivateUsage]
