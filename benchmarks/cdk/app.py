"""A CDK app like the dev stack, with fewer resources, for a comparison of speed only.

It runs in an environment of its own (`.cdk`), where the AWS CDK is installed.
"""
# pyright: basic, reportMissingImports=false

from aws_cdk import App, Duration, Environment, RemovalPolicy, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_rds as rds
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from aws_cdk import aws_sqs as sqs

ALARMS = 22
FUNCTIONS = ("rotation", "setup")
ENGINE = rds.DatabaseClusterEngine.aurora_postgres(
    version=rds.AuroraPostgresEngineVersion.of("17.7", "17")
)


class DataPlatform(Stack):
    """Cluster, functions, secrets, alarms and dashboard."""

    def __init__(self, app: App, name: str) -> None:
        # With a region and an account, but without lookups, which would need AWS.
        super().__init__(app, name, env=Environment(account="123456789012", region="us-east-2"))
        self.key = kms.Key(self, "Key", enable_key_rotation=True)
        self.vpc = ec2.Vpc.from_vpc_attributes(
            self,
            "Vpc",
            vpc_id="vpc-0123456789abcdef0",
            availability_zones=["us-east-2a", "us-east-2b", "us-east-2c"],
            private_subnet_ids=["subnet-01", "subnet-02", "subnet-03"],
        )
        self.topic = sns.Topic(self, "Topic", master_key=self.key)
        self.topic.add_subscription(subscriptions.EmailSubscription("on-call@example.com"))
        self.cluster = self._cluster()
        for function in FUNCTIONS:
            self._function(function)
        self._alarms()

    def _cluster(self) -> rds.DatabaseCluster:
        group = ec2.SecurityGroup(self, "Database", vpc=self.vpc, allow_all_outbound=False)
        for number in range(3):
            group.add_ingress_rule(ec2.Peer.ipv4(f"10.{number}.0.0/16"), ec2.Port.tcp(5432))
        secret = secretsmanager.Secret(
            self,
            "Secret",
            encryption_key=self.key,
            generate_secret_string=secretsmanager.SecretStringGenerator(
                secret_string_template='{"username": "platform"}',  # noqa: S106
                generate_string_key="password",
            ),
        )
        readers = [
            rds.ClusterInstance.serverless_v2("reader", scale_with_writer=True),
        ]
        return rds.DatabaseCluster(
            self,
            "Cluster",
            engine=ENGINE,
            credentials=rds.Credentials.from_secret(secret),
            writer=rds.ClusterInstance.serverless_v2("writer"),
            readers=readers,
            parameter_group=rds.ParameterGroup(
                self,
                "Parameters",
                engine=ENGINE,
                parameters={"rds.force_ssl": "1", "log_min_duration_statement": "1000"},
            ),
            vpc=self.vpc,
            vpc_subnets=ec2.SubnetSelection(subnets=self.vpc.private_subnets),
            security_groups=[group],
            storage_encryption_key=self.key,
            backup=rds.BackupProps(retention=Duration.days(7)),
            cloudwatch_logs_exports=["postgresql"],
            monitoring_interval=Duration.seconds(60),
            iam_authentication=True,
            deletion_protection=True,
            removal_policy=RemovalPolicy.RETAIN,
        )

    def _function(self, name: str) -> None:
        queue = sqs.Queue(self, f"{name}-dead-letters", encryption_master_key=self.key)
        function = lambda_.Function(
            self,
            name,
            runtime=lambda_.Runtime.PYTHON_3_13,
            handler="index.handle",
            code=lambda_.Code.from_inline("def handle(event, context):\n    pass\n"),
            vpc=self.vpc,
            environment_encryption=self.key,
            dead_letter_queue=queue,
            log_group=logs.LogGroup(self, f"{name}-log", encryption_key=self.key),
        )
        function.add_to_role_policy(
            iam.PolicyStatement(
                actions=["secretsmanager:GetSecretValue"],
                resources=[self.cluster.secret.secret_arn],
            )
        )
        events.Rule(
            self,
            f"{name}-schedule",
            schedule=events.Schedule.rate(Duration.days(1)),
            targets=[targets.LambdaFunction(function)],
        )

    def _alarms(self) -> None:
        alarms = [
            self.cluster.metric(f"Metric{number}").create_alarm(
                self, f"Alarm{number}", threshold=number, evaluation_periods=5
            )
            for number in range(1, ALARMS + 1)
        ]
        for alarm in alarms:
            alarm.add_alarm_action(actions.SnsAction(self.topic))
        dashboard = cloudwatch.Dashboard(self, "Dashboard")
        for alarm in alarms[:15]:
            dashboard.add_widgets(cloudwatch.AlarmWidget(alarm=alarm, title=alarm.alarm_name))


if __name__ == "__main__":
    app = App()
    DataPlatform(app, "data-platform")
    app.synth()
