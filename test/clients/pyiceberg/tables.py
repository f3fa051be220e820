"""Reads a table, in a bucket or of a REST catalog, or appends to it: tables.py PLACE WORD..."""

import datetime
import os
import sys

import pyarrow
from pyiceberg.catalog import load_catalog
from pyiceberg.table import StaticTable

if "S3" in os.environ:
    settings = {"s3.endpoint": os.environ["S3"], "s3.region": "us-east-1"}
else:
    settings = {"py-io-impl": "folder_io.FolderIO"}


def load(place):
    if place.startswith("http"):
        return load_catalog("rest", type="rest", uri=place, **settings).load_table("flights.seen")
    return StaticTable.from_metadata(place, settings)


def rows(table):
    for row in table.scan().to_arrow().to_pylist():
        at = row["at"].astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        yield f"row {at} {row['carrier']} {row['delay']}"


def append(table, chunk):
    at = datetime.datetime(2026, 11, 29, chunk, 5, tzinfo=datetime.timezone.utc)
    columns = [("at", pyarrow.timestamp("us", tz="UTC"), False), ("carrier", pyarrow.string(), True)]
    columns.append(("delay", pyarrow.int32(), True))
    schema = pyarrow.schema([pyarrow.field(name, kind, nullable=null) for name, kind, null in columns])
    flown = [{"at": at, "carrier": "AA", "delay": chunk}, {"at": at, "carrier": "DL", "delay": -chunk}]
    table.append(pyarrow.Table.from_pylist(flown, schema=schema))


def act(table, word):
    name, _, value = word.partition("=")
    if name == "rows":
        print("\n".join(sorted(rows(table))))
    elif name == "files":
        print("files", len(list(table.scan(row_filter=f"delay > {value}").plan_files())))
    elif name == "append":
        append(table, int(value))
    elif name == "expire":
        current = table.current_snapshot().snapshot_id
        others = [s.snapshot_id for s in table.snapshots() if s.snapshot_id != current]
        table.maintenance.expire_snapshots().by_ids(others).commit()
    elif name == "delete":
        table.delete(f"delay = {value}")
    elif name == "snapshots":
        print("snapshots", len(table.snapshots()))
    elif name == "marks":
        print("marks", table.properties["millrace.marks.channel/1"])
    else:
        raise ValueError(word)


place, *words = sys.argv[1:]
table = load(place)
for word in words:
    act(table, word)
