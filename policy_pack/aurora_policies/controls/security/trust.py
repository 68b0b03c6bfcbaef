"""Check of trust policies: who can assume a role."""

import re

from ...pack.registry import Findings, resource_check
from ...reading.conditions import limits_identities, limits_subject, tests_of
from ...reading.policy_documents import Statement, statements
from ...reading.resources import Resource
from ...reading.values import UNKNOWN

TRUSTED = "specific services or identities"
_SAML = re.compile(r"arn:[^:]*:iam::[^:]*:saml-provider/.+")
_COGNITO = "cognito-identity.amazonaws.com"


@resource_check("iam-trust-scoped")
def trusts_specific_identities(role: Resource) -> Findings:
    """The trust policy names specific services and identities."""
    services = role.parameters.words("allowedServices")
    for statement in statements(role["assumeRolePolicy"], "assumeRolePolicy"):
        if not statement.allows:
            continue
        path = f"{statement.path}.Principal"
        if statement.allows_everyone:
            yield role.finding(path, TRUSTED, "everyone")
            continue
        if statement.whole_accounts and not limits_identities(statement.element("Condition")):
            yield role.finding(f"{path}.AWS", TRUSTED, "a whole account")
        if any(service not in services for service in statement.principals("Service")):
            yield role.finding(f"{path}.Service", "an allowed service", "another service")
        if not _limits_subjects(statement):
            required = "on the subject (sub) of the identity provider"
            yield role.finding(f"{statement.path}.Condition", required, "another or none")
        if role.parameters.flag("requireSourceAccount") and not _names_source_account(statement):
            required = "on aws:SourceAccount"
            yield role.finding(f"{statement.path}.Condition", required, "another or none")


def _limits_subjects(statement: Statement) -> bool:
    """Return whether every federated principal is limited to specific subjects."""
    condition = statement.element("Condition")
    return all(
        _SAML.fullmatch(each) or limits_subject(condition, audience=each == _COGNITO)
        for each in statement.principals("Federated")
    )


def _names_source_account(statement: Statement) -> bool:
    condition = statement.element("Condition")
    if not isinstance(condition, dict) or UNKNOWN in condition.values():
        return condition is UNKNOWN or isinstance(condition, dict)
    return any(test.key == "aws:sourceaccount" for test in tests_of(condition))
