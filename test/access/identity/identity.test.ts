import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { IdentityDraft } from '../../../src/access/identity/apply.ts';
import { type IdentityEdit, isKnown } from '../../../src/access/identity/edit.ts';
import { identityMachine, openIdentity } from '../../../src/access/identity/identity.ts';
import { emptyIdentity, type IdentityState } from '../../../src/access/identity/state.ts';
import { decodeRevision, encodeRevision } from '../../../src/journal/revision.ts';
import { NewerFormatError } from '../../../src/log/log.ts';
import { openMemoryLog } from '../../../src/log/memory/memory-log.ts';
import { ManualClock } from '../../services/kinesis/manual-clock.ts';
import { account, groupOf, keyOf, policyOf, roleOf, userOf, versionOf } from './samples.ts';

function after(edits: readonly IdentityEdit[], from: IdentityState = emptyIdentity): IdentityState {
  const draft = new IdentityDraft(from);
  for (const edit of edits) draft.apply(edit);
  return draft.finish(from.version + 1);
}

const name = fc.constantFrom('Ann', 'bob', 'Carl');
const inAccount = fc.constantFrom(account, '222222222222');
const policy = { name: fc.constantFrom('a', '__proto__'), document: fc.string() };
const inline = fc.array(fc.record(policy, { noNullPrototype: true }), { maxLength: 2 });

/** Edits that make sense alone; whether one makes sense after others, the draft says. */
const edits: fc.Arbitrary<IdentityEdit> = fc
  .record({ name, to: name, account: inAccount, inline, kind: fc.nat(13), secret: fc.string() })
  .map(({ name, to, account, inline, kind, secret }) => {
    const all: IdentityEdit[] = [
      { kind: 'session-secret-made', secret },
      { kind: 'group-changed', account, group: groupOf(name, { inline }) },
      { kind: 'group-deleted', account, name },
      { kind: 'user-changed', account, user: userOf(name, { inline }) },
      { kind: 'user-changed', account, user: userOf(name, { groups: [to.toLowerCase()] }) },
      { kind: 'user-renamed', account, from: name, user: userOf(to, { id: `AIDA-${name}` }) },
      { kind: 'group-renamed', account, from: name, group: groupOf(to, { id: `AGPA-${name}` }) },
      { kind: 'user-deleted', account, name },
      { kind: 'role-changed', account, role: roleOf(name, { inline }) },
      { kind: 'role-deleted', account, name },
      { kind: 'policy-changed', account, policy: policyOf(name, { versions: [versionOf(1, secret)] }) },
      { kind: 'policy-deleted', account, name },
      { kind: 'access-key-changed', key: keyOf(`AKIA${to}`, name.toLowerCase(), { account, secret }) },
      { kind: 'access-key-deleted', id: `AKIA${to}` },
    ];
    return all[kind]!;
  });

test('a state is the same whether its edits come one by one, at once, or as a snapshot', () => {
  const property = fc.property(fc.array(edits, { maxLength: 30 }), (list) => {
    let state = emptyIdentity;
    const counted: IdentityEdit[] = [];
    for (const edit of list) {
      const frozen = structuredClone(state);
      try {
        state = { ...after([edit], state), version: 0 };
        counted.push(edit);
      } catch (error) {
        if (!(error instanceof Error) || error.name !== 'AssertionError') throw error;
        assert.deepEqual(state, frozen, 'an edit that was refused has changed something');
      }
    }
    assert.deepEqual({ ...after(counted), version: 0 }, state);
    const revision = { version: 7, edits: identityMachine.snapshot(state) };
    const data = encodeRevision(revision);
    const read = decodeRevision<IdentityState, IdentityEdit>(identityMachine, { offset: 0, data });
    assert.deepEqual({ ...after(read.edits), version: 0 }, state);
  });
  fc.assert(property, { numRuns: 200 });
});

test('a renamed group is renamed in its users, and a renamed user in its keys', () => {
  const state = after([
    { kind: 'group-changed', account, group: groupOf('Shop') },
    { kind: 'user-changed', account, user: userOf('Ann', { groups: ['shop'] }) },
    { kind: 'access-key-changed', key: keyOf('AKIA1', 'ann') },
    { kind: 'group-renamed', account, from: 'Shop', group: groupOf('Store', { id: 'AGPA-Shop' }) },
    {
      kind: 'user-renamed',
      account,
      from: 'Ann',
      user: userOf('Anna', { id: 'AIDA-Ann', groups: ['store'] }),
    },
  ]);
  const { users, groups } = state.accounts.get(account)!;
  assert.deepEqual([[...users.keys()], [...groups.keys()]], [['anna'], ['store']]);
  assert.deepEqual(users.get('anna')?.groups, ['store']);
  assert.equal(state.accessKeys.get('AKIA1')?.user, 'anna');
});

test('a group and a user keep their places when only their paths, or the case of their names, change', () => {
  const state = after([
    { kind: 'group-changed', account, group: groupOf('Shop') },
    { kind: 'user-changed', account, user: userOf('Ann', { groups: ['shop'] }) },
    { kind: 'access-key-changed', key: keyOf('AKIA1', 'ann') },
    {
      kind: 'group-renamed',
      account,
      from: 'Shop',
      group: groupOf('shop', { id: 'AGPA-Shop', path: '/x/' }),
    },
    { kind: 'user-renamed', account, from: 'Ann', user: userOf('ANN', { id: 'AIDA-Ann', groups: ['shop'] }) },
  ]);
  const { users } = state.accounts.get(account)!;
  assert.deepEqual([users.get('ann')?.name, users.get('ann')?.groups], ['ANN', ['shop']]);
  assert.equal(state.accessKeys.get('AKIA1')?.user, 'ann');
});

test('a state that must never be is refused', () => {
  const never: IdentityEdit[] = [
    { kind: 'user-changed', account, user: userOf('ann', { groups: ['none'] }) },
    { kind: 'access-key-changed', key: keyOf('AKIA1', 'nobody') },
    { kind: 'policy-changed', account, policy: policyOf('p', { defaultVersion: 'v9' }) },
  ];
  for (const edit of never) assert.throws(() => after([edit]), { name: 'AssertionError' });
  const taken = after([{ kind: 'user-changed', account, user: userOf('ann') }]);
  const other: IdentityEdit = { kind: 'user-changed', account, user: userOf('ANN', { id: 'AIDA-other' }) };
  assert.throws(() => after([other], taken), { name: 'AssertionError' });
});

test('an edit of a kind that is not known is refused, as one of a newer program', () => {
  const data = Buffer.from('{"format":1,"after":0,"edits":[{"kind":"user-cloned"}]}');
  assert.throws(() => decodeRevision(identityMachine, { offset: 3, data }), NewerFormatError);
  const inherited = JSON.parse('{"kind":"toString"}') as IdentityEdit;
  assert.equal(isKnown(inherited), false);
});

test('a restart finds what was committed, and what lies in a snapshot', async () => {
  const log = openMemoryLog(new ManualClock());
  const journal = await openIdentity(log, 2000);
  for (let round = 0; round < 30; round++) {
    await journal.commit(() => [{ kind: 'user-changed', account, user: userOf(`user-${round}`) }]);
    assert.deepEqual((await openIdentity(log)).state, journal.state);
  }
  await journal.commit(() => [
    { kind: 'session-secret-made', secret: 'wrapped' },
    { kind: 'access-key-changed', key: keyOf('AKIA1', null) },
  ]);
  assert.deepEqual((await openIdentity(log)).state, journal.state);
});
