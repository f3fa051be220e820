import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import type { HttpDestination } from '../../../src/delivery/delivery-spec.ts';
import {
  HttpEndpoint,
  type HttpOutcome,
  requestIdOf,
} from '../../../src/delivery/destination/http-endpoint.ts';
import { failedLines } from '../../../src/delivery/destination/http-failures.ts';
import { HttpRecords } from '../../../src/delivery/destination/http-records.ts';
import type { DeliveredRecord } from '../../../src/delivery/record/delivered-record.ts';
import {
  AnswerTooLongError,
  type ClientAnswer,
  type ClientSend,
  type HttpClient,
} from '../../../src/env/http-client.ts';
import { createHttpClient } from '../../../src/http/client.ts';
import { TestRandom } from '../../log/world.ts';
import { hurriedClock } from '../../objects/hurried-clock.ts';

const owner = {
  kind: 'firehose',
  account: '111122223333',
  region: 'eu-west-1',
  name: 'n',
  arn: 'arn:aws:firehose:eu-west-1:111122223333:deliverystream/n',
  number: '1',
} as const;

const plain: HttpDestination = {
  kind: 'http',
  url: 'https://endpoint.test/in?a=b',
  accessKey: 'sesame',
  attributes: [
    ['zone', 'süd'],
    ['team', 'a"b'],
  ],
  isGzip: false,
  retryMs: 300_000,
};

/** What an endpoint answers, one after the other; the last one again and again. */
type Fate = 'ok' | Partial<ClientAnswer> | Error | 'silence';

function world(...fates: readonly Fate[]) {
  const sent: ClientSend[] = [];
  const clock = hurriedClock();
  const client: HttpClient = {
    async send(request, signal) {
      sent.push(request);
      const fate = fates[Math.min(sent.length, fates.length) - 1]!;
      if (fate instanceof Error) throw fate;
      if (fate === 'silence') {
        return await new Promise((_, reject) => {
          signal!.addEventListener('abort', () => reject(signal!.reason));
        });
      }
      return { ...okTo(request), ...(fate === 'ok' ? {} : fate) };
    },
  };
  return { sent, clock, client, random: new TestRandom(1) };
}

function okTo({ headers }: ClientSend): ClientAnswer {
  const said = { requestId: headers['x-amz-firehose-request-id'], timestamp: 1 };
  return {
    status: 200,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: Buffer.from(JSON.stringify(said)),
  };
}

function recordsOf(...texts: readonly string[]): DeliveredRecord[] {
  return texts.map((text, index) => ({
    data: Buffer.from(text),
    arrival: 1000 + index,
    from: { shard: 0, offset: index, partitionKey: 'k', sequenceNumber: `${index}` },
  }));
}

async function deliveryOf(...texts: readonly string[]) {
  const records = new HttpRecords();
  // In two pieces, as they come.
  await records.add(recordsOf(...texts).slice(0, 1));
  await records.add(recordsOf(...texts).slice(1));
  return { requestId: requestIdOf('ab', 0), at: 1_764_410_000_000, records: (await records.finish()).bytes };
}

const never = new AbortController().signal;

async function outcomeOf(destination: HttpDestination, ...fates: readonly Fate[]) {
  const around = world(...fates);
  const delivery = await deliveryOf('one', '', 'thr\u00e9e');
  const outcome = await new HttpEndpoint(around, destination, owner).send(delivery, never);
  return { outcome, ...around };
}

