"""Language hosts, and the processes of the programs that they run."""
