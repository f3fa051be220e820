import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openJournal, waitingMax } from '../../src/journal/journal.ts';
import type { JournalLog } from '../../src/journal/journal-log.ts';
import { encodeRevision, type Revision } from '../../src/journal/revision.ts';
import { encodeBatch } from '../../src/kinesis/record.ts';
import { DamagedError, NewerFormatError, OverloadedError } from '../../src/log/log.ts';
import { settled, TestRandom } from '../log/world.ts';
import { type Addition, add, counter, newLog, openCounter } from './counter.ts';

async function write(log: JournalLog, ...records: (Revision<{ kind: string }> | object)[]): Promise<void> {
  for (const record of records) {
    const data = encodeRevision(record as Revision<{ kind: string }>);
    await log.append(encodeBatch([{ partitionKey: undefined, data }]));
  }
}

test('of two commits that were decided on one version the second is decided again', async () => {
  const log = newLog();
  const [one, other] = [await openCounter(log), await openCounter(log)];
  await one.commit(() => add(1));
  const seen: number[][] = [];
  const state = await other.commit(({ added }) => {
    seen.push([...added]);
    return add(added.length + 1);
  });
  assert.deepEqual(seen, [[], [1]]);
  assert.deepEqual(state, { version: 2, added: [1, 2] });
  assert.deepEqual(await one.current(), state);
  assert.deepEqual((await openCounter(log)).state, state);
});

test('a commit that lost, and is refused when it is decided again, leaves no trace', async () => {
  const log = newLog();
  const [one, other] = [await openCounter(log), await openCounter(log)];
  await one.commit(() => add(1));
  const refused = other.commit(({ added }) => {
    if (added.length > 0) throw new RangeError('too late');
    return add(2);
  });
  await assert.rejects(refused, /too late/);
  assert.deepEqual((await one.current()).added, [1]);
});

test('whatever the order in which many writers commit, nothing is lost, and all have it in one order', async () => {
  const log = newLog();
  // Each append takes its time, as in a log of its own machine.
  const random = new TestRandom(3);
  const slow: JournalLog = {
    append: async (batch) => {
      for (let turn = random.below(3); turn > 0; turn--) await settled();
      const appended = await log.append(batch);
      for (let turn = random.below(3); turn > 0; turn--) await settled();
      return appended;
    },
    read: (from, limit) => log.read(from, limit),
    trim: (before) => log.trim(before),
  };
  // A snapshot every few commits.
  const journals = await Promise.all([1, 2, 3].map(() => openJournal(counter, slow, 300)));
  const numbers = Array.from({ length: 60 }, (_, number) => number);
  const unknown: number[] = [];
  await Promise.all(
    numbers.map(async (number) => {
      for (let turn = random.below(40); turn > 0; turn--) await settled();
      const journal = journals[number % 3]!;
      if (random.below(2) === 0) await journal.current();
      await journal
        .commit(() => add(number))
        .catch((error) => {
          assert.match(error.message, /forgotten, after a snapshot/);
          unknown.push(number);
        });
    }),
  );
  const states = await Promise.all(journals.map((journal) => journal.current()));
  const { added } = states[0]!;
  assert.equal(new Set(added).size, added.length, 'something was committed twice');
  assert.deepEqual(
    numbers.filter((number) => !added.includes(number) && !unknown.includes(number)),
    [],
  );
  assert.ok(unknown.length < numbers.length / 4, `${unknown}`);
  assert.ok((await log.start()) > 0, 'nothing was cut');
  for (const state of [...states, (await openCounter(log)).state]) assert.deepEqual(state, states[0]);
});

test('what was committed anywhere before it is asked for is in the current state', async () => {
  const log = newLog();
  const one = await openCounter(log);
  await one.commit(() => add(1));
  const other = await openCounter(log);
  const changed = other.changed(new AbortController().signal);
  await one.commit(() => add(2));
  assert.deepEqual(other.state.added, [1]);
  assert.deepEqual((await other.current()).added, [1, 2]);
  await changed;
});

test('a snapshot that another commit came before is not cut at', async () => {
  const log = newLog();
  const one = await openCounter(log, 1);
  await one.commit(() => add(1));
  const other = await openCounter(log, 1_000_000);
  const append = log.append.bind(log);
  log.append = async (batch) => {
    log.append = append;
    await other.commit(() => add(2));
    return append(batch);
  };
  // The first append of this is the snapshot of a state without the 2.
  await one.commit(() => add(3));
  assert.notEqual(await log.start(), 2);
  assert.deepEqual((await openCounter(log)).state.added, [1, 2, 3]);
});

test('a commit that a snapshot took the place of before it was read back is not said to be lost, and not decided again', async () => {
  const log = newLog();
  const [one, other] = [await openCounter(log), await openCounter(log, 1)];
  const append = log.append.bind(log);
  log.append = async (batch) => {
    log.append = append;
    // With something before it that was not read yet, the outcome has to be read.
    await write(log, { version: 0, edits: [] });
    const appended = await append(batch);
    await other.current();
    await other.commit(() => add(2));
    return appended;
  };
  await assert.rejects(
    one.commit(() => add(1)),
    /The commit was forgotten, after a snapshot/,
  );
  assert.deepEqual((await one.current()).added, [1, 2]);
});

