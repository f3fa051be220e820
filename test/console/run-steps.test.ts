import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inTurn, type Step } from '../../console/code/request.ts';
import { type Progress, runSteps, type StepWorld } from '../../console/pages/stream/actions/run-steps.ts';
import * as requests from '../../console/pages/stream/stream-requests.ts';

const orders = { name: 'orders', arn: 'arn:aws:kinesis:us-east-1:000000000000:stream/orders' };

/** A stream that is UPDATING for two questions after each call. */
class UpdatingStream implements StepWorld {
  readonly heard: string[] = [];
  refused: string | undefined;
  #left = 0;

  async call({ operation }: { readonly operation: string }) {
    if (operation === this.refused) throw new Error(`${operation} is refused`);
    assert.equal(this.#left, 0, `${operation} while the stream is UPDATING`);
    this.heard.push(operation);
    this.#left = 2;
  }

  async statusOf() {
    if (this.heard.includes('DeleteStream') && this.#left === 0) return undefined;
    if (this.#left === 0) return 'ACTIVE';
    this.#left -= 1;
    return 'UPDATING';
  }

  async pause() {}
}

async function run(
  steps: readonly Step[],
  world = new UpdatingStream(),
  signal = new AbortController().signal,
) {
  const told: Progress[] = [];
  await runSteps(steps, orders.name, { world, tell: (progress) => told.push(progress), signal });
  return { heard: world.heard, told };
}

test('one change waits for the one before, and all for the stream to be ACTIVE', async () => {
  const changes = requests.changeMonitoring(orders, ['IncomingBytes'], ['OutgoingBytes']);
  const { heard, told } = await run(inTurn('orders', changes));
  assert.deepEqual(heard, ['EnableEnhancedMonitoring', 'DisableEnhancedMonitoring']);
  assert.deepEqual(told[0], { kind: 'calling', step: 1, of: 2, operation: 'EnableEnhancedMonitoring' });
  assert.equal(told.filter(({ kind }) => kind === 'waiting').length, 4);
});

test('a deleted stream is waited for until it is gone', async () => {
  const { heard } = await run(requests.deleteStream(orders, true));
  assert.deepEqual(heard, ['DeleteStream']);
});

test('what is refused ends it, with what was done before', async () => {
  const world = new UpdatingStream();
  world.refused = 'StartStreamEncryption';
  const steps = inTurn('orders', [
    ...requests.changeRetention(orders, 24, 48),
    ...requests.changeEncryption(orders, undefined, 'alias/aws/kinesis'),
  ]);
  await assert.rejects(run(steps, world), /StartStreamEncryption is refused/);
  assert.deepEqual(world.heard, ['IncreaseStreamRetentionPeriod']);
});

test('who goes away has all calls made, and the end not waited for', async () => {
  const ended = new AbortController();
  ended.abort();
  const changes = requests.changeMonitoring(orders, ['IncomingBytes'], ['OutgoingBytes']);
  const { heard, told } = await run(inTurn('orders', changes), new UpdatingStream(), ended.signal);
  assert.deepEqual(heard, ['EnableEnhancedMonitoring', 'DisableEnhancedMonitoring']);
  assert.equal(told.at(-1)!.kind, 'calling');
});

test('changes ask only for what is not so yet', () => {
  assert.deepEqual(requests.changeRetention(orders, 24, 24), []);
  assert.equal(requests.changeRetention(orders, 48, 24)[0]!.operation, 'DecreaseStreamRetentionPeriod');
  assert.deepEqual(requests.changeEncryption(orders, 'k', 'k'), []);
  const stop = requests.changeEncryption(orders, 'k', undefined)[0]!;
  assert.deepEqual(stop.input, { StreamName: 'orders', EncryptionType: 'KMS', KeyId: 'k' });
  assert.deepEqual(
    requests.changeTags(orders, { team: 'a', old: '', same: 'x' }, { team: 'b', constructor: '', same: 'x' }),
    [
      requests.kinesis('UntagResource', { ResourceARN: orders.arn, TagKeys: ['old'] }),
      requests.kinesis('TagResource', { ResourceARN: orders.arn, Tags: { team: 'b', constructor: '' } }),
    ],
  );
  assert.equal(requests.changePolicy(orders, ' \n')[0]!.operation, 'DeleteResourcePolicy');
  assert.deepEqual(requests.deleteStream(orders, false)[0]!.input, { StreamName: 'orders' });
});
