"""Coefficients of `bot.answers.confidence` in the order of `Signs`.

Learned; to be reproduced with `python -m benchmarks.train DIR...` on the development sets.
"""

BIAS = -4.129
WEIGHTS = (4.091, 2.106, 1.783, -0.843, -0.705, 1.51, -2.085, 2.214, -1.291, -0.633, 2.588)
