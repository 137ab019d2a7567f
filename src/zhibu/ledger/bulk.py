"""Rows of the database as Arrow columns without a Python object for each: the database joins them to lines of text,
Arrow reads the lines. Three to five times quicker than fetching tuples, and the same on SQLite and PostgreSQL.
"""

from __future__ import annotations

from typing import Any

import pyarrow as pa
from django.db.models import Aggregate, CharField, Expression, F, QuerySet, TextField, Value
from django.db.models.functions import Cast, Coalesce, Concat
from pyarrow import csv

FIELD = "\x1f"
"""Stands between fields: no slug, day, number or JSON text contains it, nor a line break."""


class Lines(Aggregate):
    """All values of a group in one text, a line each, in no particular order."""

    function = "GROUP_CONCAT"
    template = "%(function)s(%(expressions)s, char(10))"
    output_field = TextField()

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = "%(function)s(%(expressions)s, chr(10))"
        return self.as_sql(compiler, connection, function="STRING_AGG", template=template, **context)


def columns(rows: QuerySet[Any], group: str, wanted: dict[str, tuple[Any, pa.DataType]]) -> pa.Table:
    """One column for each of `wanted`: name → (field or expression, type). Empty is null, save for text.

    `group` is a field with a moderate number of values: the database gives one text for each.
    """
    line: list[Any] = []
    for expression, _ in wanted.values():
        line += [Value(FIELD)] * bool(line) + [_text(expression)]
    texts = rows.order_by().values(group).annotate(lines=Lines(Concat(*line))).values_list("lines", flat=True)
    data = "\n".join(texts).encode()
    kinds = {name: kind for name, (_, kind) in wanted.items()}
    if not data:
        return pa.table({name: pa.array([], kind) for name, kind in kinds.items()})
    return csv.read_csv(
        pa.BufferReader(data),
        read_options=csv.ReadOptions(column_names=list(kinds)),
        parse_options=csv.ParseOptions(delimiter=FIELD, quote_char=False),
        convert_options=csv.ConvertOptions(column_types=kinds, null_values=[""], strings_can_be_null=False),
    )


def _text(expression: str | Expression) -> Expression:
    whole = F(expression) if isinstance(expression, str) else expression
    return Coalesce(Cast(whole, CharField()), Value(""), output_field=CharField())
