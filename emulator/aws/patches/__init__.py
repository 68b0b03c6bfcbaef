"""Patches of moto, one package per service."""
