import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { counted } from '../counted.ts';
import { encrypted } from '../encrypted.ts';
import { isFull, onlyInFull } from '../extent.ts';
import { javaClasses } from '../java-classes.ts';
import { begunBy, heldBy, KclApplication, type KclApplicationOptions } from '../kcl-application.ts';
import { trustStore } from '../trust-store.ts';

const folder = new URL('./', import.meta.url);
const classes = await javaClasses(folder, 'large');
const program = { folder, classes, main: 'KclWorker' };
const { skip } = classes;
const full = { skip: skip || onlyInFull };
const records = isFull ? 18_000 : 3_000;
const perSecond = 500;

suite('KCL 3', () => {
  test('fan-out, one worker, a split and a merge', { skip }, async (t) => {
    await using application = await start('fan-out');
    const worker = application.worker('one');
    const { text } = await application.finish(await application.produce(records, perSecond), false);
    assert.match(worker.printed, /^graceful shutdown: true$/m);
    counted(t, text);
  });

  for (const retrieval of ['fan-out', 'polling'] as const) {
    test(`${retrieval}, one of two workers is killed between a split and a merge`, full, async (t) => {
      await using application = await start(retrieval);
      const [one] = [application.worker('one'), application.worker('two')];
      await application.begun(4);
      const produced = await application.produceAndKill(one!, records, perSecond);
      counted(t, (await application.finish(produced, true)).text);
    });
  }

  test('leases are handed over gracefully to a second worker, and back when it is asked to end', full, async (t) => {
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
  });

  test('the server is killed and comes again: the leases are there, and nothing is lost', full, async (t) => {
    await using application = await start('fan-out');
    application.worker('one');
    await application.begun(4);
    const restarted = Promise.withResolvers<void>();
    const produced = await application.produce(records, perSecond, (put) => {
      if (put >= records / 2) restarted.resolve(killAndRestart(application));
    });
    await restarted.promise;
    counted(t, (await application.finish(produced, true)).text);
  });

  test('everything over TLS, with the authority that the server made', full, async (t) => {
    await using application = await start('fan-out');
    using trust = await encrypted(application.server);
    const store = await trustStore(trust);
    application.worker('one', store, { AWS_ENDPOINT_URL: trust.url });
    counted(t, (await application.finish(await application.produce(records, perSecond), false)).text);
  });
});

async function killAndRestart({ server }: KclApplication): Promise<void> {
  await server.kill();
  // Long enough for the workers to notice.
  await sleep(2_000);
  await server.restart();
}

function start(
  retrieval: 'fan-out' | 'polling',
  more: Readonly<Record<string, string>> = {},
): Promise<KclApplication> {
  const properties = { impatient: 'true', 'logback.configurationFile': 'logback.xml', retrieval, ...more };
  const options: KclApplicationOptions = { properties: () => properties };
  return KclApplication.start(program, options);
}
