"""Rotations in this process, with a real database and Secrets Manager in memory."""

import secrets
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field

from components.database_functions.credential import Credential
from components.database_functions.database import Connect, Database, connect_over_tls
from components.database_functions.rotation.handler import STEPS, run_step
from components.database_functions.rotation.settings import ALTERNATING_USERS, RotationSettings
from components.database_functions.secrets_manager import SecretsManager
from tools.testing.databases import DatabaseUnderTest
from tools.testing.secrets_manager import InMemorySecret, InMemorySecretsManager

SECRET = (
    "arn:aws:secretsmanager:us-east-2:123456789012:secret:/dev/rds/aurora/master-password-AbCdEf"
)
SUPERUSER_SECRET = SECRET.replace("AbCdEf", "SuPeRu")


def new_token() -> str:
    return str(uuid.UUID(bytes=secrets.token_bytes(16), version=4))


@dataclass
class Bench:
    """A secret whose current version can log in, and the function that rotates it.

    Without a user it is the secret of a new cluster, whose user does not exist yet.
    """

    under_test: DatabaseUnderTest
    strategy: str
    secrets_manager: InMemorySecretsManager = field(default_factory=InMemorySecretsManager)
    connect_limit: int = 1
    statement_limit: int = 20
    has_user: bool = True

    def __post_init__(self) -> None:
        self.settings = RotationSettings.from_environment(
            {
                "ROTATION_STRATEGY": self.strategy,
                "CONNECT_LIMIT_SECONDS": str(self.connect_limit),
                "STATEMENT_LIMIT_SECONDS": str(self.statement_limit),
                "SUPERUSER_SECRET_ARN": SUPERUSER_SECRET
                if self.strategy == ALTERNATING_USERS
                else "",
            }
        )
        first = self.under_test.new_user() if self.has_user else self.under_test.no_user()
        self.secret: InMemorySecret = self.secrets_manager.create(SECRET, first.dump(), new_token())
        self.secrets_manager.create(SUPERUSER_SECRET, self.under_test.master.dump(), new_token())

    def database(self, connect: Connect = connect_over_tls) -> Database:
        return Database(self.settings, certificates=self.under_test.certificates, connect=connect)

    def step(
        self,
        step: str,
        token: str,
        client: SecretsManager | None = None,
        database: Database | None = None,
    ) -> None:
        event = {"SecretId": SECRET, "ClientRequestToken": token, "Step": step}
        run_step(event, client or self.secrets_manager, database or self.database(), self.settings)

    def rotate(self) -> str:
        """Rotate once, and return the new version."""
        token = self.secret.stage(new_token())
        for step in STEPS:
            self.step(step, token)
        return token

    def credential(self, label: str) -> Credential | None:
        value = self.secret.value(label)
        return None if value is None else Credential.parse(value, label)

    def can_log_in(self, label: str) -> bool:
        credential = self.credential(label)
        return credential is not None and self.database().can_log_in(credential)


MakeBench = Callable[..., Bench]
