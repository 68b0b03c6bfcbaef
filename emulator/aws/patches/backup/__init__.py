"""AWS Backup of Aurora clusters: vaults, plans, backup jobs and restore testing."""
