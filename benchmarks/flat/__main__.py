"""A flat program with the resources of the dev platform.

It has the same lookups, resource classes and inputs (from the golden file), but no components,
settings or rules, so the platform's additional time is the cost of its structure. Inputs are plain
values where the platform's are outputs of other resources, which favors this program.
"""

import json
import re
import sys
from pathlib import Path

import pulumi
import pulumi_aws as aws
import pulumi_random as random

# The engine runs this file from a folder of symbolic links.
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from components.aurora_data_platform.functions import package as lambda_package

MODULES = {"aws": aws, "random": random}
GOLDEN = Path(__file__).with_name("resources.dev.json")


def snake_case(name: str) -> str:
    """Return the argument name of an input."""
    return re.sub(r"(?<!^)([A-Z])", r"_\1", name).lower()


def resource_class(token: str) -> type:
    """Return the class of a type token: `aws.rds.Cluster` for `aws:rds/cluster:Cluster`."""
    package, module, name = token.split(":")
    found = MODULES[package]
    # `lambda` is a keyword of Python.
    folder = module.partition("/")[0].replace("lambda", "lambda_")
    return getattr(found if folder == "index" else getattr(found, folder), name)


def look_up() -> None:
    """Call the lookups of the program."""
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
