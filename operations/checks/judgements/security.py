"""Judgements of the group `security`."""

from typing import Any, cast

from operations.aws.clients import Properties
from operations.checks.facts.database import Attempt
from operations.checks.judgement import Judgement, NotApplicableError, equal, same_members
from operations.outputs import StackOutputs

ALLOWED = "allowed"
ACTIVE = "ACTIVE"
"""RDS API, DBClusterRole: a role whose association is INVALID cannot be assumed."""
_TRUE = ("1", "on", "true", "yes")


def security_group_attached(outputs: StackOutputs, cluster: Properties) -> Judgement:
    """The cluster has the platform's security group and no other."""
    groups = [each["VpcSecurityGroupId"] for each in cluster["VpcSecurityGroups"]]
    return same_members([outputs.security_group_id], groups)


def security_group_rules(outputs: StackOutputs, rules: list[Properties]) -> Judgement:
    """The security group has exactly the declared rules."""
    own, port = outputs.security_group_id, outputs.port
    clients = [*outputs.declared_state.client_security_group_ids, own]
    expected = [f"ingress tcp {port} from {client}" for client in clients]
    expected.append(f"egress tcp {port} to {own}")
    if outputs.declared_state.iam_roles:
        expected.append("egress tcp 443 to 0.0.0.0/0")
    return same_members(expected, [_rule(each) for each in rules])


def associated_roles(outputs: StackOutputs, cluster: Properties) -> Judgement:
    """The cluster can assume exactly the declared roles."""
    rows: list[Properties] = cluster.get("AssociatedRoles") or []
    return same_members(
        (f"{feature}: {arn} {ACTIVE}" for feature, arn in outputs.declared_state.iam_roles.items()),
        (f"{row.get('FeatureName')}: {row['RoleArn']} {row['Status']}" for row in rows),
    )


def storage_encrypted(outputs: StackOutputs, cluster: Properties) -> Judgement:
    """The storage is encrypted with the platform's key."""
    found = cluster.get("KmsKeyId") if cluster.get("StorageEncrypted") else "not encrypted"
    return equal(outputs.kms_key_arn, found)


def key_enabled(_: StackOutputs, key: Properties) -> Judgement:
    """The key is enabled."""
    return equal("Enabled", key["KeyState"], str(key["Arn"]))


def key_rotation(outputs: StackOutputs, key: Properties) -> Judgement:
    """KMS rotates the key material; an existing key's rotation is its owner's decision."""
    if not outputs.declared_state.creates_key:
        message = "the key is not the platform's own"
        raise NotApplicableError(message)
    return equal(True, key["KeyRotationEnabled"], str(key["Arn"]))  # noqa: FBT003 - a value


def deletion_protection(outputs: StackOutputs, cluster: Properties) -> Judgement:
    """Deletion protection is as declared."""
    return equal(outputs.declared_state.deletion_protection, cluster["DeletionProtection"])


def iam_authentication(_: StackOutputs, cluster: Properties) -> Judgement:
    """Users can log in with IAM."""
    return equal(True, cluster.get("IAMDatabaseAuthenticationEnabled", False))  # noqa: FBT003


def connect_policy_attached(outputs: StackOutputs, attached: dict[str, list[str]]) -> Judgement:
    """The ECS task roles have the policies that allow login with IAM."""
    names = outputs.declared_state.task_role_names
    expected = {
        f"{role}: {outputs.users[user].connect_policy_arn}"
        for user in outputs.iam_users
        for role in names.get(user, [])
    }
    _require_any(expected)
    found = {f"{role}: {arn}" for role, arns in attached.items() for arn in arns}
    # A role may have other policies; `connect-sufficient` checks what all of them allow.
    return same_members(expected, expected & found)


def connect_policy_exact(outputs: StackOutputs, documents: dict[str, Any]) -> Judgement:
    """Each policy allows login as its database user of this cluster, and nothing else."""
    _require_any(documents)
    o = outputs
    prefix = f"arn:{o.partition}:rds-db:{o.region}:{o.account}:dbuser:{o.cluster_resource_id}"
    return same_members(
        [f"{user}: Allow rds-db:connect {prefix}/{user}" for user in documents],
        [
            f"{user}: {line}"
            for user, document in documents.items()
            for statement in document["Statement"]
            for line in _flat(statement)
        ],
    )


def connect_sufficient(outputs: StackOutputs, decisions: dict[str, dict[str, str]]) -> Judgement:
    """IAM lets each task role log in as its database user, and not as the master user."""
    _require_any(decisions)
    master = outputs.declared_state.master_username
    expected = [
        f"{role} as {user}: {'denied' if user == master else ALLOWED}"
        for role, found in decisions.items()
        for user in found
    ]
    found = [
        f"{role} as {user}: {decision if decision == ALLOWED else 'denied'}"
        for role, each in decisions.items()
        for user, decision in each.items()
    ]
    return same_members(expected, found, f"decisions of IAM: {decisions}")


def _require_any(subjects: object) -> None:
    if not subjects:
        message = "no user logs in with IAM"
        raise NotApplicableError(message)


def not_public(_: StackOutputs, instances: list[Properties]) -> Judgement:
    """No instance has a public address."""
    public = [each["DBInstanceIdentifier"] for each in instances if each["PubliclyAccessible"]]
    return Judgement(not public, "no public instance", ", ".join(public) or "no public instance")


def tls_required(_: StackOutputs, parameters: dict[str, str]) -> Judgement:
    """The parameter group requires TLS."""
    value = parameters.get("rds.force_ssl", "not set")
    return Judgement(value.lower() in _TRUE, "rds.force_ssl = 1", f"rds.force_ssl = {value}")


def tls_refused_without(_: StackOutputs, attempt: Attempt | None) -> Judgement:
    """The server refuses a login without TLS, although the password is right."""
    if attempt is None:
        message = "the secret has no current version to try"
        raise NotApplicableError(message)
    refused = attempt.refusal or "accepted"
    # A wrong password is refused too, but for another reason.
    passed = attempt.refusal is not None and "no encryption" in attempt.refusal
    return Judgement(passed, "refused: no encryption", refused)


def _rule(rule: Properties) -> str:
    peer = next(
        (
            str(found)
            for found in (
                rule.get("ReferencedGroupInfo", {}).get("GroupId"),
                rule.get("CidrIpv4"),
                rule.get("CidrIpv6"),
                rule.get("PrefixListId"),
            )
            if found
        ),
        "unknown",
    )
    low, high = rule.get("FromPort"), rule.get("ToPort")
    ports = f"{low}" if low == high else f"{low}-{high}"
    way = "egress {} {} to {}" if rule["IsEgress"] else "ingress {} {} from {}"
    return way.format(rule["IpProtocol"], ports, peer)


def _flat(statement: Properties) -> list[str]:
    """Return a statement as lines of effect, action and resource."""
    effect = statement["Effect"]
    conditions = " if " + str(statement["Condition"]) if "Condition" in statement else ""
    return [
        f"{effect} {action} {resource}{conditions}"
        for action in _values(statement.get("Action", "NotAction"))
        for resource in _values(statement.get("Resource", "NotResource"))
    ]


def _values(value: object) -> list[str]:
    return cast("list[str]", value) if isinstance(value, list) else [str(value)]
