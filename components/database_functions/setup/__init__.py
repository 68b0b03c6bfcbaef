"""Setup of the declared databases and users: the handler, its steps and their SQL."""
