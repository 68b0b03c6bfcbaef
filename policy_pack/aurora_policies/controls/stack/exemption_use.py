"""Checks of exemptions. They run last, when it is known which exemptions are in use."""

from ...pack.exemptions import FILE
from ...pack.registry import Findings, stack_check
from ...pack.stack import Stack
from ...reading.resources import Finding, Resource


@stack_check("exemption-used")
def reports_used_exemptions(stack: Stack) -> Findings:
    """Report every exemption that is in use, so that reviewers of the plan see it."""
    for entry, resources in stack.exemptions.used.items():
        for resource in resources.values():
            found = f"in use ({entry.reason})"
            yield Finding(
                resource, f"exemption from {entry.control}", found, f"removed after {entry.expires}"
            )


@stack_check("exemption-valid")
def has_valid_exemptions_only(stack: Stack) -> Findings:
    """Reject exemptions that have expired or that no resource needs."""
    stacks = {each.urn.partition("::")[0] for each in stack.resources}
    for entry in stack.exemptions.entries:
        file = Resource("", "", FILE.name, None)
        path = f"exemption of {entry.resource} from {entry.control}"
        if stack.exemptions.has_expired(entry):
            yield Finding(file, path, f"expired since {entry.expires}", "renewed or removed")
        elif entry not in stack.exemptions.used and any(map(entry.applies_to, stacks)):
            yield Finding(file, path, "not needed", "removed")
