"""Everything that is decided before deployment; nothing here imports Pulumi."""
