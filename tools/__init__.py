"""Development tools: generated references, test harness, comparisons with other scanners."""
