"""What a message is: question, objection, request, praise or other; why somebody resists; how bad it is.

It knows nothing of cases, people or playbooks, and its labels are never shown to anybody who wrote.
"""

from bot.triage.judging import Judge, triage
from bot.triage.verdict import DRIVERS, KINDS, SEVERITIES, Triage

__all__ = ["DRIVERS", "KINDS", "SEVERITIES", "Judge", "Triage", "triage"]
