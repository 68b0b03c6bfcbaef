"""Type tokens of the resources that checks examine, and where each kind keeps its documents."""

from collections.abc import Mapping

CLUSTER = "aws:rds/cluster:Cluster"
CLUSTER_INSTANCE = "aws:rds/clusterInstance:ClusterInstance"
CLUSTER_PARAMETER_GROUP = "aws:rds/clusterParameterGroup:ClusterParameterGroup"
PARAMETER_GROUP = "aws:rds/parameterGroup:ParameterGroup"
SUBNET_GROUP = "aws:rds/subnetGroup:SubnetGroup"
BACKUP_SELECTION = "aws:backup/selection:Selection"

SECRET = "aws:secretsmanager/secret:Secret"  # noqa: S105 - a type token
SECRET_VERSION = "aws:secretsmanager/secretVersion:SecretVersion"  # noqa: S105
SECRET_ROTATION = "aws:secretsmanager/secretRotation:SecretRotation"  # noqa: S105

KEY = "aws:kms/key:Key"
KEY_POLICY = "aws:kms/keyPolicy:KeyPolicy"

SECURITY_GROUP = "aws:ec2/securityGroup:SecurityGroup"
DEFAULT_SECURITY_GROUP = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"
SECURITY_GROUP_RULE = "aws:ec2/securityGroupRule:SecurityGroupRule"
INGRESS_RULE = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
EGRESS_RULE = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
PREFIX_LIST = "aws:ec2/managedPrefixList:ManagedPrefixList"
PREFIX_LIST_ENTRY = "aws:ec2/managedPrefixListEntry:ManagedPrefixListEntry"

FUNCTION = "aws:lambda/function:Function"
FUNCTION_URL = "aws:lambda/functionUrl:FunctionUrl"
PERMISSION = "aws:lambda/permission:Permission"
EVENT_INVOKE_CONFIG = "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig"

ROLE = "aws:iam/role:Role"
ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy"
ROLE_POLICY_ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"

TASK_DEFINITION = "aws:ecs/taskDefinition:TaskDefinition"

LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"

DATA = (CLUSTER, CLUSTER_INSTANCE, KEY, SECRET, "aws:backup/vault:Vault")
"""Resources whose loss loses data, or the means to read it."""

GENERATORS = (
    *("random:index/randomPassword:RandomPassword", "random:index/randomString:RandomString"),
    *("random:index/randomBytes:RandomBytes", "random:index/randomUuid:RandomUuid"),
    *("tls:index/privateKey:PrivateKey", "aws:iam/accessKey:AccessKey", SECRET_VERSION),
)
"""Resources whose outputs are generated credentials."""

IDENTITY_POLICIES: Mapping[str, str] = {
    "aws:iam/policy:Policy": "policy",
    ROLE_POLICY: "policy",
    ROLE: "inlinePolicies[].policy",
    "aws:iam/userPolicy:UserPolicy": "policy",
    "aws:iam/groupPolicy:GroupPolicy": "policy",
    "aws:ssoadmin/permissionSetInlinePolicy:PermissionSetInlinePolicy": "inlinePolicy",
}
"""Property with the document, by type of identity-based policy."""

ATTACHMENTS: Mapping[str, str] = {
    ROLE_POLICY_ATTACHMENT: "policyArn",
    ROLE: "managedPolicyArns",
    "aws:iam/userPolicyAttachment:UserPolicyAttachment": "policyArn",
    "aws:iam/groupPolicyAttachment:GroupPolicyAttachment": "policyArn",
    "aws:iam/policyAttachment:PolicyAttachment": "policyArn",
    "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive": "policyArns",
    "aws:iam/userPolicyAttachmentsExclusive:UserPolicyAttachmentsExclusive": "policyArns",
    "aws:iam/groupPolicyAttachmentsExclusive:GroupPolicyAttachmentsExclusive": "policyArns",
    "aws:ssoadmin/managedPolicyAttachment:ManagedPolicyAttachment": "managedPolicyArn",
    "aws:ssoadmin/managedPolicyAttachmentsExclusive:ManagedPolicyAttachmentsExclusive": (
        "managedPolicyArns"
    ),
}
"""Property with the ARNs of the attached policies, by type of resource that attaches them."""

