"""Lookups of KMS keys."""

from emulator.provider.aws_connection import AwsConnection
from emulator.provider.protocol.properties import Properties


def get_key(aws: AwsConnection, arguments: Properties) -> Properties:
    """Return a key by id, ARN or alias."""
    key = aws.call("kms", "describe_key", KeyId=arguments["keyId"])["KeyMetadata"]
    return {
        "arn": key["Arn"],
        "awsAccountId": key["AWSAccountId"],
        "creationDate": key["CreationDate"],
        "customerMasterKeySpec": key.get("CustomerMasterKeySpec"),
        "deletionDate": key.get("DeletionDate", ""),
        "description": key["Description"],
        "enabled": key["Enabled"],
        "expirationModel": key.get("ExpirationModel", ""),
        "id": key["KeyId"],
        "keyManager": key["KeyManager"],
        "keySpec": key["KeySpec"],
        "keyState": key["KeyState"],
        "keyUsage": key["KeyUsage"],
        "multiRegion": key.get("MultiRegion", False),
        "origin": key["Origin"],
    }
