"""Drills: rehearsed emergencies that leave nothing behind."""
