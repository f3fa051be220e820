import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { ConsumerProcess } from '../consumer-process.ts';
import { counted } from '../counted.ts';
import { encrypted } from '../encrypted.ts';
import { onlyInFull } from '../extent.ts';
import type { GuardedServer } from '../guarded-server.ts';
import { javaClasses, quickStart } from '../java-classes.ts';
import { KclApplication, streamName } from '../kcl-application.ts';
import { keysUnlessSaid, knownRecord, mergeLast, splitFirst } from '../known-records.ts';

const folder = new URL('./', import.meta.url);
const classes = await javaClasses(folder, 'large');
const consumerFolder = new URL('../kcl3/', import.meta.url);
const consumerClasses = await javaClasses(consumerFolder, 'large');
const skip = classes.skip || consumerClasses.skip || onlyInFull;
const records = 18_000;

suite('KPL', () => {
  test('aggregates over TLS through a split and a merge; the KCL takes apart and counts', {
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

    const all = Array.from({ length: records }, (_, index) => knownRecord(index, keysUnlessSaid));
    // What the KPL tries again comes behind what it did not have to.
    const produced = { records: all, resent: true, inOrder: false };
    const { text, numbers } = await application.finish(produced, false);
    assert.ok(numbers < records / 2, 'they came in aggregates');
    counted(t, `${text}; in ${numbers} Kinesis records; ${again} user records were tried again by the KPL`);
  });
});

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
