"""Judgements of the group `security`."""

from typing import Any, cast

from operations.aws.clients import Properties
from operations.checks.facts.database import Attempt
from operations.checks.judgement import Judgement, NotApplicableError, equal, same_members
from operations.outputs import StackOutputs

ALLOWED = "allowed"
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
    return same_members(expected, [_rule(each) for each in rules])


def storage_encrypted(outputs: StackOutputs, cluster: Properties) -> Judgement:
    """The storage is encrypted with the platform's key."""
    found = cluster.get("KmsKeyId") if cluster.get("StorageEncrypted") else "not encrypted"
    return equal(outputs.kms_key_arn, found)


def key_enabled(_: StackOutputs, key: Properties) -> Judgement:
    """The key can decrypt."""
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


def connect_policy_attached(outputs: StackOutputs, attached: list[str]) -> Judgement:
    """The ECS task role has the policy that allows login with IAM."""
    arn = outputs.iam_database_connect_policy_arn
    return Judgement(arn in attached, arn, ", ".join(attached) or "none")


def connect_policy_exact(outputs: StackOutputs, document: Any) -> Judgement:
    """The policy allows login as the declared database user of this cluster, and nothing else."""
    o = outputs
    user = f"dbuser:{o.cluster_resource_id}/{o.database_user}"
    expected = f"Allow rds-db:connect arn:{o.partition}:rds-db:{o.region}:{o.account}:{user}"
    return same_members([expected], [each for row in document["Statement"] for each in _flat(row)])


def connect_sufficient(outputs: StackOutputs, decisions: dict[str, str]) -> Judgement:
    """IAM lets the task role log in as the database user, and as nobody else."""
    user = outputs.database_user
    expected = {name: ALLOWED if name == user else "denied" for name in decisions}
    found = {
        name: decision if decision == ALLOWED else "denied" for name, decision in decisions.items()
    }
    return equal(expected, found, f"decisions of IAM: {decisions}")


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
