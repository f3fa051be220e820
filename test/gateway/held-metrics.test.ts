import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Duty, Member } from '../../src/cluster/members.ts';
import { HeldMetrics } from '../../src/gateway/held-metrics.ts';
import type { Datum } from '../../src/services/cloudwatch/metrics/metrics.ts';
import { sampleOf } from '../../src/services/cloudwatch/metrics/sample.ts';

const holder: Member = { id: 'holder', address: 'holder:1', rack: '' };

function duty(isOurs: boolean, held: Member | undefined = holder): Duty {
  return { isOurs: () => isOurs, holder: () => held, number: 1, changed: async () => {} };
}

/** Metrics that are only noted. */
function noted() {
  const data: Datum[] = [];
  const store = async () => ({
    async put(more: readonly Datum[]) {
      data.push(...more);
    },
  });
  return { data, store };
}

function datum(name: string, values: readonly number[]): Datum {
  const dimensions = [{ name: 'FunctionName', value: 'hook' }];
  const metric = { account: '000000000000', region: 'us-east-1', namespace: 'AWS/Lambda', name, dimensions };
  const counts = values.map(() => 1);
  return { metric, unit: 'Count', time: 1_700_000_040_000, sample: sampleOf(values, counts)! };
}

const noPeers = () => assert.fail('nobody is asked');

test('metrics of a gateway that keeps them are put where they are', async () => {
  const { data, store } = noted();
  const counted = [datum('Invocations', [1, 1])];
  await new HeldMetrics(duty(true), noPeers, store).put(counted);
  assert.deepEqual(data, counted);
});

test('metrics of other gateways come to the one that keeps them, as they were counted', async () => {
  const { data, store } = noted();
  const keeper = new HeldMetrics(duty(true), noPeers, store);
  const messages: number[] = [];
  const sendTo = (member: Member) => {
    assert.equal(member, holder);
    return async (bytes: Uint8Array) => {
      messages.push(bytes.length);
      await keeper.putEncoded(bytes);
    };
  };
  const none = async () => assert.fail('this gateway keeps none');
  const counted = Array.from({ length: 600 }, (_, index) => datum(`Metric${index}`, [index, index + 1]));
  await new HeldMetrics(duty(false), sendTo, none).put(counted);
  assert.deepEqual(data, counted);
  assert.equal(messages.length, 2);
});

test('metrics are refused while it is not known who keeps them', async () => {
  const { data, store } = noted();
  const nowhere = () => undefined;
  const counted = [datum('Invocations', [1])];
  const unavailable = { name: 'UnavailableError' };
  await assert.rejects(new HeldMetrics(duty(false), nowhere, store).put(counted), unavailable);
  await assert.rejects(new HeldMetrics(duty(false), nowhere, store).putEncoded(Buffer.of(1)), unavailable);
  assert.deepEqual(data, []);
});
