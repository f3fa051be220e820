import { identityKey } from '../../../src/access/identity/identity.ts';
import { journalIn } from '../../../src/journal/journal-log.ts';
import type { Engine } from '../../../src/log/log.ts';

/** All that is in the journal of users and policies, as it lies there. */
export async function journalText(log: Engine): Promise<string> {
  const batches = await journalIn(log, identityKey).read(0, { records: 10_000, bytes: 10_000_000 });
  return batches.map(({ bytes }) => Buffer.from(bytes).toString('latin1')).join('\n');
}