KEY_POLICIES: Mapping[str, str] = dict.fromkeys(
    (
        *(KEY, KEY_POLICY, "aws:kms/replicaKey:ReplicaKey", "aws:kms/externalKey:ExternalKey"),
        "aws:kms/replicaExternalKey:ReplicaExternalKey",
    ),
    "policy",
)
SECRET_POLICIES: Mapping[str, str] = dict.fromkeys(
    (SECRET, "aws:secretsmanager/secretPolicy:SecretPolicy"), "policy"
)
TOPIC_POLICIES: Mapping[str, str] = dict.fromkeys(
    ("aws:sns/topicPolicy:TopicPolicy", "aws:sns/topic:Topic"), "policy"
)
OTHER_POLICIES: Mapping[str, str] = {
    **dict.fromkeys(
        (
            *("aws:acmpca/policy:Policy", "aws:apigateway/domainName:DomainName"),
            *("aws:apigateway/restApi:RestApi", "aws:apigateway/restApiPolicy:RestApiPolicy"),
            "aws:backup/vaultPolicy:VaultPolicy",
            "aws:bedrock/agentcoreResourcePolicy:AgentcoreResourcePolicy",
            "aws:cloudwatch/eventBusPolicy:EventBusPolicy",
            "aws:codebuild/resourcePolicy:ResourcePolicy",
            *("aws:dsql/clusterPolicy:ClusterPolicy", "aws:dynamodb/resourcePolicy:ResourcePolicy"),
            *("aws:ecr/registryPolicy:RegistryPolicy", "aws:ecr/repositoryPolicy:RepositoryPolicy"),
            *("aws:ecrpublic/repositoryPolicy:RepositoryPolicy",),
            *("aws:efs/fileSystemPolicy:FileSystemPolicy", "aws:glacier/vaultLock:VaultLock"),
            *(
                "aws:glue/resourcePolicy:ResourcePolicy",
                "aws:kinesis/resourcePolicy:ResourcePolicy",
            ),
            *("aws:lambda/resourcePolicy:ResourcePolicy", "aws:msk/clusterPolicy:ClusterPolicy"),
            "aws:mediastore/containerPolicy:ContainerPolicy",
            "aws:networkfirewall/resourcePolicy:ResourcePolicy",
            "aws:oam/sinkPolicy:SinkPolicy",
            "aws:opensearchingest/resourcePolicy:ResourcePolicy",
            "aws:pinpoint/smsvoicev2ResourcePolicy:Smsvoicev2ResourcePolicy",
            "aws:redshift/resourcePolicy:ResourcePolicy",
            "aws:redshiftserverless/resourcePolicy:ResourcePolicy",
            *("aws:s3/accessPoint:AccessPoint", "aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2"),
            "aws:s3/bucketPolicy:BucketPolicy",
            "aws:s3/filesFileSystemPolicy:FilesFileSystemPolicy",
            "aws:s3/vectorsVectorBucketPolicy:VectorsVectorBucketPolicy",
            "aws:s3control/accessGrantsInstanceResourcePolicy:AccessGrantsInstanceResourcePolicy",
            "aws:s3control/accessPointPolicy:AccessPointPolicy",
            "aws:s3control/bucketPolicy:BucketPolicy",
            "aws:s3control/objectLambdaAccessPointPolicy:ObjectLambdaAccessPointPolicy",
            "aws:schemas/registryPolicy:RegistryPolicy",
            *("aws:ses/identityPolicy:IdentityPolicy",),
            "aws:sesv2/emailIdentityPolicy:EmailIdentityPolicy",
            *("aws:sqs/queue:Queue", "aws:sqs/queuePolicy:QueuePolicy"),
            *(
                "aws:vpclattice/authPolicy:AuthPolicy",
                "aws:vpclattice/resourcePolicy:ResourcePolicy",
            ),
        ),
        "policy",
    ),
    **dict.fromkeys(
        (
            "aws:amp/resourcePolicy:ResourcePolicy",
            "aws:cloudwatch/logResourcePolicy:LogResourcePolicy",
            "aws:codeartifact/domainPermissions:DomainPermissions",
            "aws:codeartifact/repositoryPermissionsPolicy:RepositoryPermissionsPolicy",
            "aws:xray/resourcePolicy:ResourcePolicy",
        ),
        "policyDocument",
    ),
    **dict.fromkeys(
        (
            "aws:cloudsearch/domainServiceAccessPolicy:DomainServiceAccessPolicy",
            "aws:cloudwatch/logDestinationPolicy:LogDestinationPolicy",
            "aws:glacier/vault:Vault",
        ),
        "accessPolicy",
    ),
    **dict.fromkeys(
        (
            *("aws:elasticsearch/domain:Domain", "aws:elasticsearch/domainPolicy:DomainPolicy"),
            *("aws:opensearch/domain:Domain", "aws:opensearch/domainPolicy:DomainPolicy"),
        ),
        "accessPolicies",
    ),
    **dict.fromkeys(
        (
            "aws:s3tables/tableBucketPolicy:TableBucketPolicy",
            "aws:s3tables/tablePolicy:TablePolicy",
            "aws:sagemaker/modelPackageGroupPolicy:ModelPackageGroupPolicy",
        ),
        "resourcePolicy",
    ),
}
"""Property with the document, by type of resource-based policy that has no control of its own."""

