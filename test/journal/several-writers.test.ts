import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { IdentityEdit } from '../../src/access/identity/edit.ts';
import { identityMachine } from '../../src/access/identity/identity.ts';
import type { IdentityState } from '../../src/access/identity/state.ts';
import type { KeyEdit } from '../../src/access/keys/edit.ts';
import { keysMachine } from '../../src/access/keys/keys.ts';
import type { KeysState } from '../../src/access/keys/state.ts';
import { catalogMachine } from '../../src/catalog/catalog.ts';
import type { Edit } from '../../src/catalog/edit.ts';
import type { CatalogState } from '../../src/catalog/state.ts';
import { factMachine } from '../../src/journal/fact-machine.ts';
import type { FactEdit } from '../../src/journal/facts.ts';
import type { FactsState } from '../../src/journal/held-facts.ts';
import { type FollowedJournal, openJournal } from '../../src/journal/journal.ts';
import { journalIn } from '../../src/journal/journal-log.ts';
import { trimMarginMs } from '../../src/journal/late-trim.ts';
import { UnknownOutcomeError } from '../../src/journal/outcomes.ts';
import type { AnyEdit, StateMachine, Versioned } from '../../src/journal/state-machine.ts';
import { UnavailableError } from '../../src/log/log.ts';
import { openMemoryLog } from '../../src/log/memory/memory-log.ts';
import type { HeldEdit } from '../../src/services/dynamodb/tables/edit.ts';
import type { HeldTables } from '../../src/services/dynamodb/tables/held-tables.ts';
import { tablesMachine } from '../../src/services/dynamodb/tables/tables-machine.ts';
import type { TablesState } from '../../src/services/dynamodb/tables/tables-state.ts';
import { TestClock } from '../log/world.ts';
import { tableOf } from '../services/dynamodb/tables/table-world.ts';
import { add, counter } from './counter.ts';
import { LooseLog, type Looseness } from './loose-log.ts';
import { Scheduler } from './scheduler.ts';

/** A machine, edits that say a number, and the numbers that a state says, each as often as it was said. */
type Subject<State extends Versioned, Edit extends AnyEdit> = {
  readonly machine: () => StateMachine<State, Edit>;
  readonly edits: (number: number) => readonly Edit[];
  readonly numbers: (state: State) => readonly number[];
  /** What is to be equal everywhere. */
  readonly shown: (state: State) => unknown;
};

const slackBytes = 400;
const writers = 3;
const calm: Looseness = { unanswered: 0, unread: 0 };
const rough: Looseness = { unanswered: 25, unread: 10 };

/**
 * Many commits through several journals of one log, while others read, fall behind, and begin. Answers what
 * became of each.
 */
async function play<State extends Versioned, Edit extends AnyEdit>(
  { machine: machineOf, edits, numbers, shown }: Subject<State, Edit>,
  seed: number,
  looseness: Looseness,
  { rewrites = false, stepMs = 0 }: { readonly rewrites?: boolean; readonly stepMs?: number } = {},
) {
  const machine = machineOf();
  const scheduler = new Scheduler(seed);
  const { random } = scheduler;
  const clock = new TestClock();
  const log = journalIn(openMemoryLog(clock), { stream: 'journal', shard: 0 });
  const logs = Array.from(
    { length: writers },
    (_, index) => new LooseLog(`w${index}`, log, scheduler, looseness),
  );
  const open = (of: LooseLog): Promise<FollowedJournal<State, Edit>> =>
    untilAnswered(() => openJournal(machine, of, slackBytes));
  const told: number[][] = logs.map(() => []);
  const resolved: number[] = [];
  const unknown: number[] = [];
  const commit = async (journal: FollowedJournal<State, Edit>, number: number) => {
    await scheduler.turns(60);
    clock.time += random.below(stepMs + 1);
    if (random.below(3) === 0) await journal.current().catch(unavailable);
    try {
      const state = await journal.commit(() => edits(number));
      if (numbers(state).length > 0) assert.ok(numbers(state).includes(number), 'a commit shows what it did');
      resolved.push(number);
    } catch (error) {
      assert.ok(error instanceof UnavailableError, String(error));
      if (error instanceof UnknownOutcomeError) unknown.push(number);
    }
  };
  const rewrite = async (journal: FollowedJournal<State, Edit>, number: number) => {
    try {
      await journal.rewrite(() => edits(number));
      resolved.push(number);
    } catch (error) {
      assert.ok(error instanceof UnavailableError, String(error));
      unknown.push(number);
    }
  };
  const work = async () => {
    const journals: FollowedJournal<State, Edit>[] = [];
    for (const [index, each] of [...logs].entries()) {
      const journal = await open(each);
      journal.follow((revision) =>
        told[index]!.push('version' in revision ? revision.version : revision.after + 1),
      );
      journals.push(journal);
    }
    const all: Promise<void>[] = [];
    for (let number = 0; number < 40; number++) all.push(commit(journals[number % (writers - 1)]!, number));
    // One that only begins, and rewrites, while the others work.
    for (let number = 40; rewrites && number < 44; number++) {
      await scheduler.turns(40);
      const late = new LooseLog(`b${number}`, log, scheduler, looseness);
      logs.push(late);
      const beginning = await open(late);
      await rewrite(beginning, number);
    }
    await Promise.all(all);
    for (const each of logs) await each.quiet();
    const states = await Promise.all(journals.map((each) => untilAnswered(() => each.current())));
    const fresh = await openJournal(machine, log, slackBytes);
    return {
      states: [...states, fresh.state].map(shown),
      numbers: numbers(fresh.state),
      isTrimmed: (await log.read(0, { records: 1, bytes: 1 }))[0]!.first > 0,
    };
  };
  return { ...(await scheduler.run(work())), resolved, unknown, told };
}

