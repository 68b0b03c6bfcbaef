"""Entry point of the policy pack: serves the engine until the operation ends."""

from aurora_policies.pack.enforcement import install
from aurora_policies.pack.policies import policies
from aurora_policies.pack.run import Run
from pulumi_policy import EnforcementLevel, PolicyPack

run = Run()
install(run)
PolicyPack(
    "aurora-policies",
    policies(run),
    enforcement_level=EnforcementLevel.MANDATORY,
    display_name="Aurora PostgreSQL policies",
    provider="aws",
)