test('a reader whose next records were forgotten goes on from the snapshot', async () => {
  const log = newLog();
  const late = await openCounter(log);
  const told: Revision<Addition>[] = [];
  late.follow((revision) => told.push(revision));
  const writer = await openCounter(log, 1);
  for (let number = 0; number < 5; number++) await writer.commit(() => add(number));
  assert.ok((await log.start()) > 0);
  assert.deepEqual(await late.current(), writer.state);
  assert.ok('version' in told[0]!, 'followers begin anew, too');
});

test('followers are told of each version, in order, before it shows', async () => {
  const log = newLog();
  const [one, other] = [await openCounter(log), await openCounter(log)];
  const told: [Revision<Addition>, number][] = [];
  one.follow((revision) => told.push([revision, one.state.version]));
  await one.commit(() => add(1));
  await other.commit(() => add(2));
  await one.commit(() => add(3));
  assert.deepEqual(
    told.map(([revision, shown]) => ['after' in revision && revision.after, revision.edits, shown]),
    [
      [0, add(1), 0],
      [1, add(2), 1],
      [2, add(3), 2],
    ],
  );
});

test('when too many commits wait, more are refused and may be repeated', async () => {
  const log = newLog();
  const journal = await openCounter(log);
  const append = log.append.bind(log);
  const durable = Promise.withResolvers<void>();
  log.append = (batch) => durable.promise.then(() => append(batch));
  const first = journal.commit(() => add(0));
  const waiting = Array.from({ length: waitingMax }, () => journal.commit(() => []));
  await assert.rejects(
    journal.commit(() => add(1)),
    OverloadedError,
  );
  durable.resolve();
  await Promise.all([first, ...waiting]);
  assert.deepEqual((await journal.commit(() => add(1))).added, [0, 1]);
});

test('an edit of a newer program stops a reader in a sentence: it applies nothing more, and writes nothing', async () => {
  const log = newLog();
  const journal = await openCounter(log);
  await journal.commit(() => add(1));
  await write(log, { after: 1, edits: [{ kind: 'squared' }] }, { after: 2, edits: add(2) });
  await assert.rejects(journal.current(), NewerFormatError);
  await assert.rejects(openCounter(log), {
    message:
      'record 1 in the journal of the counter was written by a newer Millrace (an edit of the kind squared)',
  });
  const end = await log.end();
  await assert.rejects(
    journal.commit(() => add(3)),
    NewerFormatError,
  );
  assert.equal(await log.end(), end);
  assert.deepEqual(journal.state.added, [1]);
});

test('a commit that comes to lie behind one of a newer program is not taken for committed', async () => {
  const log = newLog();
  const journal = await openCounter(log);
  await write(log, { after: 0, edits: [{ kind: 'squared' }] });
  await assert.rejects(
    journal.commit(() => add(3)),
    NewerFormatError,
  );
  assert.deepEqual(journal.state.added, []);
});

test('a version that is missing, and no snapshot has, is damage', async () => {
  const log = newLog();
  await write(log, { after: 0, edits: add(1) }, { after: 2, edits: add(3) });
  await assert.rejects(openCounter(log), (error) => {
    assert.ok(error instanceof DamagedError);
    assert.equal(error.message, 'the journal of the counter has nothing between the versions 1 and 3');
    return true;
  });
  await write(log, { version: 3, edits: [...add(1), ...add(2), ...add(3)] });
  assert.deepEqual((await openCounter(log)).state, { version: 3, added: [1, 2, 3] });
});

test('a commit that is refused for what another of its round decided is told once that is durable', async () => {
  const log = newLog();
  const release = Promise.withResolvers<void>();
  let isHeld = false;
  const slow: JournalLog = {
    append: async (batch) => {
      if (isHeld) await release.promise;
      return await log.append(batch);
    },
    read: (from, limit) => log.read(from, limit),
    trim: (before) => log.trim(before),
  };
  const journal = await openJournal(counter, slow);
  isHeld = true;
  // The first begins a round of its own; the others share the next.
  const first = journal.commit(() => add(1));
  const second = journal.commit(() => add(2));
  let told = false;
  const third = journal
    .commit(({ added }) => {
      if (added.includes(2)) throw new RangeError('there already');
      return add(2);
    })
    .catch((error: Error) => {
      told = true;
      assert.deepEqual(journal.state.added, [1, 2]);
      return error.message;
    });
  await settled();
  assert.equal(told, false);
  release.resolve();
  assert.equal(await third, 'there already');
  assert.deepEqual((await Promise.all([first, second])).at(-1)!.added, [1, 2]);
});

test('a commit is decided again when what it was refused for could not be written', async () => {
  const log = newLog();
  let refusals = 0;
  const failing: JournalLog = {
    append: async (batch) => {
      if (++refusals === 2) throw new RangeError('no room on the disk');
      return await log.append(batch);
    },
    read: (from, limit) => log.read(from, limit),
    trim: (before) => log.trim(before),
  };
  const journal = await openJournal(counter, failing);
  const first = journal.commit(() => add(1));
  const second = journal.commit(() => add(2));
  const third = journal.commit(({ added }) => {
    if (added.includes(2)) throw new RangeError('there already');
    return add(3);
  });
  await first;
  await assert.rejects(second, /no room on the disk/);
  assert.deepEqual((await third).added, [1, 3]);
});
