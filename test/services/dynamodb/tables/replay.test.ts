import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Table } from '../../../../src/services/dynamodb/tables/table.ts';
import type { TableEdit, TableStore } from '../../../../src/services/dynamodb/tables/table-store.ts';
import type { Item } from '../../../../src/services/dynamodb/values/attribute-value.ts';
import { TestRandom } from '../../../log/world.ts';
import { itemOf, put, remove, TablesLog, tableOf, write } from './table-world.ts';

/** What is to be in the tables: items by table and by key, as text. */
class Model {
  readonly tables = new Map<string, { readonly table: Table; readonly items: Map<string, Item> }>();

  apply(edits: readonly TableEdit[]): void {
    for (const edit of edits) {
      const { id } = edit.table;
      if (edit.kind === 'table-put') {
        this.tables.set(id, { table: edit.table, items: this.tables.get(id)?.items ?? new Map() });
      } else if (edit.kind === 'table-dropped') this.tables.delete(id);
      else if (edit.kind === 'item-put') this.tables.get(id)?.items.set(keyText(edit.item), edit.item);
      else this.tables.get(id)?.items.delete(keyText(edit.key));
    }
  }

  check(store: TableStore): void {
    const { account, region } = tableOf('');
    const tables = [...this.tables.values()].map(({ table }) => table);
    assert.deepEqual(
      store.tablesOf(account, region),
      tables.sort((one, other) => (one.name < other.name ? -1 : 1)),
    );
    for (const { table, items } of this.tables.values()) {
      const found = [...store.scan(table, {})].map(({ item }) => item);
      assert.equal(found.length, items.size);
      for (const item of found) assert.deepEqual(item, items.get(keyText(item)));
      assert.equal(store.sizeOf(table).items, items.size);
      for (const { name, keySchema } of table.indexes) {
        const isIn = (item: Item) => 'N' in (item[keySchema.hash.name] ?? {});
        const expected = [...items.values()].filter(isIn).map(keyText);
        const indexed = [...store.scan(table, { index: name })].map(({ item }) => keyText(item));
        assert.deepEqual(indexed.sort(), expected.sort());
      }
    }
  }
}

function keyText(item: Item): string {
  return JSON.stringify([item['h'], item['r']]);
}

/** Edits that fit what there is, some of tables that come and go under the same names. */
class Editor {
  readonly #random: TestRandom;
  readonly #model: Model;
  #nth = 0;

  constructor(random: TestRandom, model: Model) {
    this.#random = random;
    this.#model = model;
  }

  /** As the model has them from then on. */
  edits(): TableEdit[] {
    const edits: TableEdit[] = [];
    for (let count = 1 + this.#random.below(3); count > 0; count--) {
      const edit = this.edit();
      edits.push(edit);
      this.#model.apply([edit]);
    }
    return edits;
  }

