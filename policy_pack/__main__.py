"""Starts the policy pack; the engine talks to it until the operation ends."""

from aurora_policies.enforcement import install
from aurora_policies.policies import policies
from pulumi_policy import EnforcementLevel, PolicyPack

install()
PolicyPack(
    "aurora-policies",
    policies(),
    enforcement_level=EnforcementLevel.MANDATORY,
    display_name="Aurora PostgreSQL policies",
    provider="aws",
)
