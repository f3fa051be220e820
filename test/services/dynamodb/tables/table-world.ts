import type { Engine } from '../../../../src/log/log.ts';
import { openMemoryLog } from '../../../../src/log/memory/memory-log.ts';
import { type OpenedTables, tablesKey } from '../../../../src/services/dynamodb/tables/late-tables.ts';
import { openTables } from '../../../../src/services/dynamodb/tables/open-tables.ts';
import type { Table } from '../../../../src/services/dynamodb/tables/table.ts';
import type { TableEdit, TableStore } from '../../../../src/services/dynamodb/tables/table-store.ts';
import { copyOf, type Item } from '../../../../src/services/dynamodb/values/attribute-value.ts';
import { alteredEngine } from '../../../log/altered-engine.ts';
import { TestClock, TestLogger } from '../../../log/world.ts';

/** A table with a hash key `h` of strings and a range key `r` of numbers. */
export function tableOf(id: string, more: Partial<Table> = {}): Table {
  return {
    account: '000000000000',
    region: 'us-east-1',
    name: `table-${id}`,
    id,
    status: 'ACTIVE',
    statusSince: 0,
    createdAt: 0,
    keySchema: { hash: { name: 'h', type: 'S' }, range: { name: 'r', type: 'N' } },
    attributes: [
      { name: 'h', type: 'S' },
      { name: 'r', type: 'N' },
    ],
    indexes: [],
    billing: { mode: 'PAY_PER_REQUEST', since: 0 },
    deletionProtection: false,
    tags: [],
    tableClass: 'STANDARD',
    ...more,
  };
}

export function itemOf(hash: string, range: number | string, more: Item = {}): Item {
  return copyOf({ h: { S: hash }, r: { N: `${range}` }, ...more });
}

export function put(table: Table, item: Item): TableEdit {
  return { kind: 'item-put', table, item };
}

export function remove(table: Table, key: Item): TableEdit {
  return { kind: 'item-deleted', table, key };
}

export function write(store: TableStore, ...edits: readonly TableEdit[]): Promise<void> {
  return store.commit(() => ({ edits, answer: undefined }));
}

/** The log of some tables, which may be read by several at once, and which may fail. */
export class TablesLog {
  readonly clock = new TestClock();
  readonly engine: Engine;
  /** Bytes of all records that the log holds. */
  bytes = 0;
  /** How often it was trimmed. */
  trims = 0;
  /** Makes appends wait, or fail. */
  before: () => Promise<void> = async () => {};
  /** Is told before an append is answered, and a trim. */
  after: () => Promise<void> = async () => {};
  afterTrim: () => Promise<void> = async () => {};
  readonly #lengths: { readonly first: number; readonly bytes: number }[] = [];

  constructor() {
    const inner = openMemoryLog(this.clock);
    this.engine = alteredEngine(inner, {
      append: async (key, batch) => {
        await this.before();
        const appended = await inner.append(key, batch);
        this.#lengths.push({ first: appended.first, bytes: batch.bytes.length });
        this.bytes += batch.bytes.length;
        await this.after();
        return appended;
      },
      trim: async (key, before) => {
        await inner.trim(key, before);
        while (this.#lengths.length > 0 && this.#lengths[0]!.first < before) {
          this.bytes -= this.#lengths.shift()!.bytes;
        }
        this.trims += 1;
        await this.afterTrim();
      },
    });
  }

  async open(
    options: { slackBytes?: number; bytesMax?: number; transitionDelay?: number } = {},
  ): Promise<OpenedTables> {
    const { slackBytes = 2000, bytesMax = 1e9, transitionDelay = 0 } = options;
    const env = { clock: this.clock, logger: new TestLogger(), transitionDelay };
    return openTables(this.engine, env, { room: { tablesMax: 50, bytesMax }, slackBytes });
  }

  async records(): Promise<number> {
    const { start, end } = await this.engine.position(tablesKey);
    return end - start;
  }
}
