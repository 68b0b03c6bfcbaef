"""The `readme` output: what a user does next, with this stack's own values."""

from collections.abc import Mapping

import pulumi

from components.aurora_data_platform.settings.model import PlatformSettings

_TEMPLATE = """\
# {clusterIdentifier}

Aurora PostgreSQL {engineVersion}; instances: {instance_count}; {min_acu:g} to {max_acu:g} ACU each.

| what | value |
|---|---|
| writer | `{clusterEndpoint}:{port}` |
| reader | `{readerEndpoint}:{port}` |
| database | `{databaseName}` |
| master secret | `{secretArn}` |{application_row}
| security group | `{securityGroupId}` |
| dashboard | {dashboardUrl} |
| alarms and events | `{notificationsTopicArn}` |

## Connect as the application

Once, as the master user: `CREATE USER {databaseUser} WITH LOGIN; GRANT rds_iam TO {databaseUser};`

Then, from a task with the ECS task role and a client security group:

```sh
export PGPASSWORD="$(aws rds generate-db-auth-token --region {region} \\
  --hostname {clusterEndpoint} --port {port} --username {databaseUser})"
psql "{iamConnectionString}"
```

A token opens connections for 15 minutes; take a new one for every connection.
`global-bundle.pem` is AWS's certificate bundle: <https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem>.

{application_section}## Connect as the master user

Read the secret at every connection, not once at start: it is rotated.

```sh
aws secretsmanager get-secret-value --region {region} --secret-id {secretArn}
```
"""

_APPLICATION_ROW = """
| application secret | `{applicationSecretArn}` |"""
_APPLICATION_SECTION = """\
## Connect as the application, with a password

The secret names `{application_user}` or its clone, in turns; read it when a login is refused, and
once in a rotation period. Grant to `{application_user}` only, as the master user: the clone acts as
that user.

```sh
aws secretsmanager get-secret-value --region {region} --secret-id {applicationSecretArn}
```

"""


def readme(
    settings: PlatformSettings, outputs: Mapping[str, pulumi.Input[object]]
) -> pulumi.Output[str]:
    """Markdown with the stack's values; it holds no secret.

    Args:
        settings: The platform's settings.
        outputs: Stack outputs by name.
    """
    plain = {
        "instance_count": settings.instance_count,
        "min_acu": settings.aurora_min_capacity,
        "max_acu": settings.aurora_max_capacity,
        "region": settings.region,
        "application_user": settings.application_user,
    }
    row, section = (
        (_APPLICATION_ROW, _APPLICATION_SECTION) if settings.has_application_secret else ("", "")
    )

    def fill(known: dict[str, object]) -> str:
        parts = {
            "application_row": row.format(**plain, **known),
            "application_section": section.format(**plain, **known),
        }
        return _TEMPLATE.format(**plain, **known, **parts)

    return pulumi.Output.all(**outputs).apply(fill)
