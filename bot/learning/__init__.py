"""Learning from use: answers given in chat become part of what is written, and who asked hears when an answer changes.

What is decided here is pure; `ticking` alone touches the database. It knows no platform and finds no passages.
"""
