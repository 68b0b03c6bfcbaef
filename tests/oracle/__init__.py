"""`make oracle`: the policy pack's verdicts beside those of checkov, on the same resources."""
