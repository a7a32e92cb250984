"""Following a change: what somebody may have missed, and the dates that are theirs. It knows no platform."""
