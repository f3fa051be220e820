import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { counted } from '../counted.ts';
import type { GuardedServer } from '../guarded-server.ts';
import { classesInFull } from '../java-classes.ts';
import { applicationName, KclApplication } from '../kcl-application.ts';
import { sumOnce } from '../published-metrics.ts';

const folder = new URL('./', import.meta.url);
const classes = await classesInFull(folder);
const { skip } = classes;

const recordsProcessed = {
  namespace: applicationName,
  name: 'RecordsProcessed',
  by: ['Operation', 'ShardId'],
};
const logging = { 'org.slf4j.simpleLogger.defaultLogLevel': 'warn' };

suite('KCL 1', () => {
  test('polling, one worker, a split and a merge; its metrics are found again', { skip }, async (t) => {
    await using application = await start({ metrics: 'DETAILED' });
    const worker = application.worker('one');
    const produced = await application.produce(18_000, 500);
    await application.processed(produced);
    // Before it is asked to end: what it has counted in the last seconds, it does not publish then.
    const sum = await sumOnce(application.cloudwatch, recordsProcessed, 18_000);
    const { text } = await application.finish(produced, false);
    assert.match(worker.printed, /^graceful shutdown: true$/m);
    assert.equal(sum, 18_000);
    counted(t, `${text}; the sum of RecordsProcessed is that too`);
  });

  test('one of two workers is killed between a split and a merge', { skip }, async (t) => {
    await using application = await start();
    for (const name of ['one', 'two']) application.worker(name);
    await application.begun(4);
    const produced = await application.produce(18_000, 500, () => application.killBusiest());
    counted(t, (await application.finish(produced, true)).text);
  });
});

function start(more: Readonly<Record<string, string>> = {}): Promise<KclApplication> {
  const properties = (server: GuardedServer) => ({
    ...logging,
    endpoint: server.url,
    region: server.region,
    ...more,
  });
  return KclApplication.start({ folder, classes, main: 'KclWorker' }, { properties, environment });
}

/** Version 1 of the SDK knows no AWS_SHARED_CREDENTIALS_FILE. */
function environment({ credentials }: GuardedServer): NodeJS.ProcessEnv {
  return { AWS_ACCESS_KEY_ID: credentials.accessKeyId, AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey };
}
