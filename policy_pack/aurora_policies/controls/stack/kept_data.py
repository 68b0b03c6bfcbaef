"""Check that a plan keeps the stack's data.

The engine shows a policy what a plan results in, not what it deletes or replaces. A resource that
is kept or updated has its ARN in the plan; one that is replaced has an unknown ARN, and one that is
deleted or renamed without an alias is not there. What exists is therefore a parameter.
"""

from collections import defaultdict

from ...pack.registry import Findings, not_applicable, stack_check
from ...pack.stack import Stack
from ...reading.resource_types import DATA
from ...reading.resources import Finding, Parameters, Resource
from ...reading.values import Value, get, texts


@stack_check("data-is-kept")
def keeps_data(stack: Stack) -> Findings:
    """Every resource of `kept` has the same ARN in the plan."""
    kept = stack.parameters.records("kept")
    if not kept:
        not_applicable("no resource is listed in kept")
    planned = {arn for each in stack.of_type(*DATA) for arn in texts(get(each.outputs, "arn"))}
    groups: dict[str, list[Value]] = defaultdict(list)
    for each in kept:
        groups[_text(each, "group") or _text(each, "arn")].append(each)
    for members in groups.values():
        if any(_text(each, "arn") in planned for each in members):
            continue
        for each in members:
            lost = Resource("", _text(each, "type"), _text(each, "name"), None, Parameters({}))
            found = "not in the plan, which deletes or replaces the resource"
            yield Finding(lost, "ARN", found, _text(each, "arn"))


def _text(record: Value, key: str) -> str:
    value = get(record, key)
    return value if isinstance(value, str) else ""
