"""Playbooks: reading them, checking them, and what they say as passages that can be quoted."""
