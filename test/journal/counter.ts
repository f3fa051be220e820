import assert from 'node:assert/strict';
import { OneShard } from '../../harness/one-shard.ts';
import { type FollowedJournal, openJournal } from '../../src/journal/journal.ts';
import type { JournalLog } from '../../src/journal/journal-log.ts';
import type { Draft, StateMachine } from '../../src/journal/state-machine.ts';
import { openMemoryLog } from '../../src/log/memory/memory-log.ts';
import { ManualClock } from '../services/kinesis/manual-clock.ts';

/** The smallest state there is: what was added, in order. */
export type Counter = { readonly version: number; readonly added: readonly number[] };
export type Addition = { readonly kind: 'added'; readonly number: number } | { readonly kind: 'cleared' };

/** Numbers below zero must never be; above a hundred there is no room for them. */
export const counter: StateMachine<Counter, Addition> = {
  name: 'counter',
  empty: { version: 0, added: [] },
  draft: (state) => new CounterDraft(state),
  isKnown: ({ kind }) => kind === 'added' || kind === 'cleared',
  requireRoom: (_, edits) => {
    if (edits.some((edit) => edit.kind === 'added' && edit.number > 100)) throw new RangeError('no room');
  },
  snapshot: ({ added }) => added.map((number) => ({ kind: 'added', number })),
};

class CounterDraft implements Draft<Counter, Addition> {
  state: Counter;

  constructor(state: Counter) {
    this.state = state;
  }

  apply(edit: Addition): void {
    assert(edit.kind === 'cleared' || edit.number >= 0);
    const added = edit.kind === 'cleared' ? [] : [...this.state.added, edit.number];
    this.state = { ...this.state, added };
  }

  finish(version: number): Counter {
    return { ...this.state, version };
  }
}

export function add(number: number): Addition[] {
  return [{ kind: 'added', number }];
}

export function newLog(): OneShard {
  return new OneShard(openMemoryLog(new ManualClock()), { stream: 'counter', shard: 0 });
}

export function openCounter(
  log: JournalLog,
  snapshotEveryBytes?: number,
): Promise<FollowedJournal<Counter, Addition>> {
  return openJournal(counter, log, snapshotEveryBytes);
}
