"""Client code for applications that connect to the platform."""
