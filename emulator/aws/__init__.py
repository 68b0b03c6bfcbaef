"""The far side of a rehearsal: moto as a corrected AWS on a loopback port."""
