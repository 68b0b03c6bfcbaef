"""AWS Backup: vaults and their locks, plans, restore testing, and what both select.

Advanced settings of other services, scans and selections by tag are not supported.
"""
