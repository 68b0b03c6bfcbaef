"""Tags of every resource."""

from components.aurora_data_platform.settings.model import PlatformSettings


def resource_tags(settings: PlatformSettings, name: str) -> dict[str, str]:
    """Return the tags of one resource.

    Args:
        settings: The platform's settings; its `tags` override the platform's own.
        name: Physical name, shown as `Name` in the AWS console; overrides everything.
    """
    return {
        "Environment": settings.environment,
        "ManagedBy": "pulumi",
        "Project": settings.project,
        "CostCenter": settings.cost_center,
        "DataClassification": str(settings.data_classification),
        **settings.tags,
        "Name": name,
    }