RESOURCE_POLICIES: Mapping[str, str] = {
    **OTHER_POLICIES,
    **KEY_POLICIES,
    **SECRET_POLICIES,
    **TOPIC_POLICIES,
    ROLE: "assumeRolePolicy",
}
"""Property with the document, by type of resource-based policy."""

GRANTEES: Mapping[str, tuple[str, ...]] = {
    "aws:kms/grant:Grant": ("granteePrincipal", "retiringPrincipal"),
    PERMISSION: ("principal", "sourceAccount", "sourceArn", "principalOrgId"),
    "aws:rds/clusterSnapshot:ClusterSnapshot": ("sharedAccounts",),
    "aws:rds/clusterSnapshotCopy:ClusterSnapshotCopy": ("sharedAccounts",),
    "aws:rds/snapshot:Snapshot": ("sharedAccounts",),
    "aws:rds/snapshotCopy:SnapshotCopy": ("sharedAccounts",),
    "aws:ram/principalAssociation:PrincipalAssociation": ("principal",),
    "aws:cloudwatch/eventPermission:EventPermission": ("principal", "condition.value"),
    "aws:ec2/vpcEndpointServiceAllowedPrinciple:VpcEndpointServiceAllowedPrinciple": (
        "principalArn",
    ),
    "aws:ec2/vpcEndpointService:VpcEndpointService": ("allowedPrincipals",),
}
"""Properties that name an account or an organization, by type of resource that grants access."""

OPEN_GRANTEES: Mapping[str, tuple[str, ...]] = {
    type_: paths
    for type_, paths in GRANTEES.items()
    if "/vpcEndpointService" in type_ or "/eventPermission:" in type_
}
"""The same, for the types without a control of their own that can give access to everyone."""

SHARED_SNAPSHOTS = tuple(type_ for type_, paths in GRANTEES.items() if "sharedAccounts" in paths)
SECURITY_GROUPS = (SECURITY_GROUP, DEFAULT_SECURITY_GROUP)
RULES = (INGRESS_RULE, EGRESS_RULE, SECURITY_GROUP_RULE)

GROUPS: Mapping[str, tuple[str, ...]] = {
    "data": DATA,
    "identity policies": tuple(IDENTITY_POLICIES),
    "policy attachments": tuple(ATTACHMENTS),
    "key policies": tuple(KEY_POLICIES),
    "secret policies": tuple(SECRET_POLICIES),
    "topic policies": tuple(TOPIC_POLICIES),
    "other resource policies": (*OTHER_POLICIES, *OPEN_GRANTEES),
    "shared snapshots": SHARED_SNAPSHOTS,
    "ingress": (INGRESS_RULE, *SECURITY_GROUPS, SECURITY_GROUP_RULE),
    "egress": (EGRESS_RULE, *SECURITY_GROUPS, SECURITY_GROUP_RULE),
    "grants": tuple(dict.fromkeys((*RESOURCE_POLICIES, *GRANTEES, *SECURITY_GROUPS, *RULES))),
}
"""Names that stand for several types in the catalogue."""
