"""The declaration that the setup function receives."""

from collections.abc import Mapping

from components.aurora_data_platform.settings.model import PlatformSettings


def declaration_of(settings: PlatformSettings) -> Mapping[str, object]:
    """Return databases and users as `components.database_functions.setup.declaration` parses them.

    It contains nothing about IAM, so that a change of roles causes no setup.
    """
    return {
        "databases": {
            name: {"schemas": list(each.schemas), "extensions": list(each.extensions)}
            for name, each in settings.all_databases.items()
        },
        "users": {
            name: {
                "authentication": str(user.authentication),
                "access": str(user.access),
                "databases": settings.databases_of(user),
                "settings": user.session_settings,
            }
            for name, user in settings.users.items()
        },
    }
