import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { apply, CatalogDraft } from '../../src/catalog/apply.ts';
import { catalogMachine } from '../../src/catalog/catalog.ts';
import type { Edit } from '../../src/catalog/edit.ts';
import {
  type CatalogState,
  emptyState,
  findStream,
  streamKeyOf,
  streamsOf,
} from '../../src/catalog/state.ts';
import { sampleStream, sampleTime } from '../kinesis/sample.ts';
import { arbitraryDecision } from './arbitrary-edit.ts';

const stream = sampleStream(2);
const key = streamKeyOf(stream);
const withStream = apply(emptyState, { kind: 'stream-created', stream });

function streamAfter(...edits: Edit[]) {
  return findStream(edits.reduce(apply, withStream), stream);
}

const decisions = fc.array(arbitraryDecision);

function stateAfter(decided: readonly ((state: CatalogState) => Edit[])[], from = emptyState): CatalogState {
  return decided.reduce((state, decide) => decide(state).reduce(apply, state), from);
}

test('no edit changes the state that it is applied to', () => {
  fc.assert(
    fc.property(decisions, arbitraryDecision, (before, decide) => {
      const state = stateAfter(before);
      const copy = structuredClone(state);
      decide(state).reduce(apply, state);
      assert.deepEqual(state, copy);
    }),
  );
});

test('a draft comes to what its edits make one by one, and a state that it finished stays as it is', () => {
  fc.assert(
    fc.property(decisions, decisions, (before, after) => {
      const draft = new CatalogDraft(emptyState);
      for (const decide of before) for (const edit of decide(draft.state)) draft.apply(edit);
      const state = draft.finish(3);
      assert.deepEqual(state, { ...stateAfter(before), version: 3 });
      const copy = structuredClone(state);
      for (const decide of after) for (const edit of decide(draft.state)) draft.apply(edit);
      assert.deepEqual(state, copy);
    }),
  );
});

test('an edit about a stream that is not there changes nothing', () => {
  const edits: Edit[] = [
    { kind: 'change-begun', key, change: { kind: 'delete', since: 1 } },
    { kind: 'shards-replaced', key, closed: [], opened: [] },
    { kind: 'stream-deleted', key },
    { kind: 'settings-changed', key, settings: { retentionHours: 48 } },
    { kind: 'stream-settled', key, settings: { retentionHours: 48 } },
    { kind: 'shards-expired', key, shards: [0] },
  ];
  for (const edit of edits) assert.deepEqual(apply(emptyState, edit), emptyState);
});

test('a snapshot of a state is that state, whatever it comes after', () => {
  fc.assert(
    fc.property(decisions, decisions, (made, others) => {
      const state = stateAfter(made);
      const { version } = state;
      const restored = catalogMachine.snapshot(state).reduce(apply, stateAfter(others));
      assert.deepEqual({ ...restored, version }, state);
    }),
  );
});

test('a stream that is to be deleted is DELETING, with any other change it is UPDATING', () => {
  const since = sampleTime;
  assert.equal(
    streamAfter({ kind: 'change-begun', key, change: { kind: 'delete', since } })?.status,
    'DELETING',
  );
  assert.equal(
    streamAfter({ kind: 'change-begun', key, change: { kind: 'scale', since, target: 4 } })?.status,
    'UPDATING',
  );
});

test('new shards make the stream ACTIVE and settle its change', () => {
  const closing = { at: sampleTime, end: 7, childrenAt: sampleTime + 1000 };
  const [first, second] = stream.shards;
  const opened = [{ ...first!, index: 2, parents: [0], createdAt: closing.childrenAt }];
  const after = streamAfter(
    { kind: 'change-begun', key, change: { kind: 'scale', since: sampleTime, target: 4 } },
    { kind: 'shards-replaced', key, closed: [{ index: 0, closed: closing }], opened },
  );
  assert.equal(after?.status, 'ACTIVE');
  assert.equal(after?.change, undefined);
  assert.equal(after?.nextShard, 3);
  assert.deepEqual(after?.shards, [{ ...first, closed: closing }, second, opened[0]]);
});

test('expired shards are forgotten, and their indices are not used again', () => {
  const closing = { at: sampleTime, end: 7, childrenAt: sampleTime + 1000 };
  const opened = [{ ...stream.shards[1]!, index: 2, parents: [1] }];
  const after = streamAfter(
    { kind: 'shards-replaced', key, closed: [{ index: 1, closed: closing }], opened },
    { kind: 'shards-expired', key, shards: [1] },
  );
  assert.deepEqual(
    after?.shards.map(({ index }) => index),
    [0, 2],
  );
  assert.equal(after?.nextShard, 3);
});

test('indices that are skipped are not used', () => {
  assert.equal(streamAfter({ kind: 'shards-skipped', key, nextShard: 7 })?.nextShard, 7);
});

test('a stream made again has another id to come', () => {
  const state = apply(apply(withStream, { kind: 'stream-deleted', key }), { kind: 'stream-created', stream });
  assert.equal(state.nextStream, 3);
});

test("an account's streams in a region are listed by name in the order of code units", () => {
  const others = ['b', 'B', 'a'].map((name) => sampleStream(1, { name }));
  const foreign = [sampleStream(1, { account: '111111111111' }), sampleStream(1, { region: 'eu-west-1' })];
  const state = [...others, ...foreign]
    .map((made): Edit => ({ kind: 'stream-created', stream: made }))
    .reduce(apply, emptyState);
  assert.deepEqual(
    streamsOf(state, stream).map(({ name }) => name),
    ['B', 'a', 'b'],
  );
});
