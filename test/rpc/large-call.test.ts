import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openCatalog } from '../../src/catalog/catalog.ts';
import type { Logger } from '../../src/env/logger.ts';
import { openMemoryLog } from '../../src/log/memory/memory-log.ts';
import { createDispatch, type Forward } from '../../src/rpc/dispatch.ts';
import type { LargeBodies } from '../../src/rpc/large-body.ts';
import { defaultOptions } from '../../src/server/options.ts';
import { serviceOn } from '../../src/services/kinesis/service-on.ts';
import { Load } from '../../src/stream/load.ts';
import { ServiceError } from '../../src/wire/service-error.ts';
import { TestRandom } from '../log/world.ts';
import { authorization, jsonType } from '../services/kinesis/harness.ts';
import { ManualClock } from '../services/kinesis/manual-clock.ts';

const caller = { account: '000000000000', region: 'us-east-1', user: 'u' };
const body = '{}'.padEnd(3_000_000);

/** Reads what no test has it read, and keeps account of what it was asked. */
class Bodies implements LargeBodies {
  readonly asked: string[] = [];
  readonly memory = new ArrayBuffer(8);

  async hash(bytes: Buffer) {
    this.asked.push('hash');
    return { body: bytes, sha256: 'the hash' };
  }

  async read() {
    this.asked.push('read');
    return { input: {}, memory: [this.memory] };
  }
}

/** Sends a large ListStreams to a dispatcher, and tells how it was answered and what was logged. */
async function listStreams(
  bodies: LargeBodies,
  authenticate: (sha256: string | undefined) => void = () => {},
  forward: Forward = () => undefined,
) {
  const clock = new ManualClock();
  const random = new TestRandom(1);
  const logged: unknown[] = [];
  const silent = () => {};
  const error: Logger['error'] = (message, fields) => logged.push([message, String(fields?.error)]);
  const log = openMemoryLog(clock);
  const service = serviceOn(
    defaultOptions,
    { clock, random, logger: { debug: silent, info: silent, warn: silent, error } },
    {
      log,
      catalog: await openCatalog(await log.open({ stream: 'catalog', shard: 0 })),
      load: new Load(),
      background: { nudge() {}, async stop() {} },
    },
  );
  const handle = createDispatch(
    service,
    (_request, _headers, _now, sha256) => {
      authenticate(sha256);
      return caller;
    },
    random,
    forward,
    bodies,
  );
  const headers = ['Host', 'localhost', 'Authorization', authorization, 'Content-Type', jsonType];
  const rawHeaders = [...headers, 'X-Amz-Target', 'Kinesis_20131202.ListStreams'];
  const answer = await handle({ method: 'POST', target: '/', rawHeaders, body: Buffer.from(body) });
  return { status: answer.status, body: String(answer.body), logged };
}

test('the signature over a large body is verified by the hash that was made of it', async () => {
  const hashes: unknown[] = [];
  const { status } = await listStreams(new Bodies(), (sha256) => hashes.push(sha256));
  assert.equal(status, 200);
  assert.deepEqual(hashes, ['the hash']);
});

test('a large body is not read before its signature is verified', async () => {
  const bodies = new Bodies();
  const { status, body } = await listStreams(bodies, () => {
    throw new ServiceError('InvalidSignatureException', 'wrong');
  });
  assert.equal(status, 400);
  assert.equal(JSON.parse(body).__type, 'InvalidSignatureException');
  assert.deepEqual(bodies.asked, ['hash']);
});

test('what holds the blobs of a large body is given back with the answer', async () => {
  const bodies = new Bodies();
  await listStreams(bodies);
  assert.deepEqual(bodies.asked, ['hash', 'read']);
  assert.ok(bodies.memory.detached);
});

test('a large call that another thread answers goes there with the body that came back', async () => {
  const bodies = new Bodies();
  const { body: answer } = await listStreams(
    bodies,
    () => {},
    async (_operation, request) => ({ status: 200, headers: {}, body: `${request.body.length} bytes` }),
  );
  assert.equal(answer, '3000000 bytes');
  assert.deepEqual(bodies.asked, ['hash']);
});

test('a large call whose reader ends is an InternalFailure, and is logged', async () => {
  const lost: LargeBodies = {
    hash: () => Promise.reject(new Error('it ended')),
    read: () => Promise.reject(new Error('it ended')),
  };
  const half = Object.assign(new Bodies(), { read: lost.read });
  for (const bodies of [lost, half]) {
    const { status, body, logged } = await listStreams(bodies);
    assert.equal(status, 500);
    assert.equal(JSON.parse(body).__type, 'InternalFailure');
    assert.deepEqual(logged, [['an operation failed', 'Error: it ended']]);
  }
});
