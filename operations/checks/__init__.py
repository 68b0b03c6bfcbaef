"""The checks of `verify`: a catalogue as data, readers of facts, and judgements without calls."""
