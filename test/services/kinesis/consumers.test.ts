import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Answer, Harness } from './harness.ts';

const StreamARN = 'arn:aws:kinesis:us-east-1:000000000000:stream/s';

async function startLimited(): Promise<Harness> {
  const server = await Harness.start({ limits: 'aws' });
  await server.createStream('s');
  return server;
}

/** Registers a consumer and waits until it is ACTIVE, and more of them may be. */
async function register(server: Harness, ConsumerName: string): Promise<Answer> {
  const answer = await server.answer('RegisterStreamConsumer', { StreamARN, ConsumerName });
  await server.clock.advance(200);
  return answer;
}

async function registerMany(server: Harness, from: number, to: number): Promise<void> {
  for (let nth = from; nth < to; nth++) assert.equal((await register(server, `c${nth}`)).status, 200);
}

function refused(max: number): Answer {
  const message =
    'This request would exceed the limit on the number of consumers of stream s under account 000000000000. ' +
    `Limit: ${max}, of which 5 may be in CREATING.`;
  return { status: 400, body: { __type: 'LimitExceededException', message } };
}

test('a stream has 20 consumers, and another one once one has gone', async () => {
  await using server = await startLimited();
  await registerMany(server, 0, 20);
  assert.deepEqual(await register(server, 'more'), refused(20));
  await server.call('DeregisterStreamConsumer', { StreamARN, ConsumerName: 'c7' });
  await server.clock.advance(200);
  assert.equal((await register(server, 'more')).status, 200);
});

test('with the commitment to a minimum of throughput it has 50', async () => {
  await using server = await startLimited();
  await registerMany(server, 0, 20);
  await server.call('UpdateAccountSettings', { MinimumThroughputBillingCommitment: { Status: 'ENABLED' } });
  await registerMany(server, 20, 50);
  assert.deepEqual(await register(server, 'more'), refused(50));
});

test('other streams have consumers of their own', async () => {
  await using server = await startLimited();
  await server.createStream('t');
  await registerMany(server, 0, 20);
  const other = { StreamARN: StreamARN.replace(/s$/, 't'), ConsumerName: 'c0' };
  assert.equal((await server.answer('RegisterStreamConsumer', other)).status, 200);
});

test('encryption starts and stops 25 times in 24 hours', async () => {
  await using server = await startLimited();
  const change = async (name: string) => {
    const { status } = await server.answer(name, {
      StreamARN,
      EncryptionType: 'KMS',
      KeyId: 'alias/aws/kinesis',
    });
    await server.clock.advance(1000);
    return status;
  };
  for (let nth = 0; nth < 25; nth++) {
    assert.equal(await change(nth % 2 === 0 ? 'StartStreamEncryption' : 'StopStreamEncryption'), 200);
  }
  assert.equal(await change('StopStreamEncryption'), 400);
  await server.clock.advance(24 * 3_600_000 - 26_000);
  assert.equal(await change('StopStreamEncryption'), 200);
  assert.equal(await change('StartStreamEncryption'), 200, 'one more for each that is a day old');
});
