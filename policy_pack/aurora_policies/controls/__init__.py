"""Controls by area: for each subject a catalogue file and a module of checks."""
