"""The `readme` output: next steps, with the stack's own values."""

from collections.abc import Mapping
from typing import Any

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
| master secret | `{masterSecretArn}` |
| security group | `{securityGroupId}` |
| KMS key | `{kmsKeyArn}` |
| dashboard | {dashboardUrl} |
| notifications | `{notificationsTopicArn}` |

{users_section}## Connect as the master user

Read the secret for every connection, not once at startup: it is rotated.

```sh
aws secretsmanager get-secret-value --region {region} --secret-id {masterSecretArn}
```
"""

_NO_USERS = """\
## Users

None are declared; see `users` in the configuration.

"""
_USERS = """\
## Connect as a user

From a task with one of the user's task roles and a client security group. `global-bundle.pem` is
AWS's certificate bundle: <{certificate_bundle}>.

"""
_IAM_USER = """\
### {user} ({access})

```sh
export PGPASSWORD="$(aws rds generate-db-auth-token --region {region} \\
  --hostname {clusterEndpoint} --port {port} --username {user})"
psql "{connectionString}"
```

A token is valid for 15 minutes; generate a new one for every connection.

"""
_USER_WITH_CREDENTIALS = """\
### {user} ({access})

```sh
secret="$(aws secretsmanager get-secret-value --region {region} \\
  --secret-id {secretArn} --query SecretString --output text)"
PGUSER="$(jq -r .username <<< "$secret")" PGPASSWORD="$(jq -r .password <<< "$secret")" \\
  psql "host={clusterEndpoint} port={port} dbname={databases[0]} sslmode=verify-full \\
sslrootcert=global-bundle.pem"
```

The secret alternates between `{user}` and its clone, which acts as `{user}`. Read it again when a
login fails, and at least once per rotation period.

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
    plain: dict[str, object] = {
        "instances": f"{count} {'instance' if count == 1 else 'instances'}",
        "min_acu": settings.aurora_min_capacity,
        "max_acu": settings.aurora_max_capacity,
        "region": settings.region,
        "certificate_bundle": CERTIFICATE_BUNDLES.get(partition, CERTIFICATE_BUNDLES["aws"]),
    }

    def fill(known: Mapping[str, Any]) -> str:
        values = {**plain, **known}
        sections = [
            (_IAM_USER if user["connectionString"] else _USER_WITH_CREDENTIALS).format(
                user=name, **{**values, **user}
            )
            for name, user in known["users"].items()
        ]
        users = (_USERS if sections else _NO_USERS).format(**values) + "".join(sections)
        return _TEMPLATE.format(**values, users_section=users)

    return pulumi.Output.all(**outputs).apply(fill)