  edit(): TableEdit {
    const known = [...this.#model.tables.values()];
    const chosen = known[this.#random.below(known.length)];
    const chance = this.#random.below(100);
    if (chosen === undefined || (chance === 0 && known.length < 3)) return this.#newTable();
    const { table, items } = chosen;
    if (chance === 1) return { kind: 'table-dropped', table };
    if (chance === 2) return { kind: 'table-put', table: { ...table, deletionProtection: chance % 2 === 0 } };
    const keys = [...items.values()];
    const old = keys[this.#random.below(keys.length)];
    // A few are written again and again, others never: leases and what lies beside them.
    if (old !== undefined && chance < 25) return remove(table, old);
    const isHot = this.#random.below(4) > 0;
    return put(table, itemOf(`k${this.#random.below(isHot ? 4 : 60)}`, this.#random.below(3), this.#more()));
  }

  #newTable(): TableEdit {
    this.#nth += 1;
    const name = `table-${this.#random.below(3)}`;
    const taken = [...this.#model.tables.values()].some(({ table }) => table.name === name);
    const key = { hash: { name: 'n', type: 'N' } } as const;
    const index = { name: 'by-n', kind: 'global', status: 'ACTIVE', statusSince: 0, keySchema: key } as const;
    const indexes = [{ ...index, projection: { type: 'KEYS_ONLY', attributes: [] } } as const];
    return {
      kind: 'table-put',
      table: tableOf(`id-${this.#nth}`, { name: taken ? `table-other-${this.#nth}` : name, indexes }),
    };
  }

  #more(): Item {
    const n = this.#random.below(5);
    const filler = { S: 'x'.repeat(this.#random.below(200)) };
    if (n === 0) return { filler };
    return n === 1 ? { filler, n: { S: 'not a number' } } : { filler, n: { N: `${n}` } };
  }
}

const slackBytes = 2000;

for (const seed of [1, 2, 3, 4]) {
  test(`whatever is committed, replays answer what the model says, and the log stays short (seed ${seed})`, async () => {
    const random = new TestRandom(seed);
    const log = new TablesLog();
    const model = new Model();
    const editor = new Editor(random, model);
    let { store } = await log.open({ slackBytes });
    const live: number[] = [];
    for (let round = 0; round < 600; round++) {
      // Decided one after the other, in one round or in several.
      const commits: Promise<void>[] = [];
      const isFailing = random.below(20) === 0;
      log.before = async () => {
        if (isFailing) throw new RangeError('no disk');
      };
      for (let count = isFailing ? 1 : 1 + random.below(3); count > 0; count--) {
        const edits: TableEdit[] = isFailing ? [editor.edit()] : [];
        commits.push(
          store.commit(() => {
            if (edits.length === 0) edits.push(...editor.edits());
            return { edits, answer: undefined };
          }),
        );
      }
      const outcomes = await Promise.allSettled(commits);
      for (const { status } of outcomes) assert.equal(status, isFailing ? 'rejected' : 'fulfilled');
      if (round % 10 === 0) model.check(store);
      const records = await log.records();
      if (random.below(15) === 0) {
        store = (await log.open({ slackBytes })).store;
        model.check(store);
        assert.equal(await log.records(), records);
      }
      // What was dropped with one round is forgotten with the next ones.
      live.push(bytesOf(store, model));
      const most = Math.max(...live.slice(-8));
      assert.ok(log.bytes <= 4 * most + 3 * slackBytes, `${log.bytes} bytes for ${most}, round ${round}`);
    }
    model.check((await log.open({ slackBytes })).store);
    assert.ok(log.trims > 5, `${log.trims}`);
  });
}

/** What all that is known takes in the log, about. */
function bytesOf(store: TableStore, model: Model): number {
  let bytes = 0;
  for (const { table } of model.tables.values()) {
    const { items, bytes: sizes } = store.sizeOf(table);
    bytes += JSON.stringify(table).length + sizes + items * 20;
  }
  return bytes;
}

test('a round sees what it decided before, and leaves out what was refused', async () => {
  const { store } = await new TablesLog().open();
  const table = tableOf('a');
  await write(store, { kind: 'table-put', table });
  const increments = Array.from({ length: 20 }, (_, nth) =>
    store.commit((view) => {
      const before = view.get(table, itemOf('k', 1))?.['n'];
      const number = before !== undefined && 'N' in before ? Number(before.N) : 0;
      if (nth % 5 === 4) throw new RangeError(`refused at ${number}`);
      return { edits: [put(table, itemOf('k', 1, { n: { N: `${number + 1}` } }))], answer: number };
    }),
  );
  const outcomes = await Promise.allSettled(increments);
  const answers = outcomes.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value : undefined));
  assert.deepEqual(
    answers.filter((answer) => answer !== undefined),
    Array.from({ length: 16 }, (_, nth) => nth),
  );
  assert.deepEqual(store.get(table, itemOf('k', 1))?.['n'], { N: '16' });
});
