"""Lookups of KMS keys and aliases."""

from emulator.provider.aws_connection import AwsConnection
from emulator.provider.protocol.errors import RejectedError
from emulator.provider.protocol.properties import Properties
from emulator.provider.resources import kms


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


def get_alias(aws: AwsConnection, arguments: Properties) -> Properties:
    """Return an alias by its name.

    Raises:
        RejectedError: it does not exist.
    """
    alias = kms.find_alias(aws, arguments["name"])
    if alias is None:
        message = f"no KMS alias is named {arguments['name']}"
        raise RejectedError(message)
    return {
        "arn": alias["AliasArn"],
        "id": alias["AliasArn"],
        "targetKeyArn": kms.target_arn(alias),
        "targetKeyId": alias["TargetKeyId"],
    }
