"""CloudWatch alarms: catalogue and thresholds."""
