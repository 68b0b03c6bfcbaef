"""The checks of `verify`: a catalogue as data, facts that are read, judgements that are pure."""
