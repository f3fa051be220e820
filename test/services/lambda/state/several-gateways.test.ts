import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { test } from 'node:test';
import { silentLogger } from '../../../../src/env/logger.ts';
import { openTopicEngine } from '../../../../src/log/kafka/topic-engine.ts';
import { TopicGuard } from '../../../../src/log/kafka/topic-guard.ts';
import { openCodeStore, unneededMs } from '../../../../src/services/lambda/code/stored-code.ts';
import type { KeptPlace } from '../../../../src/services/lambda/failures/failure-store.ts';
import { openFailureStore } from '../../../../src/services/lambda/failures/logged-failures.ts';
import { editsOfFailure } from '../../../../src/services/lambda/state/lambda-edits.ts';
import { functionKeyOf } from '../../../../src/services/lambda/state/lambda-state.ts';
import { openLambdaJournal } from '../../../../src/services/lambda/state/open-lambda-journal.ts';
import { MemoryClient, MemoryKafka } from '../../../log/kafka/memory-client.ts';
import { TestClock, TestRandom } from '../../../log/world.ts';
import { ManualClock } from '../../kinesis/manual-clock.ts';
import { failureOf, functionOf, mappingOf } from './lambda-records.ts';

/** Two gateways on the same brokers, each with all that Lambda keeps. */
async function openTwo(opened: AsyncDisposableStack) {
  const time = new TestClock();
  const kafka = new MemoryKafka(time);
  const open = async (nth: number) => {
    const client = new MemoryClient(kafka);
    const guardWorld = { client, clock: new ManualClock(), logger: silentLogger };
    const guard = opened.use(new TopicGuard(guardWorld, { replicationMin: 3 }));
    const options = { prefix: 'millrace.test.services', replication: 3, writer: `g${nth}` };
    const engine = openTopicEngine({ client, clock: new ManualClock(), guard }, options);
    const world = { clock: time, random: new TestRandom(nth), logger: silentLogger };
    const journal = await openLambdaJournal(engine, { slackBytes: 1000 });
    const code = openCodeStore(engine, { ...world, journal });
    const bounds = { bytesMax: 200_000, keptMs: 1e9 };
    return { engine, journal, code, failures: openFailureStore(engine, { ...world, bounds }) };
  };
  return { time, one: await open(1), other: await open(2) };
}

test('gateways that share what Lambda keeps see one state, whichever of them writes', async () => {
  await using opened = new AsyncDisposableStack();
  const { one, other } = await openTwo(opened);
  await one.journal.commit(() => [{ kind: 'said', of: 'mapping', key: 'm', value: mappingOf('m') }]);
  const mark = (gateway: typeof one, nth: number) =>
    gateway.journal.commit((state) => {
      const [before = 0] = state.get('cursor', 'm/s/0')?.marks ?? [];
      return [
        { kind: 'said', of: 'cursor', key: 'm/s/0', value: { marks: [before + 1] } },
        ...(nth % 10 === 0 ? editsOfFailure(state, state.get('mapping', 'm')!, failureOf()) : []),
      ];
    });
  await other.journal.current();
  await Promise.all(Array.from({ length: 200 }, (_, nth) => mark(nth % 2 === 0 ? one : other, nth)));
  const states = [await one.journal.current(), await other.journal.current()];
  for (const state of states) {
    assert.deepEqual(state.get('cursor', 'm/s/0'), { marks: [200] });
    assert.equal([...state.within('failure', 'm/')].length, 20);
    assert.equal(state.get('mapping', 'm')?.nextFailure, 20);
  }
});

test('code that one gateway was given another runs, until one of them sweeps it', async () => {
  await using opened = new AsyncDisposableStack();
  const { one, other, time } = await openTwo(opened);
  const zips = [1, 2].map((nth) => Buffer.alloc(1_500_000, `zip ${nth}`));
  const [kept, unneeded] = zips.map((zip) => hash('sha256', zip));
  await Promise.all([one.code.put(kept!, zips[0]!), other.code.put(kept!, zips[0]!)]);
  await one.code.put(unneeded!, zips[1]!);
  const value = functionOf('f', { code: { kind: 'zip', sha256: kept!, bytes: zips[0]!.length } });
  await one.journal.commit(() => [{ kind: 'said', of: 'function', key: functionKeyOf(value), value }]);
  for (const { code } of [one, other]) assert.ok(zips[0]!.equals(await code.get(kept!)));
  assert.ok(zips[1]!.equals(await other.code.get(unneeded!)));
  time.time += unneededMs + 1;
  await other.journal.current();
  await Promise.all([one.code.sweep(), other.code.sweep()]);
  for (const { code, journal } of [one, other]) {
    await journal.current();
    await assert.rejects(code.get(unneeded!), { name: 'DamagedError' });
    assert.ok(zips[0]!.equals(await code.get(kept!)));
  }
});

test('records that gateways keep at the same time are read by all, and bounded together', async () => {
  await using opened = new AsyncDisposableStack();
  const { one, other } = await openTwo(opened);
  const recordsOf = (nth: number) => [
    { sequenceNumber: `${nth}`, partitionKey: 'k', arrival: nth, data: Buffer.alloc(10_000, nth) },
  ];
  const keep = (nth: number) => (nth % 2 === 0 ? one : other).failures.keep('m', recordsOf(nth));
  const places: KeptPlace[] = [];
  for (let nth = 0; nth < 40; nth += 4) {
    places.push(...(await Promise.all([nth, nth + 1, nth + 2, nth + 3].map(keep))));
  }
  await Promise.all([one.failures.tick(), other.failures.tick()]);
  for (const { failures } of [one, other]) {
    const found = await Promise.all(places.map((place) => failures.read(place)));
    const forgotten = found.filter((records) => records === undefined).length;
    assert.ok(forgotten >= 20 && forgotten <= 22, `${forgotten}`);
    const first = found.lastIndexOf(undefined) + 1;
    for (let nth = first; nth < 40; nth++) {
      assert.equal(found[nth]?.[0]?.sequenceNumber, `${nth}`);
      assert.ok(Buffer.alloc(10_000, nth).equals(Buffer.from(found[nth]![0]!.data)));
    }
  }
});
