"""Memory: everything that must survive a restart, as rows. It knows no platform and takes no decision.

Open a `Store`, take a transaction from it, and hand that to the functions of the modules beside this one.
"""

from bot.store.engine import Session, Store
from bot.store.faults import StoreUnavailable
from bot.store.seal import Seal, SealBroken

__all__ = ["Seal", "SealBroken", "Session", "Store", "StoreUnavailable"]
