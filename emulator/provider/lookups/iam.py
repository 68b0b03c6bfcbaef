"""Lookups of IAM roles."""

import json

from emulator.provider.aws_connection import AwsConnection
from emulator.provider.protocol.properties import Properties, get_path
from emulator.provider.tagging import tags_of


def get_role(aws: AwsConnection, arguments: Properties) -> Properties:
    """Return a role by its name."""
    role = aws.call("iam", "get_role", RoleName=arguments["name"])["Role"]
    used: Properties = role.get("RoleLastUsed") or {}
    return {
        "arn": role["Arn"],
        "assumeRolePolicy": json.dumps(role["AssumeRolePolicyDocument"]),
        "createDate": role["CreateDate"],
        "description": role.get("Description", ""),
        "id": role["RoleName"],
        "maxSessionDuration": role["MaxSessionDuration"],
        "name": role["RoleName"],
        "path": role["Path"],
        "permissionsBoundary": get_path(role, "PermissionsBoundary.PermissionsBoundaryArn") or "",
        "roleLastUseds": [
            {"lastUsedDate": used.get("LastUsedDate", ""), "region": used.get("Region", "")}
        ],
        "tags": tags_of(role),
        "uniqueId": role["RoleId"],
    }
