"""Coefficients of `candidates.ranked`, and of `bot.answers.confidence` in the order of its signs.

Learned; to be reproduced with `python -m benchmarks.train DIR...` on the development sets.
"""

BY_BODY = 0.15
BY_WORDS = 0.17
SHARPNESS = 55.9
MIDDLE = 0.98
"""What a passage has that is as likely right as not; set by hand."""

BIAS = -4.129
WEIGHTS = (4.091, 2.106, 1.783, -0.843, -0.705, 1.51, -2.085, 2.214, -1.291, -0.633, 2.588)
SENSE_BIAS = -3.378
SENSE_WEIGHTS = (0.917, 1.341, 1.23, 2.92, -1.096, -0.614, 1.123, -0.61, -0.819, -3.07, 2.02)
