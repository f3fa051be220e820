import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readCommandLine } from '../../../src/cli/command-line.ts';
import { runDeliveryCommand } from '../../../src/cli/delivery/delivery.ts';
import type { DeliveryAnswer } from '../../../src/cli/delivery/delivery-answers.ts';
import { deliveryCommand } from '../../../src/cli/delivery/delivery-command.ts';
import type { DeliveryAction } from '../../../src/cli/delivery/delivery-request.ts';
import { callsOf } from '../../../src/cli/online-calls.ts';
import type { ClientSend } from '../../../src/env/http-client.ts';
import { ManualClock } from '../../services/kinesis/manual-clock.ts';
import { askedRequest } from '../asked-request.ts';

const bare = { variables: {}, readFile: () => Promise.reject(new Error('no such file')) };

const orders: DeliveryAnswer = {
  ...{ Id: 'firehose/0b2e', Kind: 'firehose', Name: 'orders', Arn: 'arn:orders', Destination: 's3' },
  ...{ State: 'failing', Reason: 'SlowDown: Please reduce\u001b[2J your rate.', FreshnessMillis: 90_500 },
  ...{ Records: 1234, Bytes: 5_600_000, Objects: 3, Refused: 2, BytesPerSecond: 2_340_000 },
  DoneAt: 1_700_000_000,
};
const toLake: DeliveryAnswer = {
  ...{ Id: 'channel/0c', Kind: 'channel', Name: 'to-lake', Arn: 'arn:to-lake', Destination: 'iceberg' },
  ...{
    State: 'running',
    FreshnessMillis: 0,
    Records: 0,
    Bytes: 0,
    Objects: 0,
    Refused: 0,
    BytesPerSecond: 0,
  },
};

/** The command at a server with these deliveries. */
async function run(action: DeliveryAction, json = false, all: readonly DeliveryAnswer[] = [orders, toLake]) {
  const targets: (string | undefined)[] = [];
  const send = async ({ headers }: ClientSend) => {
    targets.push(headers['x-amz-target']);
    return { status: 200, headers: {}, body: Buffer.from(JSON.stringify({ Deliveries: all })) };
  };
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
  const online = { endpoint: 'http://localhost:1', credentials, region: 'us-east-1', ca: undefined };
  const calls = callsOf(online, { send }, new ManualClock(1));
  const said: string[] = [];
  await runDeliveryCommand(action, { calls, json, say: (text) => void said.push(text) });
  assert.deepEqual(targets, ['Firehose_20150804.ListDeliveries']);
  return said.join('');
}

function cells(text: string): string[][] {
  const lines = text.trimEnd().split('\n');
  return lines.map((line) => line.trim().split(/ {2,}/));
}

test('deliveries are listed with how fresh and how fast they are, and what holds them up', async () => {
  assert.deepEqual(cells(await run({ kind: 'list' })), [
    ['NAME', 'KIND', 'TO', 'STATE', 'FRESHNESS', 'MB/S', 'RECORDS', 'OBJECTS', 'REFUSED', 'REASON'],
    [
      ...['orders', 'firehose', 's3', 'failing', '91 s', '2.3', '1,234', '3', '2'],
      'SlowDown: Please reduce\\u001b[2J your rate.',
    ],
    ['to-lake', 'channel', 'iceberg', 'running', '0 s', '0.000', '0', '0', '0', '-'],
  ]);
  assert.equal(await run({ kind: 'list' }, false, []), 'There are no deliveries.\n');
  assert.deepEqual(JSON.parse(await run({ kind: 'list' }, true)), [orders, toLake]);
});

test('a delivery is shown by its id, the beginning of it, its ARN or its name', async () => {
  for (const delivery of ['orders', 'firehose/0b2e', 'firehose/0', 'arn:orders']) {
    const text = await run({ kind: 'show', delivery });
    assert.match(text, /^Last delivered +2023-11-14T22:13:20\.000Z$/m);
    assert.match(text, /^Rate +2\.3 MB\/s$/m);
  }
  assert.deepEqual(JSON.parse(await run({ kind: 'show', delivery: 'to-lake' }, true)), toLake);
  await assert.rejects(run({ kind: 'show', delivery: 'x' }), /there is no delivery x; see millrace delivery/);
  const twin = { ...toLake, Name: 'orders' };
  await assert.rejects(
    run({ kind: 'show', delivery: 'orders' }, false, [orders, twin]),
    /several deliveries are orders: name one of firehose\/0b2e, channel\/0c/,
  );
});

test('a command about deliveries says what is asked for; its help has examples', async () => {
  assert.deepEqual(await askedRequest('delivery show orders --json', deliveryCommand), {
    ...{ kind: 'show', delivery: 'orders', endpoint: undefined, profile: undefined, json: true },
  });
  for (const name of ['delivery', 'deliver']) {
    const help = await readCommandLine(['help', name], bare);
    assert.ok('show' in help);
    assert.equal(help.show.match(/^ {2}\$ millrace /gm)?.length, 2, name);
  }
  await assert.rejects(
    readCommandLine(['delivery'], bare),
    /^StartError: delivery needs a command; see --help$/,
  );
});
