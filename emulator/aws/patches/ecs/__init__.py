"""Patches of Amazon ECS."""
