"""Pulumi policies, built from the catalogue and the registered checks."""

from collections.abc import Callable, Mapping
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

from ..reading.resources import Parameters, resource_from_args
from ..reading.values import plain
from .catalogue import REQUIREMENT, SUBJECTS, Control, catalogue
from .registry import (
    RESOURCE_CHECKS,
    STACK_CHECKS,
    Findings,
    NotApplicable,
    ResourceCheck,
    StackCheck,
)
from .rule_sets import rule_sets
from .run import Run
from .stack import Stack

for subject in SUBJECTS:
    # Importing a module registers its checks.
    import_module(f"..controls.{subject.replace('/', '.')}", __package__)


def policies(run: Run) -> list[Policy]:
    """Build one policy per control, in the order of the catalogue."""
    return [_policy(control, run) for control in catalogue().values()]


def _policy(control: Control, run: Run) -> Policy:
    metadata = _metadata(control)
    if control.scope == "resource":
        check = RESOURCE_CHECKS[control.name]
        return ResourceValidationPolicy(
            validate=_resource_validation(control, check, run), **metadata
        )
    stack_check = STACK_CHECKS[control.name]
    return StackValidationPolicy(validate=_stack_validation(control, stack_check, run), **metadata)


def _resource_validation(
    control: Control, check: ResourceCheck, run: Run
) -> Callable[[ResourceValidationArgs, ReportViolation], None]:
    def validate(args: ResourceValidationArgs, report: ReportViolation) -> None:
        if args.resource_type in control.resources:
            parameters = _parameters(control, args.get_config())
            resource = resource_from_args(args, run.inputs[args.urn], parameters)
            _report(control, run, args, check(resource), report)

    return validate


def _stack_validation(
    control: Control, check: StackCheck, run: Run
) -> Callable[[StackValidationArgs, ReportViolation], None]:
    def validate(args: StackValidationArgs, report: ReportViolation) -> None:
        parameters = _parameters(control, args.get_config())
        stack = Stack(run.resources, parameters, run.exemptions, run.configured_secrets)
        _report(control, run, args, check(stack), report)

    return validate


def _report(
    control: Control,
    run: Run,
    args: ResourceValidationArgs | StackValidationArgs,
    findings: Findings,
    report: ReportViolation,
) -> None:
    try:
        for finding in findings:
            if not run.exemptions.exempts(control.name, finding.resource):
                report(f"{finding}. {remedy(control)}", finding.resource.urn)
    except NotApplicable as reason:
        args.not_applicable(str(reason))


def remedy(control: Control) -> str:
    """Return how to comply with a control, with this repository's setting if there is one."""
    setting = f" (in this repository: {control.setting})" if control.setting else ""
    return f"{control.remediation}{setting}."


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
        "remediation_steps": remedy(control),
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
