"""Makes Pulumi's policies from the catalogue and the registered checks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from pulumi_policy import (
    EnforcementLevel,
    Policy,
    PolicyComplianceFramework,
    PolicyConfigSchema,
    ReportViolation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    Severity,
    StackValidationArgs,
    StackValidationPolicy,
)

from .catalogue import REQUIREMENT, SERVICES, Control, catalogue
from .checks import (
    RESOURCE_CHECKS,
    STACK_CHECKS,
    Findings,
    NotApplicable,
    ResourceCheck,
    StackCheck,
)
from .exemptions import Exemptions, read_exemptions
from .resources import Parameters, Stack, judged_resource, stack_resource
from .rule_sets import rule_sets
from .values import plain

for service in SERVICES:
    import_module(f"{__package__}.{service}")  # registers its checks


@dataclass(frozen=True)
class _Run:
    """What the policies of one run share.

    Attributes:
        inputs: Inputs of every resource by URN. A stack policy is shown outputs, where AWS has
            filled in what the program left out; what it declared, resource policies saw before.
    """

    exemptions: Exemptions
    inputs: dict[str, Mapping[str, Any]] = field(default_factory=dict[str, Mapping[str, Any]])


def policies(exemptions: Exemptions | None = None) -> list[Policy]:
    """One policy per control, in the order of the catalogue.

    Args:
        exemptions: Those of the pack's own file unless given.
    """
    run = _Run(read_exemptions() if exemptions is None else exemptions)
    return [_policy(control, run) for control in catalogue().values()]


def _policy(control: Control, run: _Run) -> Policy:
    metadata = _metadata(control)
    if control.scope == "resource":
        check = RESOURCE_CHECKS[control.id]
        return ResourceValidationPolicy(
            validate=_resource_validation(control, check, run), **metadata
        )
    stack_check = STACK_CHECKS[control.id]
    return StackValidationPolicy(validate=_stack_validation(control, stack_check, run), **metadata)


def _resource_validation(
    control: Control, check: ResourceCheck, run: _Run
) -> Callable[[ResourceValidationArgs, ReportViolation], None]:
    def validate(args: ResourceValidationArgs, report: ReportViolation) -> None:
        run.inputs[args.urn] = args.props
        if args.resource_type in control.resources:
            resource = judged_resource(args, _parameters(control, args.get_config()))
            _report(control, run, args, check(resource), report)

    return validate


def _stack_validation(
    control: Control, check: StackCheck, run: _Run
) -> Callable[[StackValidationArgs, ReportViolation], None]:
    def validate(args: StackValidationArgs, report: ReportViolation) -> None:
        parameters = _parameters(control, args.get_config())
        resources = tuple(
            stack_resource(each, run.inputs.get(each.urn, each.props), parameters)
            for each in args.resources
        )
        stack = Stack(resources, parameters, run.exemptions)
        _report(control, run, args, check(stack), report)

    return validate


def _report(
    control: Control,
    run: _Run,
    args: ResourceValidationArgs | StackValidationArgs,
    findings: Findings,
    report: ReportViolation,
) -> None:
    try:
        for finding in findings:
            if not run.exemptions.admit(control.id, finding.resource):
                report(f"[{control.id}] {finding}. {control.remediation}.", finding.resource.urn)
    except NotApplicable as reason:
        args.not_applicable(str(reason))


def _parameters(control: Control, config: Mapping[str, Any]) -> Parameters:
    # Only the engine fills in a schema's defaults; other callers of a policy may pass nothing.
    given = {**control.defaults(), **config}
    return Parameters({name: plain(value) for name, value in given.items()})


def _metadata(control: Control) -> dict[str, Any]:
    framework, primary = control.rule_ids[0]
    rule_set = rule_sets().get(framework)
    return {
        "name": control.name,
        "description": f"{control.title}: {control.condition}.",
        "enforcement_level": EnforcementLevel(control.level("prod")),
        "display_name": control.title,
        "severity": Severity(control.severity),
        "framework": PolicyComplianceFramework(
            name=REQUIREMENT if rule_set is None else rule_set.title,
            version=None if rule_set is None else rule_set.version,
            reference=primary,
            specification=control.link if rule_set is None else rule_set.source,
        ),
        "tags": [f"{other}:{rule}" for other, rule in control.rule_ids[1:]],
        "remediation_steps": f"{control.remediation}.",
        "url": control.link,
        "config_schema": _config_schema(control),
    }


def _config_schema(control: Control) -> PolicyConfigSchema | None:
    if not control.parameters:
        return None
    return PolicyConfigSchema(
        {
            name: {**row.schema_, "description": row.description, "default": row.default}
            for name, row in control.parameters.items()
        }
    )
