import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { formatKeyArn } from '../../../src/access/keys/key-arn.ts';
import { KeyCipher } from '../../../src/access/keys/key-cipher.ts';
import { keysKey, keysMachine, openKeys, rewrapKeys } from '../../../src/access/keys/keys.ts';
import { LocalKeys } from '../../../src/access/keys/local-keys.ts';
import { dayMs, kinesisKey } from '../../../src/access/keys/new-key.ts';
import { keysRoom } from '../../../src/access/keys/room.ts';
import { rootKeyOf } from '../../../src/access/keys/root-key.ts';
import { aliasKeyOf, aliasNamesOf } from '../../../src/access/keys/state.ts';
import { keysTick } from '../../../src/access/keys/upkeep.ts';
import { KeyError } from '../../../src/log/log.ts';
import { KmsKeys, scope } from './kms-keys.ts';

const context = { 'aws:kinesis:arn': 'arn:aws:kinesis:eu-central-1:111111111111:stream/orders' };
const words = Buffer.from('as secret as it gets');

test('what the journal says comes back, from its commits as from a snapshot', async () => {
  const world = await KmsKeys.open();
  const [kept, doomed] = [
    await world.createKey({ tags: [{ key: 'a', value: 'b' }] }),
    await world.createKey(),
  ];
  const alias = { ...scope, name: 'alias/a', key: kept.id, createdAt: 1, changedAt: 2 };
  await world.keys.commit(() => [
    { kind: 'alias-set', alias },
    { kind: 'alias-set', alias: { ...alias, name: 'alias/doomed', key: doomed.id } },
    { kind: 'key-rotated', id: kept.id, version: world.cipher.newVersion(kept.id, 2, 5, 'on-demand') },
    { kind: 'key-changed', id: kept.id, settings: { status: 'Disabled' } },
    { kind: 'key-deleted', id: doomed.id },
  ]);
  const { state } = world.keys;
  assert.deepEqual([...state.keys.keys()], [kept.id]);
  assert.deepEqual([...state.aliases.values()], [alias]);
  assert.deepEqual([...state.aliasNames], [[kept.id, ['alias/a']]]);
  assert.deepEqual([world.now(kept).versions.length, world.now(kept).status], [2, 'Disabled']);
  assert.deepEqual((await openKeys(world.log)).state, state);
  const draft = keysMachine.draft(keysMachine.empty);
  for (const edit of keysMachine.snapshot(state)) draft.apply(JSON.parse(JSON.stringify(edit)), 0);
  assert.deepEqual(draft.finish(state.version), state);
});

test('an alias that is moved or deleted is found at one key at most', async () => {
  const world = await KmsKeys.open();
  const [a, b] = [await world.createKey(), await world.createKey()];
  const alias = { ...scope, name: 'alias/x', key: a.id, createdAt: 1, changedAt: 1 };
  const names = () => [a, b].map((key) => aliasNamesOf(world.keys.state, key));
  await world.keys.commit(() => [{ kind: 'alias-set', alias }]);
  assert.deepEqual(names(), [['alias/x'], []]);
  await world.keys.commit(() => [{ kind: 'alias-set', alias: { ...alias, key: b.id } }]);
  assert.deepEqual(names(), [[], ['alias/x']]);
  assert.deepEqual((await openKeys(world.log)).state, world.keys.state);
  await world.keys.commit(() => [{ kind: 'alias-deleted', key: aliasKeyOf(alias) }]);
  assert.deepEqual(names(), [[], []]);
  assert.equal(world.keys.state.aliasNames.size, 0);
});

test('an edit that would lose material is never applied', async () => {
  const world = await KmsKeys.open();
  const { id } = await world.createKey();
  const version = world.cipher.newVersion(id, 3, 0, 'automatic');
  await assert.rejects(
    world.keys.commit(() => [{ kind: 'key-rotated', id, version }]),
    {
      code: 'ERR_ASSERTION',
    },
  );
  await assert.rejects(
    world.keys.commit(() => [{ kind: 'key-rewrapped', id, wrapped: [] }]),
    { code: 'ERR_ASSERTION' },
  );
});

test('there is room for so many keys', async () => {
  const world = await KmsKeys.open();
  const key = await world.createKey();
  const keys = Array.from({ length: keysRoom.keysMax }, (_, index) => ({ ...key, id: `${index}` }));
  const edits = keys.map((each) => ({ kind: 'key-created', key: each }) as const);
  assert.throws(() => keysMachine.requireRoom(world.keys.state, edits), { name: 'LimitExceededException' });
  keysMachine.requireRoom(world.keys.state, edits.slice(1));
});

