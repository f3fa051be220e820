import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Caller } from '../../../../src/access/caller.ts';
import type { KeyService } from '../../../../src/access/keys/key-service.ts';
import { type Access, contextOf } from '../../../../src/access/policy/access.ts';
import type { EncryptingKey } from '../../../../src/log/data-keys.ts';
import { KeyQueue } from '../../../../src/log/key-queue.ts';
import { KeyError } from '../../../../src/log/log.ts';
import { KeyUse } from '../../../../src/services/kinesis/parts/key-use.ts';
import type { RoutedPut } from '../../../../src/stream/routed-put.ts';
import { ServiceError } from '../../../../src/wire/service-error.ts';
import { sampleStream } from '../../../kinesis/sample.ts';
import { TestKeys } from '../../../log/test-keys.ts';
import { noKeys } from '../no-keys.ts';

const caller: Caller = {
  account: '000000000000',
  region: 'us-east-1',
  arn: 'arn:aws:iam::000000000000:user/ada',
  userId: 'AIDAEXAMPLE',
  accessKeyId: 'AKIDEXAMPLE',
  principal: { kind: 'user', id: 'AIDAEXAMPLE', name: 'ada' },
};
const stream = { ...sampleStream(1), encryptionKey: 'alias/mine' };
/** 60 bytes of records on their way to a shard. */
const put = {
  parts: [
    { ...{ shard: stream.shards[0]!, count: 1, bytes: 60 }, batch: undefined, outcome: { kind: 'waiting' } },
  ],
} satisfies Pick<RoutedPut, 'parts'>;
const facts = { policy: '{}', tags: [], isPolicyRequired: true };

/** A caller who may do only what is allowed, and what was asked for. */
async function worldOf(allowed: string, trouble?: KeyError) {
  const keys = new TestKeys();
  keys.renew();
  const current = (await keys.current())!;
  const asked: Access[] = [];
  const authorizer = {
    needsFacts: () => true,
    authorize(access: Access) {
      asked.push(access);
      if (access.action !== allowed) throw new ServiceError('AccessDeniedException', 'User: ada may not.');
    },
  };
  const service: KeyService = { ...noKeys.keyService, troubleOf: () => trouble };
  const useOf = (answer: EncryptingKey | Promise<EncryptingKey>) =>
    new KeyUse({
      keys: { current: () => answer, open: (wrapping) => keys.open(wrapping) },
      ...{ service, authorizer, factsOfKey: () => facts, queue: new KeyQueue(100) },
    });
  return { current, asked, useOf, arn: keys.arn };
}

const denied = { type: 'KMSAccessDeniedException', message: 'User: ada may not.' };

test('to put, a caller needs kms:GenerateDataKey on the key of the stream, as Kinesis asks for it', async () => {
  const { useOf, current, asked, arn } = await worldOf('kms:GenerateDataKey');
  assert.equal(useOf(current).requireToWrite(caller, stream, put), undefined);
  await useOf(Promise.resolve(current)).requireToWrite(caller, stream, put);
  const [first] = asked;
  assert.deepEqual([first!.action, first!.resource, first!.facts], ['kms:GenerateDataKey', arn, facts]);
  assert.deepEqual(Object.fromEntries(contextOf(first!)!), {
    'aws:viaawsservice': ['true'],
    'kms:viaservice': [`kinesis.${stream.region}.amazonaws.com`],
    'kms:calleraccount': ['000000000000'],
    'kms:encryptioncontext:aws:kinesis:arn': [
      `arn:aws:kinesis:${stream.region}:${stream.account}:stream/${stream.name}`,
    ],
    'kms:encryptioncontextkeys': ['aws:kinesis:arn'],
  });
  assert.throws(() => useOf(current).requireToRead(caller, stream, [arn]), denied);
});

test('to get, a caller needs kms:Decrypt on each key that records are stored under', async () => {
  const { useOf, current, asked, arn } = await worldOf('kms:Decrypt');
  useOf(current).requireToRead(caller, stream, [arn, 'arn:aws:kms:us-east-1:000000000000:key/older']);
  assert.equal(asked.length, 2);
  useOf(current).requireToRead(caller, stream, []);
  assert.equal(asked.length, 2);
  assert.throws(() => useOf(current).requireToWrite(caller, stream, put), denied);
  await assert.rejects(
    async () => useOf(Promise.resolve(current)).requireToWrite(caller, stream, put),
    denied,
  );
});

test('a key that is not to be had is refused in its own words, whoever asks', async () => {
  const trouble = new KeyError('It is disabled.', 'disabled');
  const { useOf, current, arn } = await worldOf('kms:Decrypt', trouble);
  const disabled = { type: 'KMSDisabledException', message: 'It is disabled.' };
  assert.throws(() => useOf(current).requireToRead(caller, stream, [arn]), disabled);
  await assert.rejects(
    async () => useOf(Promise.reject(trouble)).requireToWrite(caller, stream, put),
    disabled,
  );
});

test('for a stream that is not encrypted nothing is asked', async () => {
  const { useOf, current, asked } = await worldOf('nothing');
  assert.equal(useOf(current).requireToWrite(caller, { ...stream, encryptionKey: null }, put), undefined);
  assert.deepEqual(asked, []);
});

test('too many puts that wait for a key are told to come later', async () => {
  const { useOf, current } = await worldOf('kms:GenerateDataKey');
  const hanging = Promise.withResolvers<EncryptingKey>();
  const use = useOf(hanging.promise);
  const waiting = [1, 2].map(() => use.requireToWrite(caller, stream, put));
  await assert.rejects(async () => use.requireToWrite(caller, stream, put), {
    type: 'KMSThrottlingException',
  });
  hanging.resolve(current);
  await Promise.all(waiting);
});
