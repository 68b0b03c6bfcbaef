"""Physical names: what AWS calls each resource.

Every name is fixed, not auto-generated, because the platform's users know the resources by these
names (security group rules, IAM policies and runbooks of other teams refer to them). Region codes
follow the convention of cloudposse/terraform-aws-utils (`to_fixed`), completed for the regions it
does not list; `region_codes.json` holds the whole table, so that an unknown region is refused
rather than guessed.
"""

import json
from dataclasses import dataclass
from pathlib import Path

REGION_CODES: dict[str, str] = json.loads(
    (Path(__file__).parent / "aurora/region_codes.json").read_text(encoding="utf-8")
)


@dataclass(frozen=True, kw_only=True)
class RotationNames:
    """The physical names of one secret's rotation.

    Attributes:
        secret: Secrets Manager name of the secret.
        function: Lambda function.
        log_group: Its CloudWatch log group; AWS fixes its form.
        role: Its IAM role.
        policy: IAM policy of the role.
        dead_letters: SQS queue of invocations that the function did not take.
        failures_rule: EventBridge rule that notices a failed rotation.
        age_rule: EventBridge rule that asks the function for the secret's age.
        metrics: CloudWatch namespace of what the function's log says in figures.
    """

    secret: str
    function: str
    log_group: str
    role: str
    policy: str
    dead_letters: str
    failures_rule: str
    age_rule: str
    metrics: str


@dataclass(frozen=True, kw_only=True)
class Names:
    """The physical names of one platform.

    Args:
        environment: For example `dev`; first part of every name.
        platform: Tells apart several platforms of one environment; `aurora` unless configured.
        region: AWS region, a key of `REGION_CODES`.
        major_version: Engine major version, part of the parameter group's name so that a group
            of the next major version can exist beside it.
    """

    environment: str
    platform: str
    region: str
    major_version: int

    def _name(self, role: str) -> str:
        return f"{self.environment}-{self.platform}-{role}-{REGION_CODES[self.region]}"

    @property
    def cluster(self) -> str:
        """DB cluster identifier. Changing it replaces the database."""
        return self._name("cluster")

    def instance(self, number: int) -> str:
        """DB instance identifier, `number` from 1: neutral, because a failover swaps the roles."""
        return f"{self.cluster}-{number}"

    @property
    def parameter_group(self) -> str:
        """DB cluster parameter group."""
        return self._name(f"postgresql{self.major_version}")

    @property
    def subnet_group(self) -> str:
        """DB subnet group. Changing it replaces the database."""
        return self._name("subnet-group")

    @property
    def security_group(self) -> str:
        """Security group of the cluster."""
        return f"{self.environment}-rds-{self.platform}-sg-{REGION_CODES[self.region]}"

    @property
    def key_alias(self) -> str:
        """KMS alias of the created key."""
        return f"alias/{self._name('key')}"

    @property
    def monitoring_role(self) -> str:
        """IAM role that Enhanced Monitoring assumes."""
        return self._name("monitoring-role")

    @property
    def monitoring_policy(self) -> str:
        """IAM policy of the Enhanced Monitoring role."""
        return self._name("monitoring-policy")

    @property
    def connect_policy(self) -> str:
        """IAM policy that allows `rds-db:connect`."""
        return self._name("connect-policy")

    @property
    def secret_read_policy(self) -> str:
        """IAM policy that allows reading the master secret."""
        return self._name("secret-read-policy")

    @property
    def secret(self) -> str:
        """Secrets Manager name of the master secret."""
        return f"/{self.environment}/rds/{self.platform}/master-password"

    @property
    def application_secret(self) -> str:
        """Secrets Manager name of the application's secret."""
        return f"/{self.environment}/rds/{self.platform}/application-password"

    @property
    def application_secret_read_policy(self) -> str:
        """IAM policy that allows reading the application's secret."""
        return self._name("application-secret-read-policy")

    @property
    def master_rotation(self) -> RotationNames:
        """Names of the master secret's rotation."""
        return self._rotation(self.secret, "rotation")

    @property
    def application_rotation(self) -> RotationNames:
        """Names of the application secret's rotation."""
        return self._rotation(self.application_secret, "application-rotation")

    def _rotation(self, secret: str, role: str) -> RotationNames:
        function = self._name(role)
        return RotationNames(
            secret=secret,
            function=function,
            log_group=f"/aws/lambda/{function}",
            role=self._name(f"{role}-role"),
            policy=self._name(f"{role}-policy"),
            dead_letters=self._name(f"{role}-dead-letters"),
            failures_rule=self._name(f"{role}-failures"),
            age_rule=self._name(f"{role}-age"),
            metrics=f"{self.log_metrics}/{role}",
        )

    @property
    def rotation_security_group(self) -> str:
        """Security group of the rotation function."""
        return f"{self.environment}-rds-{self.platform}-rotation-sg-{REGION_CODES[self.region]}"

    @property
    def secrets_endpoint(self) -> str:
        """Interface endpoint of Secrets Manager."""
        return self._name("secrets-endpoint")

    @property
    def secrets_endpoint_group(self) -> str:
        """Security group of the interface endpoint."""
        return f"{self.environment}-rds-{self.platform}-endpoint-sg-{REGION_CODES[self.region]}"

    @property
    def dashboard(self) -> str:
        """CloudWatch dashboard."""
        return self._name("dashboard")

    @property
    def notifications_topic(self) -> str:
        """SNS topic of alarms and events."""
        return self._name("notifications")

    def event_subscription(self, source: str) -> str:
        """RDS event subscription of one kind of source."""
        return self._name(f"{source}-events")

    @property
    def log_metrics(self) -> str:
        """CloudWatch namespace of the metrics that are counted from logs."""
        return f"AuroraDataPlatform/{self.cluster}"

    def alarm(self, key: str) -> str:
        """CloudWatch alarm."""
        return f"{self.alarm_prefix}{key}"

    def final_snapshot(self, suffix: str) -> str:
        """Final snapshot identifier; `suffix` keeps a second deletion from meeting the first."""
        return f"{self.cluster}-final-{suffix}"

    @property
    def log_group_prefix(self) -> str:
        """Start of the names of all log groups that Aurora writes to; AWS fixes its form."""
        return f"/aws/rds/cluster/{self.cluster}/"

    def log_group(self, log_type: str) -> str:
        """CloudWatch log group of one exported log."""
        return f"{self.log_group_prefix}{log_type}"

    @property
    def alarm_prefix(self) -> str:
        """Start of the names of the platform's CloudWatch alarms."""
        return f"{self.cluster}-"
