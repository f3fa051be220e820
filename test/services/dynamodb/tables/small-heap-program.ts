import { silentLogger } from '../../../../src/env/logger.ts';
import { NodePressure } from '../../../../src/env/node-pressure.ts';
import { LateTables } from '../../../../src/services/dynamodb/tables/late-tables.ts';
import type { SecondaryIndex } from '../../../../src/services/dynamodb/tables/table.ts';
import type { TableEdit, TableStore } from '../../../../src/services/dynamodb/tables/table-store.ts';
import { copyOf } from '../../../../src/services/dynamodb/values/attribute-value.ts';
import { itemOf, put, TablesLog, tableOf, write } from './table-world.ts';

/**
 * Fills tables with what takes most of a heap for each byte that DynamoDB counts, until that is refused, for
 * as long as this process lives. Then reads them as a process with a smaller heap would.
 */
const heapBytesMax = new NodePressure().heapBytesMax();
const log = new TablesLog();
const env = { clock: log.clock, logger: silentLogger, transitionDelay: 0 };

async function refusalOf(store: TableStore, edits: (nth: number) => TableEdit[]): Promise<string> {
  for (let nth = 0; ; nth++) {
    try {
      await write(store, ...edits(nth));
    } catch (error) {
      return (error as Error).message;
    }
  }
}

const byOwner = (nth: number): SecondaryIndex => ({
  name: `by-owner-${nth}`,
  kind: 'global',
  status: 'ACTIVE',
  statusSince: 0,
  keySchema: { hash: { name: 'owner', type: 'S' } },
  projection: { type: 'KEYS_ONLY', attributes: [] },
});
const tables = {
  indexed: tableOf('indexed', { indexes: Array.from({ length: 20 }, (_, nth) => byOwner(nth)) }),
  plain: tableOf('plain'),
};
const long = 'x'.repeat(2000);
const keyed = (nth: number) => ({ h: { S: `${long}${nth}` }, r: { N: '1' } });
const indexed = (nth: number) => put(tables.indexed, copyOf({ ...keyed(nth), owner: { S: long } }));

async function fill() {
  const store = await new LateTables(log.engine, { ...env, heapBytesMax }).open();
  for (const table of Object.values(tables)) await write(store, { kind: 'table-put', table });
  const crumbs = Array.from({ length: 200_000 }, () => ({ S: '' }));
  for (let nth = 0; nth < 30; nth++) {
    await write(store, put(tables.plain, copyOf({ ...keyed(nth), crumbs: { L: crumbs } })));
  }
  const refused = {
    indexed: await refusalOf(store, (nth) => [indexed(nth)]),
    tiny: await refusalOf(store, (nth) =>
      hundred.map((one) => put(tables.plain, itemOf('t', nth * 100 + one))),
    ),
  };
  // What takes no more is taken still.
  await write(store, indexed(1));
  return { ...refused, items: store.sizeOf(tables.indexed).items };
}
const hundred = Array.from({ length: 100 }, (_, nth) => nth);

async function read(): Promise<string[]> {
  const late = new LateTables(log.engine, { ...env, heapBytesMax: heapBytesMax / 4 });
  const said: string[] = [];
  for (let nth = 0; nth < 2; nth++) {
    said.push(
      await late.open().then(
        () => 'read',
        (error) => `${error}`,
      ),
    );
  }
  return said;
}

const filled = await fill();
process.stdout.write(JSON.stringify({ heapBytesMax, ...filled, openings: await read() }));
