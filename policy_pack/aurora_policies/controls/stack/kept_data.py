"""Check that a plan keeps the stack's data.

The engine shows a policy the resources that a plan results in, not what it deletes, replaces or
only reads. A resource that is kept or updated has its ARN in the plan, under its URN or, if it is
renamed with an alias, with that URN as the alias that the engine has found in the state. One that
is replaced has an unknown ARN. One that is deleted is not there; its ARN is, under another URN, if
the program imports it under another name. What exists is therefore a parameter.
"""

from collections import defaultdict
from collections.abc import Sequence

from ...pack.registry import Findings, not_applicable, stack_check
from ...pack.stack import Stack
from ...reading.resource_types import DATA
from ...reading.resources import Finding, Resource
from ...reading.values import Value, get, texts


@stack_check("data-is-kept")
def keeps_data(stack: Stack) -> Findings:
    """Every resource of `kept` has the same ARN and the same URN, or an alias, in the plan."""
    kept = stack.parameters.records("kept")
    if not kept:
        not_applicable("no resource is listed in kept")
    planned: dict[str, list[Resource]] = defaultdict(list)
    for each in stack.of_type(*DATA):
        for arn in texts(get(each.outputs, "arn")):
            planned[arn].append(each)
    groups: dict[str, list[Value]] = defaultdict(list)
    for each in kept:
        groups[_text(each, "group") or _text(each, "urn")].append(each)
    for members in groups.values():
        losses = [_loss(each, planned.get(_text(each, "arn"), [])) for each in members]
        if None not in losses:
            yield from (loss for loss in losses if loss)


def _loss(record: Value, same_arn: Sequence[Resource]) -> Finding | None:
    urn, arn = _text(record, "urn"), _text(record, "arn")
    if any(urn == each.urn or urn in each.aliases for each in same_arn):
        return None
    lost = Resource("", _text(record, "type"), _text(record, "name"), None)
    if not same_arn:
        found = "not in the plan, which deletes or replaces the resource"
        return Finding(lost, "ARN", found, arn)
    other = same_arn[0].name
    found = f"not in the plan, in which {other} has the ARN"
    return Finding(lost, "URN", found, f"that of {other} or one of its aliases")


def _text(record: Value, key: str) -> str:
    value = get(record, key)
    return value if isinstance(value, str) else ""
