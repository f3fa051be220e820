import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Following, followJournal } from '../../src/journal/follow.ts';
import { openJournal } from '../../src/journal/journal.ts';
import { journalIn } from '../../src/journal/journal-log.ts';
import { encodeRevision, type Revision } from '../../src/journal/revision.ts';
import { encodeBatch } from '../../src/kinesis/record.ts';
import { type Engine, NewerFormatError, UnavailableError } from '../../src/log/log.ts';
import { openMemoryLog } from '../../src/log/memory/memory-log.ts';
import { alteredEngine } from '../log/altered-engine.ts';
import { settled } from '../log/world.ts';
import { ManualClock } from '../services/kinesis/manual-clock.ts';
import { type Addition, add, counter } from './counter.ts';

const key = { stream: 'counter', shard: 0 };

/** A journal that follows what another one on the same log commits. */
async function begin(alter: (engine: Engine) => Partial<Engine> = () => ({})) {
  const clock = new ManualClock();
  const engine = openMemoryLog(clock);
  const altered = alteredEngine(engine, alter(engine));
  const journal = await openJournal(counter, journalIn(altered, key));
  const other = await openJournal(counter, journalIn(engine, key));
  const panics: unknown[] = [];
  const panic = (reason: string, cause: unknown) => {
    panics.push([reason, cause]);
  };
  const following: Following = followJournal(journal, altered, key, { clock, panic });
  return {
    clock,
    engine,
    journal,
    other,
    panics,
    following,
    [Symbol.asyncDispose]: following[Symbol.asyncDispose],
  };
}

test('what another process commits shows, wakes who waits, and is told in order', async () => {
  await using tested = await begin();
  const { journal, other } = tested;
  const told: (readonly Addition[])[] = [];
  journal.follow((revision: Revision<Addition>) => told.push(revision.edits));
  const never = new AbortController().signal;
  for (const number of [1, 2, 3]) {
    const changed = journal.changed(never);
    await other.commit(() => add(number));
    await changed;
  }
  assert.deepEqual(journal.state.added, [1, 2, 3]);
  assert.deepEqual(told, [add(1), add(2), add(3)]);
});

test('an edit of a kind that is not known ends the process, and nothing after it is applied', async () => {
  await using tested = await begin();
  const { engine, journal, other, following, panics } = tested;
  await other.commit(() => add(1));
  const newer: Revision<{ kind: string }> = { after: 1, edits: [{ kind: 'squared' }] };
  await engine.append(key, encodeBatch([{ partitionKey: undefined, data: encodeRevision(newer) }]));
  const later: Revision<Addition> = { after: 2, edits: add(2) };
  await engine.append(key, encodeBatch([{ partitionKey: undefined, data: encodeRevision(later) }]));
  await following.ended;
  const [[reason, cause]] = panics as [[string, unknown]];
  assert.equal(reason, 'the journal of the counter cannot be followed');
  assert.ok(cause instanceof NewerFormatError);
  assert.deepEqual(journal.state.added, [1]);
});

test('while the log does not answer it is asked again, and what was missed is made up for', async () => {
  let isAway = false;
  await using tested = await begin((engine) => ({
    read: async (shard, request) => {
      if (isAway) throw new UnavailableError('no broker answers');
      return await engine.read(shard, request);
    },
  }));
  const { clock, journal, other, panics } = tested;
  isAway = true;
  await other.commit(() => add(1));
  await settled();
  assert.deepEqual([journal.state.added, panics], [[], []]);
  isAway = false;
  const changed = journal.changed(new AbortController().signal);
  await clock.advance(500);
  await changed;
  assert.deepEqual(journal.state.added, [1]);
});

test('many who ask for what is current share a read, and one that was under way counts for none of them', async () => {
  let reads = 0;
  const { promise: held, resolve: release } = Promise.withResolvers<void>();
  const engine = openMemoryLog(new ManualClock());
  let isHeld = false;
  const counted = alteredEngine(engine, {
    read: async (shard, request) => {
      reads += 1;
      const found = await engine.read(shard, request);
      if (isHeld) await held;
      return found;
    },
  });
  const journal = await openJournal(counter, journalIn(counted, key));
  const other = await openJournal(counter, journalIn(engine, key));
  reads = 0;
  isHeld = true;
  const early = journal.current();
  await settled();
  await other.commit(() => add(1));
  const late = Array.from({ length: 100 }, () => journal.current());
  isHeld = false;
  release();
  await early;
  for (const state of await Promise.all(late)) assert.deepEqual(state.added, [1]);
  // The one under way, and what it found nothing behind; the one for all others, its one batch and its end.
  assert.equal(reads, 3);
});
