"""What can be wrong with a database, in words a person can act on and without its password."""

from __future__ import annotations

from sqlalchemy import URL
from sqlalchemy.exc import DatabaseError, DBAPIError, InterfaceError, OperationalError, ProgrammingError
from sqlalchemy.exc import TimeoutError as NoFreeConnection


class StoreUnavailable(Exception):
    """The database cannot be used just now. The message says why and what to do."""


def is_fault_of_the_database(fault: DBAPIError | NoFreeConnection) -> bool:
    """Whether the database (or what lies between) is at fault rather than what it was asked to do."""
    if isinstance(fault, ProgrammingError):
        return _lacks_tables(str(fault.orig))
    broken_file = type(fault) is DatabaseError
    return isinstance(fault, OperationalError | InterfaceError | NoFreeConnection) or broken_file


def explain(url: URL, fault: DBAPIError | NoFreeConnection) -> str:
    """One line: what happened, where, what to do."""
    where = url.set(drivername=url.get_backend_name()).render_as_string(hide_password=True)
    said = _first_line(fault).replace(str(url.password), "***") if url.password else _first_line(fault)
    if isinstance(fault, NoFreeConnection):
        return f"all connections to the database {where} are in use: {said} Try again; if it lasts, restart."
    if _lacks_tables(said):
        return f"the database {where} has not the schema of this version ({said}). Run: throughline migrate"
    if url.get_backend_name() != "sqlite":
        return f"the database {where} cannot be used: {said}. Check that it runs, and DATABASE_URL."
    return f"the database file {url.database} cannot be used: {said}. {_remedy(said)}"


def _first_line(fault: Exception) -> str:
    said = str(getattr(fault, "orig", None) or fault).strip() or type(fault).__name__
    return said.splitlines()[0].rstrip(".")


def _lacks_tables(said: str) -> bool:
    unknown_table = "relation" in said and "does not exist" in said
    unknown_column = "column" in said and "does not exist" in said
    return unknown_table or unknown_column or "no such table" in said or "no such column" in said


def _remedy(said: str) -> str:
    if "locked" in said:
        return "Another process is writing to it: stop that one, or use PostgreSQL for several processes."
    if "readonly" in said or "unable to open" in said:
        return "Check that this user may write the file and its folder."
    if "full" in said or "disk I/O" in said:
        return "Check that the disk has room and is not failing."
    if "not a database" in said or "malformed" in said:
        return "The file is damaged or something else: restore a backup, or move it away to begin anew."
    return "Check DATABASE_URL and the file."
