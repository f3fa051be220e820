import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HttpDestination } from '../../../src/delivery/delivery-spec.ts';
import type { ClientSend } from '../../../src/env/http-client.ts';
import { DeliveryTestWorld, linesOf, targetOf } from './delivery-test-world.ts';

const destination: HttpDestination = {
  kind: 'http',
  url: 'http://endpoint.test/',
  accessKey: undefined,
  attributes: [],
  isGzip: false,
  retryMs: 30_000,
};

/** A world whose records go to an endpoint, which answers a status; undefined for no answer. */
async function worldOf(changes: Partial<HttpDestination>, statusOf: (nth: number) => number | undefined) {
  const world = await DeliveryTestWorld.with({
    destination: { ...destination, ...changes },
    errors: targetOf('errors', 'failed/!{firehose:error-output-type}/'),
    backup: targetOf('backup'),
  });
  const sent: { id: string; lines: string[]; status: number | undefined }[] = [];
  world.client = {
    send: async ({ headers, body }: ClientSend) => {
      const status = statusOf(sent.length);
      const { requestId, records } = JSON.parse(String(body));
      assert.equal(headers['x-amz-firehose-request-id'], requestId);
      const lines = records.map(({ data }: { data: string }) => String(Buffer.from(data, 'base64')));
      sent.push({ id: requestId, lines, status });
      if (status === undefined) throw Object.assign(new Error('reset'), { code: 'ECONNRESET' });
      const said = Buffer.from(JSON.stringify({ requestId, timestamp: 1 }));
      return { status, headers: { 'content-type': 'application/json' }, body: said };
    },
  };
  return { world, sent };
}

const lines = Array.from({ length: 12 }, (_, nth) => `line number ${nth + 10}`);

test('records go to an endpoint, and besides into the backup', async () => {
  const { world, sent } = await worldOf({}, () => 200);
  world.start();
  await world.put(0, ...lines);
  await world.until(() => world.progress?.doneAt !== undefined);
  assert.deepEqual(
    sent.flatMap((each) => each.lines),
    lines,
  );
  assert.deepEqual(
    world.namesIn('backup').map((name) => String(world.store.objects.get(name))),
    [lines.join('')],
  );
  assert.deepEqual(world.namesIn('errors'), []);
  assert.equal(world.counts.get('DeliveryToHttpEndpoint.Records'), 12);
  await world.stop();
});

test('records that an endpoint does not take are in an object of errors, and the source goes on', async () => {
  const { world, sent } = await worldOf({ retryMs: 5_000 }, (nth) => (nth < 100 ? 503 : 200));
  world.start();
  await world.put(0, ...lines);
  await world.until(() => world.progress?.doneAt !== undefined);
  assert.ok(sent.length > 2);
  assert.equal(new Set(sent.map(({ id }) => id)).size, 1);
  const [name, ...others] = world.namesIn('errors');
  assert.deepEqual(others, []);
  assert.match(name!, /^errors\/failed\/http-endpoint-failed\//);
  const records = linesOf(world.store.objects.get(name!)!).map((line) => JSON.parse(line));
  assert.deepEqual(
    records.map(({ rawData }) => String(Buffer.from(rawData, 'base64'))),
    lines,
  );
  for (const { errorCode, attemptsMade } of records) {
    assert.deepEqual([errorCode, attemptsMade], ['HttpEndpoint.DestinationException', sent.length]);
  }
  assert.equal(world.counts.get('DeliveryToHttpEndpoint.Records'), 0);
  assert.equal(world.sight.refused, 12);
  await world.stop();
});

test('a request that was under way when the server was killed is sent again, under its id, and errors are not kept twice', async () => {
  for (const lateStatus of [200, 413]) {
    let status = 413;
    const { world, sent } = await worldOf({}, (nth) => {
      // The errors are stored, and then it is killed.
      if (nth === 0) world.crashAt('put', 'after');
      return status;
    });
    await world.put(0, ...lines);
    world.start();
    await world.until(() => !world.isRunning);
    assert.equal(world.namesIn('errors').length, 1);
    world.crash();
    status = lateStatus;
    world.start();
    await world.until(() => world.progress?.doneAt !== undefined);
    assert.equal(new Set(sent.map(({ id }) => id)).size, 1);
    const errors = world.namesIn('errors').map((name) => linesOf(world.store.objects.get(name)!).length);
    assert.deepEqual(errors, lateStatus === 200 ? [] : [12]);
    assert.equal(world.namesIn('backup').length, 1);
    await world.stop();
  }
});

test('an endpoint that goes on failing does not keep a delivery from being stopped', async () => {
  const { world, sent } = await worldOf({ retryMs: 7_200_000 }, () => undefined);
  world.start();
  await world.put(0, ...lines);
  await world.until(() => sent.length > 3);
  assert.equal(world.sight.state, 'failing');
  assert.match(world.sight.reason!, /^HttpEndpoint.ConnectionReset: /);
  world.place(false);
  const before = sent.length;
  await world.until(() => world.sight.state !== 'failing');
  await world.pass(600_000);
  assert.ok(sent.length <= before + 1);
  await world.stop();
});
