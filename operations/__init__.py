"""Day-2 commands for a deployed platform: `python -m operations VERB --stack STACK`."""