test('the journal holds no material in clear', async () => {
  const world = await KmsKeys.open();
  const key = await world.createKey();
  const material = world.root.unwrap(key.versions[0]!.wrapped, `kms/${key.id}/1`);
  assert.equal(material.length, 32);
  const limit = { records: 1000, bytes: 1e6 };
  const { batches } = await world.log.read(keysKey, { from: 0, since: 0, limit });
  const bytes = Buffer.concat(batches.map((batch) => batch.bytes));
  assert.ok(bytes.includes(key.id), 'the key is in the journal');
  for (const form of ['latin1', 'hex', 'base64', 'base64url'] as const) {
    assert.ok(!bytes.includes(Buffer.from(material.toString(form), 'latin1')), form);
  }
});

test('no change of a ciphertext goes unnoticed, in any of its bytes', async () => {
  const world = await KmsKeys.open();
  const key = await world.createKey();
  await world.keys.commit(() => [
    { kind: 'key-rotated', id: key.id, version: world.cipher.newVersion(key.id, 2, 0, 'on-demand') },
  ]);
  const rotated = world.now(key);
  const ciphertext = world.cipher.encrypt(rotated, words, context);
  assert.deepEqual(world.cipher.decrypt(rotated, ciphertext, context), words);
  for (let at = 0; at < ciphertext.length; at++) {
    for (const flip of [1, 3, 128]) {
      const changed = Buffer.from(ciphertext);
      changed[at]! ^= flip;
      assert.equal(world.cipher.decrypt(rotated, changed, context), undefined, `byte ${at}`);
    }
    assert.equal(
      world.cipher.decrypt(rotated, ciphertext.subarray(0, at), context),
      undefined,
      `cut at ${at}`,
    );
  }
  assert.equal(
    world.cipher.decrypt(rotated, Buffer.concat([ciphertext, Buffer.from([0])]), context),
    undefined,
  );
  assert.equal(world.cipher.decrypt(await world.createKey(), ciphertext, context), undefined);
});

test('texts of a context cannot trade places', async () => {
  const world = await KmsKeys.open();
  const key = await world.createKey();
  const ciphertext = world.cipher.encrypt(key, words, { ab: 'c', d: '' });
  const others = [{ a: 'bc', d: '' }, { ab: 'c' }, { ab: 'cd' }, { abc: '', d: '' }, { d: '', ab: 'c ' }];
  for (const other of others) assert.equal(world.cipher.decrypt(key, ciphertext, other), undefined);
  assert.deepEqual(world.cipher.decrypt(key, ciphertext, { d: '', ab: 'c' }), words);
});

test('a ciphertext decrypts with a context if and only if it is the same', async () => {
  const world = await KmsKeys.open();
  const key = await world.createKey();
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '\0', 'é', '\ud800', '\ufffd'), maxLength: 3 });
  const contexts = fc.dictionary(text, text, { maxKeys: 3 });
  fc.assert(
    fc.property(contexts, contexts, (one, other) => {
      const ciphertext = world.cipher.encrypt(key, words, one);
      assert.deepEqual(world.cipher.decrypt(key, ciphertext, { ...one }), words);
      const isSame = isDeepStrictEqual({ ...one }, { ...other });
      assert.equal(world.cipher.decrypt(key, ciphertext, other) !== undefined, isSame);
    }),
    { numRuns: 300 },
  );
});

test('the same words are never encrypted alike', async () => {
  const world = await KmsKeys.open();
  const key = await world.createKey();
  const made = Array.from({ length: 50 }, () => world.cipher.encrypt(key, words, {}).toString('hex'));
  assert.equal(new Set(made).size, 50);
});

test('a new root key takes over without a ciphertext being touched', async () => {
  const world = await KmsKeys.open();
  const keys = [await world.createKey(), await world.createKey()];
  await world.keys.commit(() => [
    {
      kind: 'key-rotated',
      id: keys[0]!.id,
      version: world.cipher.newVersion(keys[0]!.id, 2, 0, 'automatic'),
    },
  ]);
  const ciphertexts = keys.map((key) => world.cipher.encrypt(key, words, context));
  const fresh = world.random.bytes(32);
  const both = rootKeyOf([fresh, world.rootSecret], world.random);
  assert.deepEqual(rewrapKeys(world.keys.state, world.root), []);
  await world.keys.commit((state) => rewrapKeys(state, both));
  assert.deepEqual(rewrapKeys(world.keys.state, both), []);
  const alone = new KeyCipher(rootKeyOf([fresh], world.random), world.random);
  for (const [index, key] of keys.entries()) {
    assert.deepEqual(alone.decrypt(world.now(key), ciphertexts[index]!, context), words);
  }
  assert.throws(
    () => rewrapKeys(world.keys.state, world.root),
    (error) => error instanceof KeyError,
  );
});

