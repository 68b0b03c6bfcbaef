"""Tests of the policy pack's controls."""
