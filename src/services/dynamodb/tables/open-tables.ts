import { openJournal } from '../../../journal/journal.ts';
import { type JournalLog, journalIn } from '../../../journal/journal-log.ts';
import { DamagedError, type Engine } from '../../../log/log.ts';
import type { HeldTables } from './held-tables.ts';
import { JournalledTables } from './journalled-tables.ts';
import { type OpenedTables, type TablesEnv, TablesTooLargeError, tablesKey } from './late-tables.ts';
import { type Room, roomIn, tablesMachine } from './tables-machine.ts';
import { fillIndexes, tablesTick } from './upkeep.ts';

/**
 * Replays the log of the tables. Rejects with `NewerFormatError` or `DamagedError` when it cannot be
 * understood, and with `TablesTooLargeError` when the heap has not enough room for what it says. The log may
 * be `slackBytes` longer than a few times what is in the tables.
 */
export async function openTables(
  log: Engine,
  env: TablesEnv,
  {
    room = roomIn(env.heapBytesMax),
    slackBytes = 1024 * 1024,
  }: { readonly room?: Room; readonly slackBytes?: number | undefined } = {},
): Promise<OpenedTables> {
  const replay = new Replay(env.heapBytesMax);
  const machine = tablesMachine(room, (held) => replay.begin(held));
  const watched = replay.watched(journalIn(log, tablesKey));
  const journal = await openJournal(machine, watched, slackBytes, () => env.clock.turn());
  for (const id of journal.state.held.unknownTables()) {
    throw new DamagedError(`the journal of the tables has items of a table ${id}, and not the table`);
  }
  await fillIndexes({ journal, clock: env.clock }, () => replay.requireHeap());
  replay.end();
  const store = new JournalledTables(journal);
  return { store, tick: tablesTick({ ...env, journal, store }) };
}

/** The share of the heap at which a replay ends, while there still is something left to end it with. */
const replayHeapShare = 0.75;

/**
 * A replay that ends before the heap does. More may have been written by a process with a larger heap; one
 * that ran out of memory would do so again at each start, and take all other services with it.
 */
class Replay {
  readonly #heapBytesMax: number;
  #held: HeldTables | undefined;

  constructor(heapBytesMax = Number.POSITIVE_INFINITY) {
    this.#heapBytesMax = heapBytesMax;
  }

  begin(held: HeldTables): void {
    this.#held = held;
  }

  end(): void {
    this.#held = undefined;
  }

  watched(log: JournalLog): JournalLog {
    return {
      ...log,
      read: (from, page) => {
        this.requireHeap();
        return log.read(from, page);
      },
    };
  }

  requireHeap(): void {
    const bytes = this.#held?.roomBytes ?? 0;
    if (bytes <= this.#heapBytesMax * replayHeapShare) return;
    throw new TablesTooLargeError(
      `The tables of DynamoDB take more than ${bytes} bytes, and the heap of this process can have ` +
        `${this.#heapBytesMax}: give it at least three times as much (node --max-old-space-size=MEGABYTES).`,
    );
  }
}
