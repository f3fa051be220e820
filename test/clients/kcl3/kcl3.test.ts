import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { counted } from '../counted.ts';
import { encrypted } from '../encrypted.ts';
import { isFull, onlyInFull } from '../extent.ts';
import { javaClasses } from '../java-classes.ts';
import {
  applicationName,
  begunBy,
  heldBy,
  KclApplication,
  type KclApplicationOptions,
  streamName,
} from '../kcl-application.ts';
import { metricsIn, sumOnce } from '../published-metrics.ts';
import { trustStore } from '../trust-store.ts';
import { applicationUser, denialsIn, prepareLeases } from './application-user.ts';
import { leaseTable, noneBehind, noneLost } from './lease-table.ts';

const folder = new URL('./', import.meta.url);
const classes = await javaClasses(folder, 'large');
const program = { folder, classes, main: 'KclWorker' };
const { skip } = classes;
const full = { skip: skip || onlyInFull };
const records = isFull ? 18_000 : 3_000;
const perSecond = 500;
const recordsProcessed = {
  namespace: applicationName,
  name: 'RecordsProcessed',
  by: ['Operation', 'ShardId'],
};

suite('KCL 3', () => {
  test('fan-out, one worker, a split and a merge', { skip }, async (t) => {
    await using application = await start('fan-out');
    const worker = application.worker('one');
    const { text } = await application.finish(await application.produce(records, perSecond), false);
    assert.match(worker.printed, /^graceful shutdown: true$/m);
    const table = await leaseTable(application.dynamodb, applicationName);
    noneBehind(table, [worker.heard]);
    assert.deepEqual(table.tables, [applicationName], 'one table for all');
    assert.ok(table.others.includes('Migration3.0'), 'its state is in the table of its leases');
    counted(t, `${text}; ${table.leases.size} leases in one table, none behind`);
  });

  test('its metrics are found again', full, async (t) => {
    await using application = await start('fan-out', { metrics: 'DETAILED' });
    application.worker('one');
    const { text } = await application.finish(await application.produce(records, perSecond), false);
    const { cloudwatch } = application;
    const sum = await sumOnce(cloudwatch, recordsProcessed, records);
    assert.equal(sum, records);
    const names = new Set((await metricsIn(cloudwatch, applicationName)).map(({ MetricName }) => MetricName));
    assert.ok(names.has('MillisBehindLatest') && names.has('CurrentLeases'), [...names].join());
    counted(t, `${text}; the sum of RecordsProcessed is that too, among ${names.size} metrics`);
  });

  for (const retrieval of ['fan-out', 'polling'] as const) {
    test(`${retrieval}, one of two workers is killed between a split and a merge`, full, async (t) => {
      await using application = await start(retrieval);
      for (const name of ['one', 'two']) application.worker(name);
      await application.begun(4);
      const produced = await application.produce(records, perSecond, () => application.killBusiest());
      counted(t, (await application.finish(produced, true)).text);
    });
  }

  test(
    'leases are handed over gracefully to a second worker, and back when it is asked to end',
    full,
    async (t) => {
      await using application = await start('fan-out', { assignment: 'LEASE_COUNT_BASED' });
      const one = application.worker('one');
      await application.begun(4);
      const two = application.worker('two');
      const producing = application.produce(records, perSecond);
      await two.until(() => heldBy(two).length >= 2, 'the second worker has its half');
      const produced = await producing;
      await two.stop();
      assert.match(one.printed, /^asked to leave /m);
      assert.match(two.printed, /^graceful shutdown: true$/m);
      const { text } = await application.finish(produced, false);
      counted(t, `${text}; ${begunBy(two).length} shards handed over`);
    },
  );

  test('the server is killed and comes again: the leases are there, and nothing is lost', full, async (t) => {
    await using application = await start('fan-out');
    application.worker('one');
    await application.begun(4);
    const produced = await application.produce(records, perSecond, () => killAndRestart(application));
    counted(t, (await application.finish(produced, true)).text);
  });

  test('an application at LATEST, as a user of few rights, begins with prepared leases', full, withPrepared);

  test('everything over TLS, with the authority that the server made', full, async (t) => {
    await using application = await start('fan-out');
    using trust = await encrypted(application.server);
    const store = await trustStore(trust);
    application.worker('one', store, { AWS_ENDPOINT_URL: trust.url });
    counted(t, (await application.finish(await application.produce(records, perSecond), false)).text);
  });
});

/** Half of the records are put, and a shard is split, before there is an application. */
async function withPrepared(t: TestContext): Promise<void> {
  await using application = await start('fan-out', { position: 'LATEST', metrics: 'DETAILED' });
  const { server } = application;
  const produced = await application.produce(records, perSecond, async () => {
    await prepareLeases(server, streamName, applicationName);
    application.worker('one', {}, await applicationUser(server));
  });
  const { text } = await application.finish(produced, false);
  assert.deepEqual(denialsIn(server), []);
  const { tables } = await leaseTable(application.dynamodb, applicationName);
  counted(t, `${text}; tables ${tables.join(', ')}`);
}

async function killAndRestart({ server, dynamodb }: KclApplication): Promise<void> {
  const before = await leaseTable(dynamodb, applicationName);
  assert.ok(before.others.includes('Leader'), "the leader's lock is there");
  await server.kill();
  // Long enough for the workers to notice.
  await sleep(2_000);
  await server.restart();
  noneLost(before, await leaseTable(dynamodb, applicationName));
}

function start(
  retrieval: 'fan-out' | 'polling',
  more: Readonly<Record<string, string>> = {},
): Promise<KclApplication> {
  const properties = { impatient: 'true', 'logback.configurationFile': 'logback.xml', retrieval, ...more };
  const options: KclApplicationOptions = { properties: () => properties };
  return KclApplication.start(program, options);
}
