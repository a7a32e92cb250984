"""A date, the scope, a goal, a target, the sponsor or the project manager is another one than people were told.

It goes into the decision log and to the project manager as a finished message, and out only when released.
"""
