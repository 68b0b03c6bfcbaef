"""Judgements of the group `infrastructure`."""

from operations.aws.clients import Properties
from operations.checks.judgement import Judgement, equal, same_members, text
from operations.outputs import StackOutputs

SERVERLESS = "db.serverless"
AVAILABLE = "available"


def cluster_available(_: StackOutputs, cluster: Properties) -> Judgement:
    """The cluster is available and runs Aurora PostgreSQL."""
    return equal(f"aurora-postgresql, {AVAILABLE}", f"{cluster['Engine']}, {cluster['Status']}")


def engine_version(outputs: StackOutputs, cluster: Properties) -> Judgement:
    """The version is the declared one; AWS may have applied a later minor version."""
    declared, running = outputs.declared_state.engine_version, str(cluster["EngineVersion"])
    if not outputs.declared_state.auto_minor_version_upgrade:
        return equal(declared, running)
    wanted, had = _numbers(declared), _numbers(running)
    passed = wanted[0] == had[0] and had >= wanted
    return Judgement(passed, f"{declared} or a later minor version of {wanted[0]}", running)


def capacity_limits(outputs: StackOutputs, cluster: Properties) -> Judgement:
    """Minimum and maximum capacity are the declared ones."""
    own = outputs.declared_state
    limits: Properties = cluster.get("ServerlessV2ScalingConfiguration", {})
    found = (limits.get("MinCapacity"), limits.get("MaxCapacity"))
    expected = (own.min_capacity, own.max_capacity)
    return Judgement(found == expected, _range(*expected), _range(*found))


def instances_available(
    outputs: StackOutputs, cluster: Properties, instances: list[Properties]
) -> Judgement:
    """Exactly the declared instances exist, all serverless and available, with one writer."""
    states = {
        each["DBInstanceIdentifier"]: f"{each['DBInstanceClass']} {each['DBInstanceStatus']}"
        for each in instances
    }
    expected = {
        name: f"{SERVERLESS} {AVAILABLE}" for name in outputs.declared_state.instance_identifiers
    }
    writers = [each for each in cluster["DBClusterMembers"] if each["IsClusterWriter"]]
    judged = equal(expected, states, f"{len(writers)} writer")
    return Judgement(
        judged.passed and len(writers) == 1, judged.expected, judged.found, judged.evidence
    )


def automatic_minor_upgrades(
    outputs: StackOutputs, cluster: Properties, instances: list[Properties]
) -> Judgement:
    """The cluster and every instance have the declared setting: AWS needs all of them."""
    declared = outputs.declared_state.auto_minor_version_upgrade
    found = {
        "cluster": cluster.get("AutoMinorVersionUpgrade", True),
        **{
            each["DBInstanceIdentifier"]: each.get("AutoMinorVersionUpgrade", True)
            for each in instances
        },
    }
    return equal(dict.fromkeys(found, declared), found)


def instances_zones(outputs: StackOutputs, instances: list[Properties]) -> Judgement:
    """The instances are in as many Availability Zones as possible."""
    zones = [str(each.get("AvailabilityZone")) for each in instances]
    declared = outputs.declared_state.availability_zones
    wanted = min(len(zones), len(declared)) if declared else len(zones)
    spread = "; ".join(
        f"{each['DBInstanceIdentifier']} in {each.get('AvailabilityZone')}" for each in instances
    )
    foreign = [zone for zone in zones if declared and zone not in declared]
    passed = len(set(zones)) == wanted and not foreign
    return Judgement(passed, f"{wanted} different zones", f"{len(set(zones))}", spread)


def subnet_group(outputs: StackOutputs, cluster: Properties, subnet_group: Properties) -> Judgement:
    """The cluster uses the declared subnet group, which has exactly the declared subnets."""
    own = outputs.declared_state
    used = str(cluster["DBSubnetGroup"])
    subnets = [each["SubnetIdentifier"] for each in subnet_group["Subnets"]]
    judged = same_members(own.subnet_ids, subnets, f"the cluster uses {used}")
    return Judgement(
        judged.passed and used == own.subnet_group_name,
        f"{own.subnet_group_name}: {judged.expected}",
        f"{used}: {judged.found}",
        judged.evidence,
    )


def _numbers(version: str) -> list[int]:
    return [int(part) for part in version.split(".") if part.isdigit()]


def _range(low: object, high: object) -> str:
    return f"{text(low)} to {text(high)} ACU"
