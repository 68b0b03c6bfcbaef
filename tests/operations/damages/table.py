"""Damages of a deployed dev stack, done by hand, and the checks that must notice each."""

from tests.operations.damages import (
    backups,
    cluster,
    credentials,
    database,
    monitoring,
    network,
    outputs,
    permissions,
)

DAMAGES = (
    *cluster.DAMAGES,
    *network.DAMAGES,
    *permissions.DAMAGES,
    *credentials.DAMAGES,
    *monitoring.DAMAGES,
    *backups.DAMAGES,
    *database.DAMAGES,
    *outputs.DAMAGES,
)

DELETIONS = (
    cluster.delete_instance,
    credentials.delete_secret,
    monitoring.delete_log_group,
    monitoring.delete_topic,
)
"""What somebody deletes by hand and a deployment creates again; a secret is restored."""

NOT_DAMAGED = {
    "storage-encrypted": "RDS does not change the encryption of a cluster",
    "automated-backups": "Aurora does not turn backups off",
    "restorable-time": "needs a clock",
    "snapshots-present": "needs a clock",
    "secret-rotated": "needs a clock",
    "login-superseded": "a user has one password, so the current one would have to fail too",
}
"""Checks that nobody can break by hand; tests of their judgements break them."""
