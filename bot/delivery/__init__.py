"""Sending what was decided. It knows the outbox and one call of each adapter, and no platform."""
