"""Learning from use: answers given in chat become part of what is written, and who asked hears when an answer changes.

What is decided here is pure; `remembering`, `ticking` and `telling` alone touch the database. It knows no platform.
"""