test("a request has Firehose's headers and its body, with the records in base64", async () => {
  const { outcome, sent } = await outcomeOf(plain, 'ok');
  assert.deepEqual(outcome, { kind: 'taken', attempts: 1 });
  const [{ method, url, headers, body }] = sent as [ClientSend];
  assert.deepEqual([method, url], ['POST', 'https://endpoint.test/in?a=b']);
  const requestId = requestIdOf('ab', 0);
  assert.match(requestId, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.deepEqual(headers, {
    'content-type': 'application/json',
    'user-agent': 'Amazon Kinesis Data Firehose Agent/1.0',
    'x-amz-firehose-protocol-version': '1.0',
    'x-amz-firehose-request-id': requestId,
    'x-amz-firehose-source-arn': owner.arn,
    'x-amz-firehose-access-key': 'sesame',
    'x-amz-firehose-common-attributes': '{"commonAttributes":{"zone":"s\\u00fcd","team":"a\\"b"}}',
  });
  const records = ['one', '', 'thr\u00e9e'].map((text) => ({ data: Buffer.from(text).toString('base64') }));
  const expected = { requestId, timestamp: 1_764_410_000_000, records };
  assert.deepEqual(JSON.parse(Buffer.from(body).toString()), expected);

  const bare = { ...plain, isGzip: true, accessKey: undefined, attributes: [] };
  const [packed] = (await outcomeOf(bare, 'ok')).sent as [ClientSend];
  assert.equal(packed.headers['content-encoding'], 'gzip');
  assert.equal('x-amz-firehose-access-key' in packed.headers, false);
  assert.equal('x-amz-firehose-common-attributes' in packed.headers, false);
  assert.deepEqual(JSON.parse(gunzipSync(packed.body).toString()), expected);
});

test('a request that fails is sent again, the same, until it is taken', async () => {
  const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
  const { outcome, sent, clock } = await outcomeOf(plain, { status: 503 }, refused, { status: 202 }, 'ok');
  assert.deepEqual(outcome, { kind: 'taken', attempts: 4 });
  assert.equal(new Set(sent.map(({ headers, body }) => JSON.stringify([headers, String(body)]))).size, 1);
  clock.pauses.forEach((pause, index) => {
    assert.ok(pause >= 500 * 2 ** index && pause <= 1000 * 2 ** index, `pause ${index} was ${pause}`);
  });
});

test('it is given up once the pauses were as long as the destination allows, and at once where that is of no use', async () => {
  const { outcome, clock, sent } = await outcomeOf({ ...plain, retryMs: 10_000 }, { status: 500 });
  assert.equal(
    clock.pauses.reduce((sum, pause) => sum + pause, 0),
    10_000,
  );
  assert.equal(outcome.kind, 'failed');
  assert.equal(outcome.attempts, sent.length);
  assert.equal((await outcomeOf({ ...plain, retryMs: 0 }, { status: 500 })).sent.length, 1);
  const large = await outcomeOf(plain, { status: 413, body: Buffer.from('Payload too large') });
  assert.equal(large.sent.length, 1);
  const message = 'The following response was received from the endpoint destination. 413: Payload too large';
  assert.deepEqual(large.outcome, {
    kind: 'failed',
    code: 'HttpEndpoint.DestinationException',
    message,
    attempts: 1,
    endedAt: large.clock.now(),
  });
});

test("each failure has AWS's code", async () => {
  const json = { 'content-type': 'application/json' };
  const coded = (code: string) => Object.assign(new Error(`it says ${code}`), { code });
  const failures: readonly (readonly [Fate, string, RegExp])[] = [
    [{ status: 204 }, 'DestinationException', /204: \{/],
    [{ headers: { 'content-type': 'text/html' } }, 'InvalidResponseFromDestination', /type is text\/html/],
    [{ headers: {} }, 'InvalidResponseFromDestination', /content type is missing/],
    [{ headers: { ...json, 'content-encoding': 'gzip' } }, 'InvalidResponseFromDestination', /encoding gzip/],
    [{ body: Buffer.from('<html>') }, 'InvalidResponseFromDestination', /no JSON object/],
    [{ body: Buffer.from('null') }, 'InvalidResponseFromDestination', /no JSON object/],
    [{ body: Buffer.from('{"requestId":"x","timestamp":1}') }, 'InvalidResponseFromDestination', /requestId/],
    [
      { body: Buffer.from(JSON.stringify({ requestId: requestIdOf('ab', 0), timestamp: '1' })) },
      'InvalidResponseFromDestination',
      /timestamp/,
    ],
    [new AnswerTooLongError('long'), 'ResponseTooLarge', /too large/],
    [coded('ECONNREFUSED'), 'ConnectionFailed', /it says ECONNREFUSED/],
    [coded('ENOTFOUND'), 'ConnectionFailed', /it says ENOTFOUND/],
    [coded('ECONNRESET'), 'ConnectionReset', /it says ECONNRESET/],
    [coded('DEPTH_ZERO_SELF_SIGNED_CERT'), 'SSLHandshakeFailure', /SSL handshake/],
  ];
  for (const [fate, code, message] of failures) {
    const { outcome } = await outcomeOf({ ...plain, retryMs: 0 }, fate);
    assert.ok(outcome.kind === 'failed');
    assert.equal(outcome.code, `HttpEndpoint.${code}`);
    assert.match(outcome.message, message);
  }
});

test('an endpoint has three minutes to answer, and none when it is not wanted any more', async () => {
  const around = world('silence');
  const patience: number[] = [];
  const clock = {
    ...around.clock,
    now: () => 5,
    sleep: async (delay: number) => void patience.push(delay),
  };
  const endpoint = new HttpEndpoint({ ...around, clock }, { ...plain, retryMs: 0 }, owner);
  const outcome = await endpoint.send(await deliveryOf('one'), never);
  assert.deepEqual(patience, [180_000]);
  assert.equal(outcome.kind === 'failed' && outcome.code, 'HttpEndpoint.RequestTimeout');

  const ended = new AbortController();
  const sending = new HttpEndpoint(world('silence'), plain, owner).send(
    await deliveryOf('one'),
    ended.signal,
  );
  const reason = new Error('the server ends');
  ended.abort(reason);
  await assert.rejects(sending, reason);
});

test("records that were not taken are lines of AWS's account of them", async () => {
  const records = new HttpRecords();
  await records.add(recordsOf('one', ''));
  await records.add(recordsOf('three'));
  const failure: Extract<HttpOutcome, { kind: 'failed' }> = {
    kind: 'failed',
    code: 'HttpEndpoint.RequestTimeout',
    message: 'late "again"',
    attempts: 3,
    endedAt: 9,
  };
  const pieces = [...failedLines(await records.finish(), failure)];
  assert.deepEqual(
    pieces.map(({ records: count }) => count),
    [2, 1],
  );
  const lines = Buffer.concat(pieces.map(({ lines }) => lines))
    .toString()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  const said = {
    attemptsMade: 3,
    errorCode: failure.code,
    errorMessage: failure.message,
    attemptEndingTimestamp: 9,
  };
  assert.deepEqual(lines, [
    { ...said, arrivalTimestamp: 1000, rawData: 'b25l' },
    { ...said, arrivalTimestamp: 1001, rawData: '' },
    { ...said, arrivalTimestamp: 1000, rawData: 'dGhyZWU=' },
  ]);
});

test('a request has at most what an endpoint has to take', async () => {
  const records = new HttpRecords();
  assert.equal(records.isFullFor(100 * 1024 * 1024), false);
  await records.add(recordsOf('one'));
  assert.equal(records.isFullFor(48 * 1024 * 1024 - 2048), false);
  assert.equal(records.isFullFor(48 * 1024 * 1024), true);
  assert.equal(records.rawBytes, 3);
});

test('over a network an endpoint is reached, or said to be gone', async () => {
  const server = createServer(async (request, response) => {
    const { requestId, records } = JSON.parse(await text(request));
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ requestId, timestamp: records.length }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const around = { clock: hurriedClock(), random: new TestRandom(1), client: createHttpClient() };
  const endpoint = new HttpEndpoint(around, { ...plain, url, retryMs: 0 }, owner);
  assert.equal((await endpoint.send(await deliveryOf('one', 'two'), never)).kind, 'taken');
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  const outcome = await endpoint.send(await deliveryOf('one'), never);
  assert.equal(outcome.kind === 'failed' && outcome.code, 'HttpEndpoint.ConnectionFailed');
});
