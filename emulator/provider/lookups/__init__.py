"""The aws provider's functions, which look up existing resources."""

from collections.abc import Callable, Mapping

from emulator.provider.aws_connection import AwsConnection
from emulator.provider.lookups import account, ec2, iam, kms, rds, routes
from emulator.provider.protocol.errors import RejectedError
from emulator.provider.protocol.properties import Properties

Lookup = Callable[[AwsConnection, Properties], Properties]

LOOKUPS: Mapping[str, Lookup] = {
    "aws:ec2/getRouteTable:getRouteTable": routes.get_route_table,
    "aws:ec2/getRouteTables:getRouteTables": routes.get_route_tables,
    "aws:ec2/getSecurityGroup:getSecurityGroup": ec2.get_security_group,
    "aws:ec2/getSecurityGroups:getSecurityGroups": ec2.get_security_groups,
    "aws:ec2/getSubnet:getSubnet": ec2.get_subnet,
    "aws:ec2/getSubnets:getSubnets": ec2.get_subnets,
    "aws:ec2/getVpc:getVpc": ec2.get_vpc,
    "aws:ec2/getVpcs:getVpcs": ec2.get_vpcs,
    "aws:iam/getRole:getRole": iam.get_role,
    "aws:index/getCallerIdentity:getCallerIdentity": account.get_caller_identity,
    "aws:index/getPartition:getPartition": account.get_partition,
    "aws:index/getRegion:getRegion": account.get_region,
    "aws:kms/getKey:getKey": kms.get_key,
    "aws:rds/getCluster:getCluster": rds.get_cluster,
    "aws:rds/getClusterSnapshot:getClusterSnapshot": rds.get_cluster_snapshot,
    "aws:rds/getClusters:getClusters": rds.get_clusters,
    "aws:rds/getEngineVersion:getEngineVersion": rds.get_engine_version,
}


def look_up(aws: AwsConnection, token: str, arguments: Properties) -> Properties:
    """Call a function by its token; the result includes the arguments.

    Raises:
        RejectedError: the function does not exist or finds nothing.
        AwsError: AWS rejected the request.
    """
    if token not in LOOKUPS:
        message = f"the emulated provider does not implement the function {token}"
        raise RejectedError(message)
    found = LOOKUPS[token](aws, arguments)
    return {"id": aws.region, "region": aws.region, **arguments, **found}
