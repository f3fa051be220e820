import type { TablePartition } from '../../iceberg/iceberg-table.ts';
import { partitionValueOf } from '../../iceberg/partition-value.ts';
import type { TableSchema, TableType } from '../../iceberg/table-schema.ts';
import type { JsonReading } from '../delivery-spec.ts';
import { dateAt } from '../json/instant.ts';
import { JsonError } from '../json/json-error.ts';
import { scaledAt } from '../json/json-number.ts';
import { JsonKind, JsonTape } from '../json/json-tape.ts';
import { MemberNames } from '../json/member-names.ts';
import { type InstantReader, microsOf, openInstantReader } from '../json/read-instant.ts';

/** A row's value of a table's partition; the rows of a file have the same one. */
export type RowPartition = string | number | null;

/** The documents of a record, each of which is a row, by the partition that it belongs to. */
export class RowPartitions {
  readonly #partition: TablePartition;
  readonly #kind: TableType['kind'];
  readonly #names: MemberNames;
  readonly #instantOf: InstantReader;
  readonly #tape = new JsonTape();

  constructor(partition: TablePartition, schema: TableSchema, reading: JsonReading) {
    this.#partition = partition;
    this.#kind = schema.fields.find(({ name }) => name === partition.column)?.type.kind ?? 'string';
    this.#names = new MemberNames([partition.column], reading);
    this.#instantOf = openInstantReader(reading);
  }

  /** What is no JSON, or has no such value, is of the partition of null: who writes it finds out. */
  split(data: Buffer): readonly { readonly data: Buffer; readonly partition: RowPartition }[] {
    const rows: { readonly data: Buffer; readonly partition: RowPartition }[] = [];
    const tape = this.#tape;
    try {
      tape.begin(data);
      while (tape.next())
        rows.push({ data: data.subarray(tape.start(0), tape.end(0)), partition: this.#valueOf() });
    } catch (error) {
      if (!(error instanceof JsonError)) throw error;
      return [{ data, partition: null }];
    }
    // A record goes to one file as a whole where all of it may: its bytes are then as they came.
    const isOne = rows.every(({ partition }) => partition === rows[0]!.partition);
    return isOne ? [{ data, partition: rows[0]?.partition ?? null }] : rows;
  }

  #valueOf(): RowPartition {
    const index = this.#indexOf();
    if (index === undefined || this.#tape.kind(index) === JsonKind.null) return null;
    const value = this.#read(index);
    return value === undefined ? null : partitionValueOf(this.#partition.transform, this.#kind, value);
  }

  /** Where the column's value is; of several members of its name the last one's. */
  #indexOf(): number | undefined {
    const tape = this.#tape;
    if (tape.kind(0) !== JsonKind.object) return undefined;
    let found: number | undefined;
    const end = tape.after(0);
    for (let key = 1, member = 0; key < end; key = tape.after(key + 1), member++)
      if (this.#names.fieldOf(tape, key, member) === 0) found = key + 1;
    return found;
  }

  #read(index: number): number | bigint | string | boolean | undefined {
    const tape = this.#tape;
    switch (this.#kind) {
      case 'timestamp':
      case 'timestamptz': {
        const instant = this.#instantOf(tape, index);
        return instant && microsOf(instant);
      }
      case 'date': {
        const instant = this.#instantOf(tape, index);
        return dateAt(tape.bytes, tape.start(index), tape.end(index)) ?? daysOf(instant);
      }
      case 'int':
      case 'long':
        // `2e3` is a whole number, too, and so the row has it.
        return Number.isInteger(Number(tape.text(index)))
          ? scaledAt(tape.bytes, tape.start(index), tape.end(index), 0)
          : undefined;
      case 'boolean':
        return tape.text(index).toLowerCase() === 'true';
      default:
        return tape.text(index);
    }
  }
}

function daysOf(instant: { readonly seconds: number } | undefined): number | undefined {
  return instant && Math.floor(instant.seconds / 86_400);
}
