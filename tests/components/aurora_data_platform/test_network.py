"""Network of the database: subnet group, security group and its rules."""

from tests.components.aurora_data_platform.platforms import platform

ROLES = {"s3Import": "arn:aws:iam::123456789012:role/dev-s3-import"}
OWN = "p-security-group-id"


def rules(**changes: object) -> dict[str, tuple[object, ...]]:
    """Return peer, protocol, first and last port of each rule of the database by name."""
    recording = platform(**changes)
    return {
        each.name: (
            each.inputs.get("referencedSecurityGroupId", each.inputs.get("cidrIpv4")),
            *(each.inputs[key] for key in ("ipProtocol", "fromPort", "toPort")),
        )
        for each in recording.of_type("IngressRule") + recording.of_type("EgressRule")
        if recording.parent(each.name) == "p-network"
    }


def test_every_client_gets_one_rule_named_after_it() -> None:
    clients = {"web": "sg-web", "jobs": "sg-jobs"}
    assert rules(client_security_group_ids=clients, port=6432) == {
        "p-ingress-from-web": ("sg-web", "tcp", 6432, 6432),
        "p-ingress-from-jobs": ("sg-jobs", "tcp", 6432, 6432),
        "p-ingress-self": (OWN, "tcp", 6432, 6432),
        "p-egress-self": (OWN, "tcp", 6432, 6432),
    }


def test_a_cluster_with_roles_also_reaches_https() -> None:
    assert rules(client_security_group_ids={}, iam_roles=ROLES) == {
        "p-ingress-self": (OWN, "tcp", 5432, 5432),
        "p-egress-self": (OWN, "tcp", 5432, 5432),
        "p-egress-https": ("0.0.0.0/0", "tcp", 443, 443),
    }


def test_groups_are_replaced_before_they_are_deleted_and_lose_their_rules_first() -> None:
    recording = platform()
    assert recording.only(":SubnetGroup").inputs["subnetIds"] == ["subnet-a", "subnet-b"]
    assert recording.named("p-security-group").inputs["revokeRulesOnDelete"] is True
    for name in ("p-subnet-group", "p-security-group"):
        assert recording.options[name].delete_before_replace is False