function codeOf(error: unknown): string {
  return error instanceof KeyError ? error.code : String(error);
}

test('streams are told by a code why a key is not to be had', async () => {
  const world = await KmsKeys.open();
  const service = new LocalKeys(world);
  const key = await world.createKey();
  const arn = formatKeyArn(key);
  const made = await service.generateDataKey(arn, context);
  assert.deepEqual(await service.decrypt(made.wrapped, context), { arn, secret: made.secret });
  const code = (work: Promise<unknown>) => work.then(() => 'had', codeOf);
  assert.equal(await code(service.decrypt(made.wrapped, {})), 'denied');
  assert.equal(await code(service.decrypt(Buffer.from('no wrapping'), context)), 'denied');
  const troubles = [
    ['disabled', { status: 'Disabled' }],
    ['pending deletion', { status: 'PendingDeletion', deletionAt: 5 }],
    ['had', { status: 'Enabled', deletionAt: null }],
  ] as const;
  for (const [expected, settings] of troubles) {
    await world.keys.commit(() => [{ kind: 'key-changed', id: key.id, settings }]);
    assert.equal(await code(service.generateDataKey(arn, context)), expected);
    assert.equal(await code(service.decrypt(made.wrapped, context)), expected);
    assert.deepEqual(await service.describe(key.id, scope), { arn, isEnabled: expected === 'had' });
  }
  await world.keys.commit(() => [{ kind: 'key-deleted', id: key.id }]);
  assert.equal(await code(service.generateDataKey(arn, context)), 'missing');
  assert.equal(await code(service.decrypt(made.wrapped, context)), 'missing');
  assert.equal(await code(service.describe(key.id, scope)), 'missing');
});

test("Kinesis's own key is made once, by the owner, for each account in each region", async () => {
  const world = await KmsKeys.open();
  const worker = new LocalKeys(world);
  await assert.rejects(worker.describe('alias/aws/kinesis', scope), (error) => codeOf(error) === 'missing');
  const owner = new LocalKeys({ ...world, makeKinesisKey: (asked) => kinesisKey(world, asked) });
  const both = await Promise.all([1, 2].map(() => owner.describe('alias/aws/kinesis', scope)));
  assert.deepEqual(both[0], both[1]);
  assert.deepEqual(await worker.describe('alias/aws/kinesis', scope), both[0]);
  const other = await owner.describe('alias/aws/kinesis', { ...scope, region: 'us-east-1' });
  assert.notEqual(other.arn, both[0]!.arn);
  assert.equal(world.keys.state.keys.size, 2);
});

test('the tick rotates what is enabled, deletes what is due, and says when there is more to do', async () => {
  const world = await KmsKeys.open();
  const tick = keysTick(world);
  assert.equal(await tick(), undefined);
  const now = world.clock.now();
  const rotation = { periodDays: 90, nextAt: now + 90 * dayMs };
  const [rotated, disabled] = [await world.createKey({ rotation }), await world.createKey({ rotation })];
  await world.keys.commit(() => [{ kind: 'key-changed', id: disabled.id, settings: { status: 'Disabled' } }]);
  const doomed = await world.createKey({ status: 'PendingDeletion', deletionAt: now + 7 * dayMs });
  assert.equal(await tick(), 7 * dayMs);
  world.clock.jump(7 * dayMs - 1);
  assert.equal(await tick(), 1);
  assert.ok(world.now(doomed));
  world.clock.jump(1);
  assert.equal(await tick(), 83 * dayMs);
  assert.equal(world.now(doomed), undefined);
  world.clock.jump(200 * dayMs);
  assert.equal(await tick(), 90 * dayMs);
  assert.deepEqual([world.now(rotated).versions.length, world.now(disabled).versions.length], [2, 1]);
  await world.keys.commit(() => [{ kind: 'key-changed', id: disabled.id, settings: { status: 'Enabled' } }]);
  await tick();
  assert.equal(world.now(disabled).versions.length, 2);
});
