"""Keeps the user's own logins and accounts out of a rehearsal."""

import os
from collections.abc import MutableMapping

USER_SETTINGS = ("AWS_", "BOTO", "PULUMI_")
"""Starts of the names of variables that tell of the user's own logins and accounts."""

NO_USER_FILES = {
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
}
"""What keeps AWS's libraries from `~/.aws` and from the machine's own role."""


def forget_user_settings(environment: MutableMapping[str, str]) -> None:
    """Remove the user's settings from a process's environment, `~/.aws` included."""
    for name in [name for name in environment if name.startswith(USER_SETTINGS)]:
        del environment[name]
    environment.update(NO_USER_FILES)
