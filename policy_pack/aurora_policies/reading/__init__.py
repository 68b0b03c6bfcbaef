"""Readers of resource properties, policy documents and security group rules."""
