"""The component `AuroraDataPlatform` as a Pulumi package, for programs in every Pulumi language."""
