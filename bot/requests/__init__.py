"""Requests: what IT could also do. In which order they stand, and what came of earlier ones. It knows no platform."""
