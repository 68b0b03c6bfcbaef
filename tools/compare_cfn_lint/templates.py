"""Templates that cfn-lint judges: of the stacks, of the examples, and with a violation each."""

import hashlib
import json
from collections.abc import Mapping
from functools import cache

from policy_pack.aurora_policies.pack.catalogue import PROFILES
from tools.compare_cfn_lint.record import violations
from tools.compare_cfn_lint.template import Values, template, text
from tools.testing.policies import example, platform
from tools.testing.programs import EXAMPLES


@cache
def templates() -> Mapping[str, str]:
    """Return the templates by stack or example."""
    resources = {stack: platform(stack) for stack in PROFILES}
    resources |= {f"{name}-example": example(name) for name in EXAMPLES}
    return {name: text(template(declared)) for name, declared in resources.items()}


def digests() -> dict[str, str]:
    """Return the SHA-256 digests of the templates by stack or example."""
    return {
        name: hashlib.sha256(content.encode()).hexdigest() for name, content in templates().items()
    }


@cache
def changed_templates() -> Mapping[str, str]:
    """Return the template for dev with each change of `violations.yaml`, by its name."""
    changed: dict[str, str] = {}
    for name, violation in violations().items():
        copy: Values = json.loads(templates()["dev"])
        properties = copy["Resources"][violation.resource]["Properties"] | violation.properties
        copy["Resources"][violation.resource]["Properties"] = {
            key: value for key, value in properties.items() if value is not None
        }
        changed[name] = text(copy)
    return changed
