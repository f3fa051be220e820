import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OneShard } from '../../harness/one-shard.ts';
import { factMachine } from '../../src/journal/fact-machine.ts';
import type { FactEdit, Facts } from '../../src/journal/facts.ts';
import { openJournal } from '../../src/journal/journal.ts';
import { decodeRevision, recordOf } from '../../src/journal/revision.ts';
import { DamagedError, NewerFormatError } from '../../src/log/log.ts';
import { openMemoryLog } from '../../src/log/memory/memory-log.ts';
import { TestRandom } from '../log/world.ts';
import { ManualClock } from '../services/kinesis/manual-clock.ts';

type Kinds = { readonly word: { readonly text: string }; readonly number: number };
type Edit = FactEdit<Kinds>;

function machineOf(bytesMax = Number.POSITIVE_INFINITY, isExempt?: (edit: Edit) => boolean) {
  return factMachine<Kinds>({
    name: 'words',
    kinds: { word: true, number: true },
    room: { bytesMax, refusal: (message) => new RangeError(message), ...(isExempt && { isExempt }) },
    requireSound(before, after, edits) {
      for (const { of, key } of edits) {
        const [was, is] = [before.get(of, key), after.get(of, key)];
        if (of === 'number' && was !== undefined && is !== undefined) assert.ok(is >= was, 'numbers go up');
      }
    },
  });
}

/** The same, as plainly as it can be said. */
class Model {
  readonly #facts = new Map<string, { readonly edit: Edit; readonly value: unknown }>();

  apply(edits: readonly Edit[]): void {
    for (const edit of edits) {
      const name = `${edit.of} ${edit.key}`;
      if (edit.kind === 'forgotten') this.#facts.delete(name);
      else this.#facts.set(name, { edit, value: edit.value });
    }
  }

