"""The `readme` output: next steps, with the stack's own values."""

from collections.abc import Mapping

import pulumi

from components.aurora_data_platform.settings.model import PlatformSettings

CERTIFICATE_BUNDLES: Mapping[str, str] = {
    "aws": "https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem",
    "aws-cn": "https://rds-truststore.s3.cn-north-1.amazonaws.com.cn/global/global-bundle.pem",
    "aws-us-gov": (
        "https://truststore.pki.us-gov-west-1.rds.amazonaws.com/global/global-bundle.pem"
    ),
}
"""Certificate bundles by partition (Amazon RDS User Guide, Using SSL/TLS)."""

_TEMPLATE = """\
# {clusterIdentifier}

Aurora PostgreSQL {engineVersion}, {instances}, {min_acu:g} to {max_acu:g} ACU each.

| | |
|---|---|
| writer | `{clusterEndpoint}:{port}` |
| reader | `{readerEndpoint}:{port}` |
| database | `{databaseName}` |
| master secret | `{masterSecretArn}` |{application_row}
| security group | `{securityGroupId}` |
| KMS key | `{kmsKeyArn}` |
| dashboard | {dashboardUrl} |
| notifications | `{notificationsTopicArn}` |

## Connect as the application

Once, as the master user: `CREATE USER {databaseUser} WITH LOGIN; GRANT rds_iam TO {databaseUser};`

Then, from a task with the ECS task role and a client security group:

```sh
export PGPASSWORD="$(aws rds generate-db-auth-token --region {region} \\
  --hostname {clusterEndpoint} --port {port} --username {databaseUser})"
psql "{iamConnectionString}"
```

A token is valid for 15 minutes; generate a new one for every connection. `global-bundle.pem` is
AWS's certificate bundle: <{certificate_bundle}>.

{application_section}## Connect as the master user

Read the secret for every connection, not once at startup: it is rotated.

```sh
aws secretsmanager get-secret-value --region {region} --secret-id {masterSecretArn}
```
"""

_APPLICATION_ROW = """
| application secret | `{applicationSecretArn}` |"""
_APPLICATION_SECTION = """\
## Connect as the application, with a password

The secret alternates between `{application_user}` and its clone. Read it again when a login fails,
and at least once per rotation period. As the master user, grant to `{application_user}` only: the
clone acts as that user.

```sh
aws secretsmanager get-secret-value --region {region} --secret-id {applicationSecretArn}
```

"""


def readme(
    settings: PlatformSettings, partition: str, outputs: Mapping[str, pulumi.Output[object]]
) -> pulumi.Output[str]:
    """Return Markdown with the stack's values; it contains no secret.

    Args:
        settings: The platform's settings.
        partition: AWS partition.
        outputs: Stack outputs by name.
    """
    count = settings.instance_count
    plain = {
        "instances": f"{count} {'instance' if count == 1 else 'instances'}",
        "min_acu": settings.aurora_min_capacity,
        "max_acu": settings.aurora_max_capacity,
        "region": settings.region,
        "application_user": settings.application_user,
        "certificate_bundle": CERTIFICATE_BUNDLES.get(partition, CERTIFICATE_BUNDLES["aws"]),
    }
    row, section = (
        (_APPLICATION_ROW, _APPLICATION_SECTION) if settings.has_application_secret else ("", "")
    )

    def fill(known: Mapping[str, object]) -> str:
        parts = {
            "application_row": row.format(**plain, **known),
            "application_section": section.format(**plain, **known),
        }
        return _TEMPLATE.format(**plain, **known, **parts)

    return pulumi.Output.all(**outputs).apply(fill)
