"""Costs of a platform per month, from its settings, its load and list prices."""
