"""Registers what the platform registers in dev, one resource after the other.

The same lookups, the same resource classes and inputs (those of the golden file), but no component,
no settings and no rules: what the platform takes longer is the price of its structure. Inputs are
plain values where the platform's are outputs of other resources, which favours this program.
"""

import json
import re
import sys
from pathlib import Path

import pulumi
import pulumi_aws as aws
import pulumi_random as random

# The engine runs this from a folder of links.
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from components.aurora_data_platform.credentials import lambda_package

MODULES = {"aws": aws, "random": random}
GOLDEN = Path(__file__).with_name("resources.dev.json")


def snake_case(name: str) -> str:
    """Turn an input's name into the argument's."""
    return re.sub(r"(?<!^)([A-Z])", r"_\1", name).lower()


def resource_class(token: str) -> type:
    """Find `aws.rds.Cluster` for `aws:rds/cluster:Cluster`."""
    package, module, name = token.split(":")
    found = MODULES[package]
    # `lambda` is a word of Python's own.
    folder = module.partition("/")[0].replace("lambda", "lambda_")
    return getattr(found if folder == "index" else getattr(found, folder), name)


def look_up() -> None:
    """Look up what the program looks up."""
    vpc = aws.ec2.get_vpc(tags={"Name": "dev-vpc-ue2"})
    subnets = aws.ec2.get_subnets(
        filters=[{"name": "vpc-id", "values": [vpc.id]}], tags={"Tier": "private"}
    )
    for subnet in subnets.ids:
        aws.ec2.get_subnet(id=subnet)
    aws.ec2.get_security_group(name="dev-ecs-container-sg-ue2", vpc_id=vpc.id)
    for role in ("task", "execution"):
        aws.iam.get_role(name=f"dev-trialfinder-ecs-{role}-role")
    aws.rds.get_engine_version(engine="aurora-postgresql", preferred_versions=["17.4", "17.5"])
    aws.get_partition()
    aws.get_caller_identity()


look_up()
for row in json.loads(GOLDEN.read_text()):
    if not row["type"].startswith("aurora-data-platform:"):
        inputs = {snake_case(key): value for key, value in row["inputs"].items()}
        if "code" in inputs:
            files: dict[str, pulumi.Asset | pulumi.Archive] = {
                path: pulumi.FileAsset(str(file)) for path, file in lambda_package.files().items()
            }
            inputs["code"] = pulumi.AssetArchive(files)
        resource_class(row["type"])(row["name"], **inputs)