  within(kind: string, prefix: string): [string, unknown][] {
    const names = [...this.#facts.keys()].filter((name) => name.startsWith(`${kind} ${prefix}`));
    return names.sort().map((name) => [name.slice(kind.length + 1), this.#facts.get(name)!.value]);
  }

  get bytes(): number {
    let sum = 0;
    for (const { edit } of this.#facts.values()) sum += Buffer.byteLength(JSON.stringify(edit)) + 1;
    return sum;
  }
}

function judge(state: Facts<Kinds>, model: Model): void {
  for (const kind of ['word', 'number'] as const) {
    for (const prefix of ['', 'a', 'a/', 'b/1', 'c/0/']) {
      const expected = model.within(kind, prefix);
      assert.deepEqual([...state.within(kind, prefix)], expected, `${kind} ${prefix}`);
      for (const [key, value] of expected) assert.deepEqual(state.get(kind, key), value);
    }
    assert.equal([...state.entries(kind)].length, model.within(kind, '').length);
  }
  assert.equal(state.get('word', 'none'), undefined);
  assert.equal(state.bytes, model.bytes);
}

function editOf(random: TestRandom, nth: number): Edit {
  const key = `${'abc'[random.below(3)]}/${random.below(12)}${random.below(2) === 0 ? '' : '/é'}`;
  if (random.below(4) === 0) return { kind: 'forgotten', of: random.below(2) === 0 ? 'word' : 'number', key };
  if (random.below(3) === 0) return { kind: 'said', of: 'number', key, value: nth };
  return { kind: 'said', of: 'word', key, value: { text: 'x'.repeat(random.below(60)) } };
}

test('facts are what a map would have, in drafts and after every start, however the log was trimmed', async () => {
  for (let seed = 1; seed <= 6; seed++) {
    const random = new TestRandom(seed);
    const log = new OneShard(openMemoryLog(new ManualClock()), { stream: 'words', shard: 0 });
    const model = new Model();
    const open = () => openJournal(machineOf(), log, 600);
    let journal = await open();
    for (let nth = 0; nth < 120; nth++) {
      if (random.below(15) === 0) journal = await open();
      const rounds = Array.from({ length: 1 + random.below(3) }, () =>
        Array.from({ length: 1 + random.below(4) }, () => editOf(random, nth)),
      );
      await Promise.all(
        rounds.map((edits) =>
          journal.commit((state) => {
            if (nth % 5 === 0) judge(state, model);
            model.apply(edits);
            return edits;
          }),
        ),
      );
      if (nth % 5 === 0) judge(journal.state, model);
    }
    judge((await open()).state, model);
    assert.ok((await log.start()) > 50, `seed ${seed}: the log was trimmed at ${await log.start()}`);
  }
});

test('the log stays a few times as long as its facts, however often one of them changes', async () => {
  const log = new OneShard(openMemoryLog(new ManualClock()), { stream: 'words', shard: 0 });
  const journal = await openJournal(machineOf(), log, 2000);
  for (let nth = 0; nth < 40; nth++) {
    await journal.commit(() => [
      { kind: 'said', of: 'word', key: `k${nth}`, value: { text: 'still'.repeat(5) } },
    ]);
  }
  for (let nth = 0; nth < 1500; nth++) {
    await journal.commit(() => [{ kind: 'said', of: 'number', key: 'mark', value: nth }]);
  }
  let bytes = 0;
  for (const batch of await log.read(0, { records: 1_000_000, bytes: 1 << 30 })) bytes += batch.bytes.length;
  assert.ok(bytes < 4 * journal.state.bytes + 3 * 2000, `${bytes} for ${journal.state.bytes}`);
  assert.equal([...(await openJournal(machineOf(), log)).state.entries('word')].length, 40);
});

const reading = (machine: ReturnType<typeof machineOf>, text: string) =>
  decodeRevision(machine, { offset: 3, data: Buffer.from(text) });

test('a value is what it was, whatever its names are', () => {
  const value = JSON.parse('{"bigint":"no number","__proto__":{"a":1},"constructor":null}') as {
    text: string;
  };
  const edits: Edit[] = [{ kind: 'said', of: 'word', key: '__proto__', value }];
  const machine = machineOf();
  const data = recordOf(machine, { after: 4, edits });
  assert.deepEqual(decodeRevision(machine, { offset: 0, data }), { after: 4, edits });
});

test('what a newer program has written stops a reader in a sentence, and what is no record is damage', () => {
  const newer = (text: string, message: RegExp) => {
    assert.throws(() => reading(machineOf(), text), { name: 'NewerFormatError', message });
  };
  newer(
    '{"format":2,"after":0,"edits":[]}',
    /^record 3 in the journal of the words .* newer .*\(format 2\)$/,
  );
  newer(
    '{"format":1,"after":0,"edits":[{"kind":"said","of":"toString","key":"","value":1}]}',
    /kind toString\)$/,
  );
  newer(
    '{"format":1,"after":0,"edits":[{"kind":"moved","of":"word","key":""}]}',
    /an edit of the kind moved\)$/,
  );
  const broken = [
    '',
    '[]',
    '7',
    '{"format":1,"after":0}',
    '{"format":1,"after":0,"edits":[1]}',
    '{"format":1',
  ];
  for (const text of [...broken, '{"format":1,"after":0,"edits":[{"kind":"said","of":"word","key":"a"}]}']) {
    assert.throws(
      () => reading(machineOf(), text),
      (error) => error instanceof DamagedError && !(error instanceof NewerFormatError),
      text,
    );
  }
});

test('what has no room is refused and changes nothing; what takes less, and what has to be, is not', async () => {
  const log = new OneShard(openMemoryLog(new ManualClock()), { stream: 'words', shard: 0 });
  const journal = await openJournal(
    machineOf(100, ({ of }) => of === 'number'),
    log,
  );
  const say = (key: string, text: string) =>
    journal.commit(() => [{ kind: 'said', of: 'word', key, value: { text } }]);
  await say('a', 'x'.repeat(30));
  await assert.rejects(say('b', 'y'), {
    name: 'RangeError',
    message: 'This server has room for 100 bytes of words. It has 88, and this request adds 59.',
  });
  assert.deepEqual(
    [...journal.state.entries('word')].map(([key]) => key),
    ['a'],
  );
  await journal.commit(() => [{ kind: 'said', of: 'number', key: 'mark', value: 1 }]);
  await say('a', 'z');
  assert.deepEqual(journal.state.get('word', 'a'), { text: 'z' });
});

test('edits that make what must never be are refused alone, and nothing of them is written', async () => {
  const log = new OneShard(openMemoryLog(new ManualClock()), { stream: 'words', shard: 0 });
  const journal = await openJournal(machineOf(), log);
  const set = (value: number) => journal.commit(() => [{ kind: 'said', of: 'number', key: 'n', value }]);
  const all = await Promise.allSettled([set(5), set(4), set(6)]);
  assert.deepEqual(
    all.map(({ status }) => status),
    ['fulfilled', 'rejected', 'fulfilled'],
  );
  assert.equal((await openJournal(machineOf(), log)).state.get('number', 'n'), 6);
});
