"""Many rows at once, column by column: what is made for each row takes longer than to write it.

`Columns` are the values of so many rows by the name of their column, all of the same length. Many repeat one value;
whatever is made of a value is made once as long as the same object comes again.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import Any

from sqlalchemy import Dialect, func, insert, select

from core.database import session

Columns = Mapping[str, Sequence[Any]]


@dataclass(frozen=True)
class Repeated(Sequence[Any]):
    """The same value in so many rows."""

    value: Any
    number: int

    def __len__(self) -> int:
        return self.number

    def __iter__(self) -> Iterator[Any]:
        return repeat(self.value, self.number)

    def __getitem__(self, place: Any) -> Any:
        return ([self.value] * self.number)[place]


def columns_of(rows: Sequence[Mapping[str, Any]]) -> Columns:
    """The columns of rows that all name the same; none of no rows. KeyError for a row that lacks one."""
    return {name: [row[name] for row in rows] for name in rows[0]} if rows else {}


def length(columns: Columns) -> int:
    """How many rows these columns hold."""
    return len(next(iter(columns.values()), ()))


def next_ids(model: Any, number: int) -> list[int]:
    """Within a transaction: so many ids of this table that nobody else gets, rising, for rows inserted at once.

    On SQLite nobody else writes until the commit, so those behind the greatest are free.
    """
    current, table = session(), model.__table__
    if current.connection().dialect.name == "sqlite":
        greatest = current.scalar(select(func.max(table.c.id))) or 0
        return list(range(greatest + 1, greatest + number + 1))
    sequence = func.nextval(func.pg_get_serial_sequence(table.name, "id"))
    return sorted(current.scalars(select(sequence).select_from(func.generate_series(1, number))))


def insert_columns(table: Any, told: Columns) -> None:
    """Within a transaction: insert rows, without the session getting to know them. Columns that are not told get their
    default.

    The driver gets what SQLAlchemy would give it for each row. KeyError for a column that the table does not have.
    """
    connection = session().connection()
    told = {table.columns[name].name: values for name, values in told.items()}
    dialect, number = connection.dialect, length(told)
    columns = [column for column in table.columns if column.name in told or column.default is not None]
    names = [column.name for column in columns]
    statement = insert(table).compile(dialect=dialect, column_keys=names)
    rows = zip(*(_written(column, told.get(column.name), number, dialect) for column in columns), strict=True)
    values = list(rows) if statement.positional else [dict(zip(names, row, strict=True)) for row in rows]
    connection.exec_driver_sql(str(statement), values)


def _written(column: Any, values: Sequence[Any] | None, number: int, dialect: Dialect) -> Iterable[Any]:
    """What the driver gets for so many values of this column; its default where there are none."""
    write, default = column.type.dialect_impl(dialect).bind_processor(dialect), column.default
    if values is None:
        values = Repeated(default.arg, number) if default.is_scalar else [default.arg(None) for _row in range(number)]
    return each(write, values) if write else values


def each(make: Callable[[Any], Any], values: Sequence[Any]) -> Iterable[Any]:
    """What `make` makes of each; asked once where the same object comes again and again, as a batch's moment does."""
    if isinstance(values, Repeated):
        return Repeated(make(values.value), values.number)
    return _each(make, values)


def _each(make: Callable[[Any], Any], values: Iterable[Any]) -> Iterator[Any]:
    before, made = object(), None
    for value in values:
        if value is not before:
            before, made = value, make(value)
        yield made
