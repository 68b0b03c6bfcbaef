"""Physical names of the platform's resources.

Every name is fixed instead of autonamed, because other teams refer to the resources by name: in
security group rules, IAM policies and runbooks. Region codes follow the convention of
cloudposse/terraform-aws-utils (`to_fixed`), completed for the regions that it does not list.
"""

from dataclasses import dataclass

from components.aurora_data_platform.aurora.regions import REGIONS


@dataclass(frozen=True, kw_only=True)
class FunctionNames:
    """Physical names of a Lambda function and what belongs to it.

    Attributes:
        function: Lambda function.
        log_group: CloudWatch log group of the function; Lambda fixes its form.
        role: IAM role of the function.
        policy: IAM policy of the role.
        dead_letters: SQS queue of failed asynchronous invocations.
        metrics: CloudWatch namespace of the metrics extracted from the function's log.
    """

    function: str
    log_group: str
    role: str
    policy: str
    dead_letters: str
    metrics: str


@dataclass(frozen=True, kw_only=True)
class RotationNames(FunctionNames):
    """Physical names of a rotation.

    Attributes:
        secret: Secrets Manager secret; with `*` for the secrets of all users.
        failures_rule: EventBridge rule that matches failed rotations.
        age_rule: EventBridge rule that invokes the function to report the age of the secret.
    """

    secret: str
    failures_rule: str
    age_rule: str


@dataclass(frozen=True, kw_only=True)
class SetupNames(FunctionNames):
    """Physical names of the setup of databases and users.

    Attributes:
        check_rule: EventBridge rule that compares the database with the declaration.
    """

    check_rule: str


