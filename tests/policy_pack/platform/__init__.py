"""Tests of the platform under the policy pack."""
