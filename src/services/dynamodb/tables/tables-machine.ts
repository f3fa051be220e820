import type { Commit } from '../../../journal/revision.ts';
import type { Restating, StateMachine } from '../../../journal/state-machine.ts';
import type { Offset } from '../../../kinesis/record.ts';
import { ServiceError } from '../../../wire/service-error.ts';
import { DraftedTables } from './drafted-tables.ts';
import type { HeldEdit } from './edit.ts';
import type { HeldItem } from './held-item.ts';
import type { HeldTable } from './held-table.ts';
import { HeldTables } from './held-tables.ts';
import { bytesOfItem, bytesOfTable, tablesCodec } from './tables-codec.ts';
import type { TablesState } from './tables-state.ts';

/** What of tables there is room for, in bytes of memory. */
export type Room = { readonly tablesMax: number; readonly bytesMax: number };

/** These limits are ours, not AWS's: everything is in memory. */
export const defaultRoom: Room = { tablesMax: 2500, bytesMax: 1024 ** 3 };

/** The share of the heap that tables may take. A replay, requests and their answers need the rest. */
const heapShare = 0.5;

/** The room in a process whose heap can have so many bytes. */
export function roomIn(heapBytesMax = Number.POSITIVE_INFINITY): Room {
  const bytesMax = Math.min(defaultRoom.bytesMax, Math.floor(heapBytesMax * heapShare));
  return { ...defaultRoom, bytesMax };
}

/**
 * The tables of all accounts and regions as a state that is replayed from a log. `begun` is told of the
 * tables that a replay begins with.
 */
export function tablesMachine(
  room: Room = defaultRoom,
  begun: (held: HeldTables) => void = () => {},
): StateMachine<TablesState, HeldEdit> {
  return {
    name: 'tables',
    get empty() {
      const held = new HeldTables();
      begun(held);
      return held;
    },
    draft: ({ held }) => new DraftedTables(held),
    // What the codec does not know it refuses.
    isKnown: () => true,
    requireRoom: (state, edits) => requireRoom(room, state, edits),
    snapshot: ({ held }) => [...held.all].flatMap((table) => [...factsOf(table)]),
    codec: tablesCodec(),
    restating,
  };
}

const restating: Restating<TablesState, HeldEdit> = {
  bytesOf: ({ held }) => held.inLogBytes,
  oldest: ({ held }) => {
    let oldest = Number.POSITIVE_INFINITY;
    for (const table of held.all) oldest = Math.min(oldest, table.oldest);
    return Number.isFinite(oldest) ? oldest : undefined;
  },
  restate: ({ held }, bytes) => new Restatement(held).upTo(bytes),
};

/** The facts that were said longest ago, in the order in which they were. */
class Restatement {
  readonly #edits: HeldEdit[] = [];
  readonly #tables: TableInTurn[];
  #bytes = 0;

  constructor(held: HeldTables) {
    this.#tables = [...held.all].map((table) => ({ table, item: table.byAge.oldest, isSaid: false }));
  }

  upTo(bytes: number): { readonly edits: readonly HeldEdit[]; readonly bytes: number } {
    do {
      const next = this.#next();
      if (next === undefined) break;
      this.#say(next);
    } while (this.#bytes < bytes);
    return { edits: this.#edits, bytes: this.#bytes };
  }

  #next(): TableInTurn | undefined {
    let next: TableInTurn | undefined;
    let oldest = Number.POSITIVE_INFINITY;
    for (const one of this.#tables) {
      const said = oldestOf(one);
      if (said < oldest) [next, oldest] = [one, said];
    }
    return next;
  }

  #say(next: TableInTurn): void {
    const { definition, said } = next.table;
    const id = definition!.id;
    if (!next.isSaid && said <= (next.item?.said ?? said)) {
      next.isSaid = true;
      this.#edits.push({ kind: 'table-put', table: definition! });
      this.#bytes += bytesOfTable(definition!);
      return;
    }
    const { place, size, bytes, newer } = next.item!;
    next.item = newer;
    this.#edits.push({ kind: 'item-put', id, place, size, bytes });
    this.#bytes += bytesOfItem(bytes);
  }
}

type TableInTurn = { readonly table: HeldTable; item: HeldItem | undefined; isSaid: boolean };

function oldestOf({ table, item, isSaid }: TableInTurn): Offset {
  return Math.min(item?.said ?? Number.POSITIVE_INFINITY, isSaid ? Number.POSITIVE_INFINITY : table.said);
}

/** Commits that make the state of the empty one, none of which is large. */
export function* commitsOf({ held }: TablesState): Generator<Commit<HeldEdit>> {
  let after = 0;
  let edits: HeldEdit[] = [];
  for (const table of held.all) {
    for (const edit of factsOf(table)) {
      edits.push(edit);
      if (edits.length < commitEdits) continue;
      yield { after, edits };
      [after, edits] = [after + 1, []];
    }
  }
  if (edits.length > 0) yield { after, edits };
}

/** Items are at most 400 KB (DynamoDB developer guide, "Constraints"). */
const commitEdits = 20;

/** All that is known of a table. */
function* factsOf(table: HeldTable): Generator<HeldEdit> {
  const { definition } = table;
  if (definition === undefined) return;
  yield { kind: 'table-put', table: definition };
  for (const { place, size, bytes } of table.items.ascending('', undefined)) {
    yield { kind: 'item-put', id: definition.id, place, size, bytes };
  }
}

/** LimitExceededException when there is no room for what comes of the edits. */
function requireRoom(room: Room, state: TablesState, edits: readonly HeldEdit[]): void {
  let tables = 0;
  let bytes = 0;
  for (const edit of edits) {
    if (edit.kind === 'table-put') tables += state.table(edit.table.id) === undefined ? 1 : 0;
    if (edit.kind !== 'table-dropped') bytes += edit.added ?? 0;
  }
  if (tables > 0 && state.tableCount + tables > room.tablesMax) {
    throw new ServiceError(
      'LimitExceededException',
      `This server has room for ${room.tablesMax} tables. It has ${state.tableCount}.`,
    );
  }
  if (bytes > 0 && state.roomBytes + bytes > room.bytesMax) {
    throw new ServiceError(
      'LimitExceededException',
      `This server has room for ${room.bytesMax} bytes of tables, which are in memory, with what indexes and ` +
        `the objects around items take: 1 GiB, or half of its heap (node --max-old-space-size). It has ` +
        `${state.roomBytes}, and this request adds ${bytes}.`,
    );
  }
}
