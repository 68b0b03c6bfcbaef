"""Defects of a deployed dev stack, made by hand, and the checks that must report each."""

from tests.operations.defects import (
    backups,
    cluster,
    credentials,
    database,
    monitoring,
    network,
    outputs,
    permissions,
)

DEFECTS = (
    *cluster.DEFECTS,
    *network.DEFECTS,
    *permissions.DEFECTS,
    *credentials.DEFECTS,
    *monitoring.DEFECTS,
    *backups.DEFECTS,
    *database.DEFECTS,
    *outputs.DEFECTS,
)

DELETIONS = (
    cluster.delete_instance,
    credentials.delete_secret,
    monitoring.delete_log_group,
    monitoring.delete_topic,
)
"""What somebody deletes by hand and a deployment creates again; a secret is restored."""

WITHOUT_DEFECT = {
    "storage-encrypted": "RDS does not change the encryption of a cluster",
    "automated-backups": "Aurora does not turn backups off",
    "restorable-time": "needs a clock",
    "snapshots-present": "needs a clock",
    "snapshots-encrypted": "RDS encrypts every snapshot of an encrypted cluster",
    "secret-rotated": "needs a clock",
    "login-superseded": "a user has one password, so the current one would have to fail too",
}
"""Checks that nobody can break by hand; tests of their judgements break them."""
