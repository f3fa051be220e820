import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { ConsumerProcess, untilAll } from '../consumer-process.ts';
import { counted } from '../counted.ts';
import { encrypted } from '../encrypted.ts';
import type { GuardedServer } from '../guarded-server.ts';
import { classesInFull, quickStart } from '../java-classes.ts';
import { KclApplication, streamName } from '../kcl-application.ts';
import { type KnownRecord, keysUnlessSaid, knownRecord, mergeLast, splitFirst } from '../known-records.ts';
import { sumOnce } from '../published-metrics.ts';
import { leftIn } from './straddling.ts';

const folder = new URL('./', import.meta.url);
const classes = await classesInFull(folder);
const consumerFolder = new URL('../kcl3/', import.meta.url);
const consumerClasses = await classesInFull(consumerFolder);
const skip = classes.skip || consumerClasses.skip;
const records = 18_000;
const userRecordsPut = { namespace: 'KinesisProducerLibrary', name: 'UserRecordsPut', by: ['StreamName'] };

suite('KPL', () => {
  test('aggregates over TLS through a split and a merge; all of it is there, taken apart and counted', {
    skip,
  }, async (t) => {
    await using application = await startConsumer();
    using trust = await encrypted(application.server);
    application.worker('one');
    await using producer = await startProducer(application.server, trust, {});
    await put(producer, records / 3);
    await splitFirst(application.client, streamName);
    await put(producer, (records * 2) / 3);
    await mergeLast(application.client, streamName);
    await producer.until(() => producer.printed.includes('acknowledged '), 'all are acknowledged');
    const [, acknowledged, again, failed] = /acknowledged (\d+) again (\d+) failed (\d+)/.exec(
      producer.printed,
    )!;
    assert.deepEqual([acknowledged, failed], [String(records), '0'], producer.said);

    const left = await leftIn(application.client, streamName);
    const names = Array.from({ length: records }, (_, index) => nameOf(knownRecord(index, keysUnlessSaid)));
    assert.deepEqual(left.all, new Set(names), 'everything acknowledged is in the stream, and nothing else');
    assert.ok(left.kinesisRecords < records / 2, 'they are in aggregates');
    counted(
      t,
      `${shown(left.all.size)} of ${shown(records)} user records, in ${shown(left.kinesisRecords)} records`,
    );
    counted(t, `${again} were tried again by the KPL`);

    await untilHanded(application.workers, left.whole);
    counted(t, `KCL 3 handed on all but ${names.filter((name) => !left.whole.has(name)).length}`);
  });

  test('its metrics are found again', { skip }, async (t) => {
    await using application = await startConsumer();
    using trust = await encrypted(application.server);
    const few = { metrics: 'detailed', linger: 'true', records: '3000' };
    await using producer = await startProducer(application.server, trust, few);
    await producer.until(() => producer.printed.includes('acknowledged '), 'all are acknowledged');
    const { cloudwatch } = application;
    const sum = await sumOnce(cloudwatch, userRecordsPut, 3_000);
    assert.equal(sum, 3_000);
    counted(t, `the sum of UserRecordsPut is the 3,000 that were put`);
  });
});

/** Resolves once consumers have what they are to be handed. */
async function untilHanded(workers: readonly ConsumerProcess[], names: ReadonlySet<string>): Promise<void> {
  const waiting = [...names].map((name) => {
    const [key, number] = name.split(' ');
    return { key: key!, number: Number(number) };
  });
  const isHanded = () => {
    while (waiting.length > 0 && workers.some((each) => each.has(waiting.at(-1)!))) waiting.pop();
    return waiting.length === 0;
  };
  await untilAll(workers, isHanded, `the KCL hands on ${names.size} records`);
}

function nameOf({ key, number }: KnownRecord): string {
  return `${key} ${number}`;
}

function shown(count: number): string {
  return count.toLocaleString('en-US');
}

function startConsumer(): Promise<KclApplication> {
  const properties = () => ({ impatient: 'true', 'logback.configurationFile': 'logback.xml' });
  const program = { folder: consumerFolder, classes: consumerClasses, main: 'KclWorker' };
  return KclApplication.start(program, { properties });
}

async function startProducer(
  server: GuardedServer,
  trust: { readonly url: string; readonly authority: string },
  more: Readonly<Record<string, string>>,
): Promise<ConsumerProcess> {
  const known = { stream: streamName, records, perSecond: 600, keys: keysUnlessSaid, region: server.region };
  const reached = { endpoint: trust.url, authority: trust.authority };
  const properties = { ...known, ...reached, 'logback.configurationFile': 'logback.xml', ...more };
  const flags = Object.entries(properties).map(([name, value]) => `-D${name}=${value}`);
  const command = [
    'java',
    '-Xmx256m',
    ...quickStart,
    ...flags,
    '-cp',
    await classes.classPath(),
    'KplProducer',
  ] as const;
  return new ConsumerProcess({ command, folder, environment: server.environment });
}

/** Resolves when so many are on their way. */
async function put(producer: ConsumerProcess, count: number): Promise<void> {
  const last = () => [...producer.printed.slice(-200).matchAll(/^put (\d+)$/gm)].at(-1)?.[1];
  const isSo = () => Number(last() ?? 0) >= count || producer.printed.includes('acknowledged');
  await producer.until(isSo, `${count} are put`);
}
