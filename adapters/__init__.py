"""Throughline: the platforms the core speaks through."""
