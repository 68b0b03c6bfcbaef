"""Checks of what all resources have: tags and resource options."""

import json

from ...pack.registry import Findings, resource_check
from ...reading.resources import Resource
from ...reading.values import UNKNOWN, Value, get, plain


@resource_check("required-tags")
def carries_required_tags(resource: Resource) -> Findings:
    """The resource's tags and the provider's default tags contain every required key."""
    sources = resource["tags"], _default_tags(resource.default_tags)
    if UNKNOWN in sources:
        return
    present = {key for tags in sources if isinstance(tags, dict) for key in tags}
    missing = sorted(resource.parameters.words("requiredTagKeys") - present)
    if missing:
        yield resource.finding("tags", "complete", f"missing {', '.join(missing)}")


@resource_check("prod-protect")
def is_protected(resource: Resource) -> Findings:
    """Pulumi does not delete or replace the resource."""
    if not resource.protect:
        yield resource.finding("option protect", "true", "false")


def _default_tags(value: Value) -> Value:
    # Providers receive structured configuration as JSON text.
    if isinstance(value, str):
        try:
            value = plain(json.loads(value))
        except (ValueError, RecursionError):
            return None
    return get(value, "tags")
