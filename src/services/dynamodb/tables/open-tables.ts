import { openJournal } from '../../../journal/journal.ts';
import { journalIn } from '../../../journal/journal-log.ts';
import { DamagedError, type Engine } from '../../../log/log.ts';
import { JournalledTables } from './journalled-tables.ts';
import { type OpenedTables, type TablesEnv, tablesKey } from './late-tables.ts';
import { defaultRoom, type Room, tablesMachine } from './tables-machine.ts';
import { fillIndexes, tablesTick } from './upkeep.ts';

/**
 * Replays the log of the tables. Rejects with `NewerFormatError` or `DamagedError` when it cannot be
 * understood. The log may be `slackBytes` longer than a few times what is in the tables.
 */
export async function openTables(
  log: Engine,
  env: TablesEnv,
  { room = defaultRoom, slackBytes = 1024 * 1024 }: { room?: Room; slackBytes?: number } = {},
): Promise<OpenedTables> {
  const journal = await openJournal(tablesMachine(room), journalIn(log, tablesKey), slackBytes);
  for (const id of journal.state.held.unknownTables()) {
    throw new DamagedError(`the journal of the tables has items of a table ${id}, and not the table`);
  }
  await fillIndexes({ journal, clock: env.clock });
  const store = new JournalledTables(journal);
  return { store, tick: tablesTick({ ...env, journal, store }) };
}