@dataclass(frozen=True, kw_only=True)
class Names:
    """Physical names of one platform.

    Args:
        environment: For example `dev`; first part of every name.
        platform: Name of the platform, `aurora` unless configured.
        region: AWS region, a key of `REGIONS`.
        major_version: Engine major version, part of the parameter group's name so that the group of
            the next major version can exist next to it.
    """

    environment: str
    platform: str
    region: str
    major_version: int

    @property
    def _code(self) -> str:
        return REGIONS[self.region].code

    def _name(self, role: str) -> str:
        return f"{self.environment}-{self.platform}-{role}-{self._code}"

    def _security_group(self, role: str) -> str:
        return f"{self.environment}-rds-{self.platform}-{role}-{self._code}"

    @property
    def cluster(self) -> str:
        """DB cluster identifier. Changing it replaces the database."""
        return self._name("cluster")

    def instance(self, number: int) -> str:
        """DB instance identifier. Numbered from 1, not named by role: failovers swap roles."""
        return f"{self.cluster}-{number}"

    def custom_endpoint(self, name: str) -> str:
        """DB cluster endpoint identifier of a custom endpoint. Changing it changes the address."""
        return self._name(name)

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
        return self._security_group("sg")

    @property
    def key_alias(self) -> str:
        """Alias of the created KMS key."""
        return f"alias/{self._name('key')}"

    @property
    def monitoring_role(self) -> str:
        """IAM role of Enhanced Monitoring."""
        return self._name("monitoring-role")

    @property
    def monitoring_policy(self) -> str:
        """IAM policy of the Enhanced Monitoring role."""
        return self._name("monitoring-policy")

    @property
    def backup_vault(self) -> str:
        """AWS Backup vault. Changing it replaces the vault, not the recovery points."""
        return self._name("backups")

    @property
    def backup_plan(self) -> str:
        """AWS Backup plan."""
        return self._name("backup-plan")

    @property
    def backup_role(self) -> str:
        """IAM role of AWS Backup for backup and copy jobs."""
        return self._name("backup-role")

    @property
    def backup_policy(self) -> str:
        """IAM policy of the role for backup and copy jobs."""
        return self._name("backup-policy")

    @property
    def restore_testing_plan(self) -> str:
        """Restore testing plan; AWS Backup accepts no hyphens."""
        return self._name("restores").replace("-", "_")

    @property
    def restore_testing_role(self) -> str:
        """IAM role of AWS Backup for restore testing."""
        return self._name("restore-testing-role")

    @property
    def restore_testing_policy(self) -> str:
        """IAM policy of the role for restore testing."""
        return self._name("restore-testing-policy")

    def connect_policy(self, user: str) -> str:
        """IAM policy that allows `rds-db:connect` as a user."""
        return self._name(f"{user}-connect-policy")

    @property
    def master_secret(self) -> str:
        """Secrets Manager secret of the master user."""
        return f"/{self.environment}/rds/{self.platform}/master-password"

    @property
    def master_secret_read_policy(self) -> str:
        """IAM policy that allows reading the master secret."""
        return self._name("secret-read-policy")

    def user_secret(self, user: str) -> str:
        """Secrets Manager secret of a user; `*` for those of all users."""
        return f"/{self.environment}/rds/{self.platform}/users/{user}"

    def user_secret_read_policy(self, user: str) -> str:
        """IAM policy that allows reading a user's secret."""
        return self._name(f"{user}-secret-read-policy")

    @property
    def master_rotation(self) -> RotationNames:
        """Names of the master secret's rotation."""
        return self._rotation(self.master_secret, "rotation")

    @property
    def users_rotation(self) -> RotationNames:
        """Names of the rotation of the users' secrets."""
        return self._rotation(self.user_secret("*"), "users-rotation")

    @property
    def setup(self) -> SetupNames:
        """Names of the setup of databases and users."""
        return SetupNames(**self._function("setup"), check_rule=self._name("setup-check"))

    def _rotation(self, secret: str, role: str) -> RotationNames:
        return RotationNames(
            **self._function(role),
            secret=secret,
            failures_rule=self._name(f"{role}-failures"),
            age_rule=self._name(f"{role}-age"),
        )

    def _function(self, role: str) -> dict[str, str]:
        function = self._name(role)
        return {
            "function": function,
            "log_group": f"/aws/lambda/{function}",
            "role": self._name(f"{role}-role"),
            "policy": self._name(f"{role}-policy"),
            "dead_letters": self._name(f"{role}-dead-letters"),
            "metrics": f"{self.log_metrics}/{role}",
        }

    @property
    def functions_security_group(self) -> str:
        """Security group of the Lambda functions."""
        return self._security_group("rotation-sg")

    @property
    def secrets_endpoint(self) -> str:
        """Interface endpoint of Secrets Manager."""
        return self._name("secrets-endpoint")

    @property
    def secrets_endpoint_security_group(self) -> str:
        """Security group of the interface endpoint."""
        return self._security_group("endpoint-sg")

    @property
    def dashboard(self) -> str:
        """CloudWatch dashboard."""
        return self._name("dashboard")

    @property
    def notifications_topic(self) -> str:
        """SNS topic of alarms and events."""
        return self._name("notifications")

    @property
    def recoveries_rule(self) -> str:
        """EventBridge rule that matches alarms that return to OK."""
        return self._name("recoveries")

    def event_subscription(self, source_type: str) -> str:
        """RDS event subscription of one source type."""
        return self._name(f"{source_type}-events")

    @property
    def log_metrics(self) -> str:
        """CloudWatch namespace of the metrics extracted from the PostgreSQL log."""
        return f"AuroraDataPlatform/{self.cluster}"

    @property
    def alarm_prefix(self) -> str:
        """Prefix of the CloudWatch alarms' names."""
        return f"{self.cluster}-"

    def alarm(self, key: str) -> str:
        """CloudWatch alarm."""
        return f"{self.alarm_prefix}{key}"

    def final_snapshot(self, suffix: str) -> str:
        """Final snapshot; the suffix keeps a later deletion from colliding with an earlier one."""
        return f"{self.cluster}-final-{suffix}"

    @property
    def log_group_prefix(self) -> str:
        """Prefix of the log groups that Aurora writes to; AWS fixes its form."""
        return f"/aws/rds/cluster/{self.cluster}/"

    def log_group(self, log_type: str) -> str:
        """CloudWatch log group of one exported log."""
        return f"{self.log_group_prefix}{log_type}"
