"""The `readme` output: what a user does next, with this stack's own values."""

from collections.abc import Mapping

import pulumi

from components.aurora_data_platform.settings import PlatformSettings

_TEMPLATE = """\
# {clusterIdentifier}

Aurora PostgreSQL {engineVersion}; instances: {instance_count}; {min_acu:g} to {max_acu:g} ACU each.

| what | value |
|---|---|
| writer | `{clusterEndpoint}:{port}` |
| reader | `{readerEndpoint}:{port}` |
| database | `{databaseName}` |
| master secret | `{secretArn}` |
| security group | `{securityGroupId}` |
| dashboard | {dashboardUrl} |

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

## Connect as the master user

Read the secret at every connection, not once at start: it is rotated.

```sh
aws secretsmanager get-secret-value --region {region} --secret-id {secretArn}
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
    }
    return pulumi.Output.all(**outputs).apply(lambda known: _TEMPLATE.format(**plain, **known))
