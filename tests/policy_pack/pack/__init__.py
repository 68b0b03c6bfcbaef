"""Tests of the policy pack's pack."""