function unavailable(error: unknown): void {
  assert.ok(error instanceof UnavailableError, String(error));
}

async function untilAnswered<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      unavailable(error);
    }
  }
}

type Played = Awaited<ReturnType<typeof play>>;

function judge({ states, numbers, resolved, unknown, told }: Played, seed: number): void {
  for (const state of states) assert.deepEqual(state, states[0], `seed ${seed}: all replicas end equal`);
  const sorted = [...numbers].sort((a, b) => a - b);
  if (numbers.length > 0) {
    const perhaps = sorted.filter((number) => !unknown.includes(number));
    assert.deepEqual(
      perhaps,
      resolved.filter((number) => !unknown.includes(number)).sort((a, b) => a - b),
      `seed ${seed}`,
    );
    assert.equal(new Set(sorted).size, sorted.length, `seed ${seed}: each exactly once`);
  }
  for (const versions of told) {
    assert.ok(
      versions.every((version, index) => index === 0 || version > versions[index - 1]!),
      `seed ${seed}`,
    );
  }
}

function severalWriters<State extends Versioned, Edit extends AnyEdit>(
  name: string,
  subject: Subject<State, Edit>,
  seedMax = 8,
): void {
  const rewrites = (seed: number) => subject.machine().restating === undefined && seed % 2 === 0;

  test(`several writers of the ${name} end equal, and each knows what became of its commits`, async () => {
    for (let seed = 1; seed <= seedMax / 2; seed++) {
      const played = await play(subject, seed, calm);
      judge(played, seed);
      assert.deepEqual([played.unknown, played.isTrimmed], [[], false]);
      assert.equal(played.resolved.length, 40);
    }
  });

  test(`several writers of the ${name} whose past is trimmed and rewritten end equal`, async () => {
    let trimmed = 0;
    for (let seed = 1; seed <= seedMax; seed++) {
      const played = await play(subject, seed, calm, { rewrites: rewrites(seed), stepMs: trimMarginMs });
      judge(played, seed);
      trimmed += played.isTrimmed ? 1 : 0;
    }
    assert.ok(trimmed > 0, 'nothing was trimmed');
  });

  test(`several writers of the ${name} whose appends get lost, or come late, are told no lie`, async () => {
    let unknown = 0;
    for (let seed = 1; seed <= 2 * seedMax; seed++) {
      const more = { rewrites: rewrites(seed), stepMs: trimMarginMs / 4 };
      const played = await play(subject, seed, rough, more);
      judge(played, seed);
      unknown += played.unknown.length;
    }
    assert.ok(unknown > 0, 'nothing was unknown');
  });
}

severalWriters('counter', {
  machine: () => counter,
  edits: add,
  numbers: ({ added }) => added,
  shown: (state) => state,
});

severalWriters<CatalogState, Edit>('control plane', {
  machine: () => catalogMachine,
  edits: (number) => [{ kind: 'account-changed', key: `${number}/r`, account: { committedAt: number } }],
  numbers: ({ accounts }) => [...accounts.values()].map(({ committedAt }) => committedAt),
  shown: (state) => state,
});

severalWriters<IdentityState, IdentityEdit>('users and policies', {
  machine: () => identityMachine,
  edits: (number) => {
    const key = {
      id: `${number}`,
      account: `${number}`,
      user: null,
      secret: 's',
      isActive: true,
      createdAt: 0,
    };
    return [{ kind: 'access-key-changed', key }];
  },
  numbers: ({ accessKeys }) => [...accessKeys.keys()].map(Number),
  shown: (state) => state,
});

severalWriters<KeysState, KeyEdit>('keys', {
  machine: () => keysMachine,
  edits: (number) => [{ kind: 'services-key-wrapped', wrapped: `${number}` }],
  numbers: () => [],
  shown: (state) => state,
});

severalWriters<TablesState, HeldEdit>('tables', {
  machine: () => tablesMachine(),
  edits: (number) => [
    { kind: 'table-put', table: tableOf(`${number}`) },
    { kind: 'table-put', table: tableOf('1000', { createdAt: number }) },
  ],
  numbers: ({ held }) =>
    tablesIn(held)
      .map(({ id }) => Number(id))
      .filter((id) => id < 1000),
  shown: ({ version, held }) => ({ version, tables: tablesIn(held) }),
});

type Numbers = { readonly number: number; readonly latest: number };

severalWriters<FactsState<Numbers>, FactEdit<Numbers>>('facts', {
  machine: () =>
    factMachine<Numbers>({
      name: 'numbers',
      kinds: { number: true, latest: true },
      room: { bytesMax: Number.POSITIVE_INFINITY, refusal: (message) => new Error(message) },
    }),
  edits: (number) => [
    { kind: 'said', of: 'number', key: `n/${number}`, value: number },
    { kind: 'said', of: 'latest', key: '', value: number },
  ],
  numbers: (state) => [...state.within('number', 'n/')].map(([, number]) => number),
  shown: (state) => ({
    version: state.version,
    bytes: state.bytes,
    facts: [...state.entries('number'), ...state.entries('latest')],
  }),
});

function tablesIn(held: HeldTables) {
  const tables = [...held.all].map(({ definition }) => definition!);
  return tables.sort((a, b) => (a.id < b.id ? -1 : 1));
}
