"""Compares a file of Parquet with another one, or with rows of JSON, cell by cell.

agrees.py FILE OTHER.parquet    agrees.py FILE ROWS.json

Checksums of pages are verified. Prints how many cells agree; ends with 1 at the first that does not.
"""

import base64
import datetime
import decimal
import json
import sys
import uuid

import pyarrow.parquet as parquet


def plain(value):
    """As the rows of JSON have it."""
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, uuid.UUID):
        return str(value)
    if isinstance(value, decimal.Decimal):
        return f"{value:f}"
    if isinstance(value, (datetime.datetime, datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, dict):
        return {name: plain(member) for name, member in value.items()}
    if isinstance(value, list):
        # A map is a list of pairs.
        return [[plain(part) for part in entry] if isinstance(entry, tuple) else plain(entry) for entry in value]
    return value


ours = parquet.read_table(sys.argv[1], page_checksum_verification=True)
if sys.argv[2].endswith(".parquet"):
    other = parquet.read_table(sys.argv[2], columns=ours.column_names).slice(0, ours.num_rows)
    for name in ours.column_names:
        if not other[name].cast(ours.schema.field(name).type).equals(ours[name]):
            sys.exit(f"column {name} is another one")
    print(ours.num_rows * ours.num_columns)
else:
    rows = json.load(open(sys.argv[2]))
    read = [plain(row) for row in ours.to_pylist()]
    for number, (wanted, found) in enumerate(zip(rows, read, strict=True)):
        if wanted != found:
            sys.exit(f"row {number} is {found}, not {wanted}")
    print(len(rows) * ours.num_columns)
