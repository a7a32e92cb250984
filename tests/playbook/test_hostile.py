"""Whatever is in the files, checking returns: no exception, bounded time, and no fault that breaks the report."""

from __future__ import annotations

from datetime import date

TODAY = date(2027, 1, 15)
