"""Read the first sheet of a workbook from standard input and write its cells as JSON: what `workbook` starts.

A process of its own with a limit on memory: the reader lays out every cell up to the last one used, and a small file
whose last cell is XFD1048576 would bring the whole server down, not just raise an error.
"""

from __future__ import annotations

import io
import json
import resource
import sys
from datetime import date, datetime, time, timedelta
from typing import Any

MEMORY = 1 << 30
BROKEN, LOCKED = 3, 4


def packed(cell: Any) -> Any:
    """Text and numbers as they are; days and times as [kind, text]."""
    if isinstance(cell, datetime):
        return ["datetime", cell.isoformat()]
    if isinstance(cell, date):
        return ["date", cell.isoformat()]
    if isinstance(cell, time):
        return ["time", cell.isoformat()]
    if isinstance(cell, timedelta):
        return ["seconds", cell.total_seconds()]
    return cell


def main() -> int:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    rows = int(sys.argv[1])
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
        table = book.get_sheet_by_index(0).to_python(skip_empty_area=False, nrows=rows)
    except PasswordError:
        return LOCKED
    except (CalamineError, OSError, ValueError, IndexError):
        return BROKEN
    json.dump([[packed(cell) for cell in row] for row in table], sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
