import { strict as assert } from 'node:assert';
import type { Revision } from '../../../journal/revision.ts';
import type { RevisionCodec } from '../../../journal/state-machine.ts';
import { DamagedError, NewerFormatError } from '../../../log/log.ts';
import { ByteText, ByteWriter } from './byte-text.ts';
import type { HeldEdit } from './edit.ts';
import { decodeKey, keyOfEncoded, sizeOfEncoded } from './encoded-item.ts';
import { placeOf } from './places.ts';
import type { Table } from './table.ts';

/**
 * A record of the tables' log:
 *
 *   byte: format, 1 | number: the version that the commit was decided on | number of tables | the id of each,
 *   a string | number of edits | each: byte: kind | number: the table's place among the ids | what it says
 *
 * which is, as a number of bytes and these, for table-put the table in JSON, for item-put the item, for
 * item-deleted the key, and nothing for table-dropped. Numbers and strings are as `ByteText` reads them.
 */
export function tablesCodec(): RevisionCodec<HeldEdit> {
  const writer = new ByteWriter();
  return { encode: (revision) => encode(writer, revision), bytesOf, decode };
}

const format = 1;
const kinds = { 'table-put': 1, 'table-dropped': 2, 'item-put': 3, 'item-deleted': 4 } as const;

/** The kind, the table, and the length of what an edit says. */
const editHeaderBytes = 1 + 1 + 2;

function bytesOf(edit: HeldEdit): number {
  if (edit.kind === 'item-put') return editHeaderBytes + edit.bytes.length;
  if (edit.kind === 'item-deleted') return editHeaderBytes + edit.key.length;
  return edit.kind === 'table-put' ? bytesOfTable(edit.table) : editHeaderBytes;
}

/** What a table takes in the log, about. */
export function bytesOfTable(table: Table): number {
  return editHeaderBytes + JSON.stringify(table).length;
}

/** What an item takes in the log, about. */
export function bytesOfItem(bytes: string): number {
  return editHeaderBytes + bytes.length;
}

function encode(writer: ByteWriter, revision: Revision<HeldEdit>): Buffer {
  assert('after' in revision, 'a log that is restated has no snapshots');
  const { after, edits } = revision;
  writer.byte(format);
  writer.number(after);
  const ids = new Map<string, number>();
  for (const edit of edits) if (!ids.has(idOf(edit))) ids.set(idOf(edit), ids.size);
  writer.number(ids.size);
  for (const id of ids.keys()) writer.string(id);
  writer.number(edits.length);
  for (const edit of edits) {
    writer.byte(kinds[edit.kind]);
    writer.number(ids.get(idOf(edit))!);
    if (edit.kind === 'table-put') writer.string(JSON.stringify(edit.table));
    else if (edit.kind !== 'table-dropped') {
      const said = edit.kind === 'item-put' ? edit.bytes : edit.key;
      writer.number(said.length);
      writer.bytes(said);
    }
  }
  return writer.takeBytes();
}

function idOf(edit: HeldEdit): string {
  return edit.kind === 'table-put' ? edit.table.id : edit.id;
}

function decode(data: Uint8Array, record: string): Revision<HeldEdit> {
  const text = Buffer.from(data.buffer, data.byteOffset, data.length).toString('latin1');
  const reader = new ByteText(text);
  try {
    const found = reader.byte();
    if (found > format) {
      throw new NewerFormatError(`${record} was written by a newer Millrace (format ${found})`);
    }
    const after = reader.number();
    const ids = readAll(reader, () => reader.string());
    const edits = readAll(reader, () => readEdit(reader, ids, record));
    if (!reader.isAtEnd) throw new DamagedError('there is more than the edits');
    return { after, edits };
  } catch (error) {
    const isOurs = error instanceof DamagedError || error instanceof SyntaxError;
    if (error instanceof NewerFormatError || !isOurs) throw error;
    throw new DamagedError(`${record} cannot be decoded`, { cause: error });
  }
}

function readEdit(reader: ByteText, ids: readonly string[], record: string): HeldEdit {
  const kind = reader.byte();
  const id = ids[reader.number()];
  if (id === undefined) throw new DamagedError('there is no such table');
  switch (kind) {
    case kinds['table-put']:
      return { kind: 'table-put', table: JSON.parse(reader.string()) as Table };
    case kinds['table-dropped']:
      return { kind: 'table-dropped', id };
    case kinds['item-put']: {
      const bytes = own(reader.bytes(reader.number()));
      const place = placeOf(keyOfEncoded(bytes));
      return { kind: 'item-put', id, place, size: sizeOfEncoded(bytes), bytes };
    }
    case kinds['item-deleted']: {
      const key = reader.bytes(reader.number());
      return { kind: 'item-deleted', id, place: placeOf(decodeKey(key)), key };
    }
    default:
      throw new NewerFormatError(`${record} was written by a newer Millrace (an edit of the kind ${kind})`);
  }
}

/** A text that was cut out of the record's would hold on to that. */
function own(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString('latin1');
}

function readAll<Thing>(reader: ByteText, read: () => Thing): Thing[] {
  const things: Thing[] = [];
  for (let count = reader.number(); count > 0; count--) things.push(read());
  return things;
}
