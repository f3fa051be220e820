import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { suite, test } from 'node:test';
import * as library from '@platformatic/kafka';
import { type Kafka, KafkaConnectionError } from '../../src/env/kafka.ts';
import { openPlatformaticKafka } from '../../src/env/platformatic-kafka.ts';
import { producedAt } from './platformatic/said.ts';
import { ScriptedBroker } from './scripted-broker.ts';

const recent = [
  { key: 0, first: 3, last: 13 },
  { key: 1, first: 4, last: 18 },
  { key: 3, first: 0, last: 8 },
];

function open(limits = { workMsMax: 60_000, wayMsMax: 60_000 }): Promise<Kafka> {
  return openPlatformaticKafka({ clientId: 'test', tls: undefined, sasl: undefined }, limits);
}

suite('a connection to a broker', () => {
  test('an answer that comes too late ends the connection, and is nobody else’s', async () => {
    const late = Promise.withResolvers<Buffer>();
    let asked = 0;
    await using broker = await ScriptedBroker.start(recent, () => {
      asked += 1;
      return asked === 1 ? late.promise : undefined;
    });
    const connection = await (await open({ workMsMax: 0, wayMsMax: 50 })).connect(broker.address);
    const first = connection.metadata([]);
    const second = connection.produce({ timeoutMs: 60_000, batches: [] });
    await assert.rejects(first, { name: 'KafkaConnectionError', message: 'no answer within 50 ms' });
    late.resolve(metadata);
    await assert.rejects(second, { name: 'KafkaConnectionError', message: 'no answer within 50 ms' });
    await connection.closed;
    await assert.rejects(connection.metadata([]), KafkaConnectionError);
  });

  test('an answer that is cut off is none, and the connection is over', async () => {
    await using broker = await ScriptedBroker.start(recent, ({ version }) =>
      producedAt(version, 7).subarray(0, -8),
    );
    const connection = await (await open()).connect(broker.address);
    await assert.rejects(connection.produce({ timeoutMs: 1, batches: [] }), /cannot be read/);
    await connection.closed;
  });

  test('a broker that hangs up has every request fail', async () => {
    await using broker = await ScriptedBroker.start(recent, () => Promise.reject(new Error('hangs up')));
    const connection = await (await open()).connect(broker.address);
    const asked = [connection.metadata([]), connection.metadata([])];
    for (const each of asked) await assert.rejects(each, KafkaConnectionError);
    await connection.closed;
  });

  test('versions are the newest that both know, and a broker that knows none is refused', async () => {
    const heard: number[] = [];
    const old = [
      { key: 0, first: 0, last: 7 },
      { key: 1, first: 4, last: 11 },
    ];
    await using broker = await ScriptedBroker.start(old, ({ version }) => {
      heard.push(version);
      return producedAt(version, 7);
    });
    const connection = await (await open()).connect(broker.address);
    const [said] = await connection.produce({ timeoutMs: 1, batches: [] });
    assert.deepEqual([heard, said?.first], [[7], 7]);
    await assert.rejects(connection.metadata([]), { name: 'KafkaError', code: 35 });
    connection.close();
    await using older = await ScriptedBroker.start([{ key: 0, first: 0, last: 6 }], () => undefined);
    await assert.rejects((await open()).connect(older.address), {
      name: 'KafkaError',
      message: 'the broker speaks API 0 in versions 0 to 6, Millrace in versions 7 to 11',
    });
  });
});

/** Metadata of version 8 that says nothing: no brokers, no topics. */
const metadata = library.Writer.create()
  .appendInt32(0)
  .appendInt32(0)
  .appendString('cluster', false)
  .appendInt32(1)
  .appendInt32(0)
  .appendInt32(0).buffer;

test('where the client of Kafka is not installed, one line says how it is', () => {
  const missing = `import { registerHooks } from 'node:module';
    registerHooks({ resolve(name, context, next) {
      if (name !== '@platformatic/kafka') return next(name, context);
      throw Object.assign(new Error('Cannot find package'), { code: 'ERR_MODULE_NOT_FOUND' });
    } });`;
  const opens = `import { openPlatformaticKafka } from './src/env/platformatic-kafka.ts';
    await openPlatformaticKafka({ clientId: 'test', tls: undefined, sasl: undefined })
      .catch((error) => console.log(error.constructor.name + ': ' + error.message));`;
  const hook = `data:text/javascript,${encodeURIComponent(missing)}`;
  const words = ['--import', hook, '--input-type=module-typescript', '--eval', opens];
  const said = execFileSync(process.execPath, words, { encoding: 'utf8' });
  const line = 'StartError: the client of Kafka is not installed: npm install @platformatic/kafka@2.12.1\n';
  assert.equal(said, line);
});
