"""Comparison of the platform's resources with CloudFormation's schemas: `make compare-cfn-lint`."""
