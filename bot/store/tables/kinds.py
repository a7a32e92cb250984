"""What all tables share: their one metadata, the kinds of keys, and partial indexes."""

from __future__ import annotations

from sqlalchemy import Index, MetaData, String, text

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)
Key = String(32)
Mark = String(64)


def index_where(name: str, condition: str, *columns: str) -> Index:
    """An index of only the rows for which the condition (SQL that both databases understand) holds."""
    where = text(condition)
    return Index(name, *columns, postgresql_where=where, sqlite_where=where)
