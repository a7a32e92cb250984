"""Throughline: the core, independent of any platform."""
