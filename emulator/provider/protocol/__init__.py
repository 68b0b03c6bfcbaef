"""The engine's provider protocol over tables of resource types; it knows nothing of AWS."""
