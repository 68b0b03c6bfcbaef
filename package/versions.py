"""Version of the package."""

from pathlib import Path

UNRELEASED = "0.0.0"
"""Version of a checkout; Pulumi generates no SDK without a version."""


def version_of(folder: Path) -> str | None:
    """Return the version of the package in a folder; None if it is that of a Git tag.

    Args:
        folder: The package's folder. Pulumi installs the repository of a tag in
            `plugins/resource-HOST_OWNER_REPOSITORY_package-vVERSION` (sdk/go/common/workspace,
            PluginDescriptor.Dir).
    """
    parent = folder.parent
    is_installed = parent.name.startswith("resource-") and parent.parent.name == "plugins"
    return None if is_installed else UNRELEASED
