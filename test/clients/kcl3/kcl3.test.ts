import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { counted } from '../counted.ts';
import { isFull, onlyInFull } from '../extent.ts';
import { javaClasses } from '../java-classes.ts';
import { begunBy, heldBy, KclApplication, type KclApplicationOptions, type KclProgram } from '../kcl-application.ts';

const folder = new URL('./', import.meta.url);
const classes = await javaClasses(folder, 'large');
const program: KclProgram = { folder, classes, main: 'KclWorker' };
const skip = classes.skip;
const full = { skip: skip || onlyInFull };

const impatient = { impatient: 'true', 'logback.configurationFile': 'logback.xml' };
const fanOut = { properties: { ...impatient, retrieval: 'fan-out' } };
const polling = { properties: { ...impatient, retrieval: 'polling' } };
const records = isFull ? 18_000 : 3_000;
const perSecond = 500;

suite('KCL 3', () => {
  test('fan-out, one worker, a split and a merge', { skip }, async (t) => {
    await using application = await start(fanOut);
    const worker = application.worker('one');
    const { text } = await application.finish(await application.produce(records, perSecond), false);
    assert.match(worker.printed, /^graceful shutdown: true$/m);
    counted(t, text);
  });

  for (const [name, options] of Object.entries({ 'fan-out': fanOut, polling })) {
    test(`${name}, one of two workers is killed between a split and a merge`, full, async (t) => {
      await using application = await start(options);
      const [one] = [application.worker('one'), application.worker('two')];
      await application.begun(4);
      const killed = Promise.withResolvers<void>();
      const produced = await application.produce(records, perSecond, (put) => {
        if (put >= records / 2) killed.resolve(one!.kill());
      });
      await killed.promise;
      counted(t, (await application.finish(produced, true)).text);
    });
  }

  test('leases are handed over gracefully to a second worker, and back when it is asked to end', full, async (t) => {
    await using application = await start({ properties: { ...fanOut.properties, assignment: 'LEASE_COUNT' } });
    const one = application.worker('one');
    await application.begun(4);
    const producing = application.produce(records, perSecond);
    const two = application.worker('two');
    await two.until(() => heldBy(two).length >= 2, 'the second worker has its half');
    await producing;
    await two.stop();
    assert.match(one.printed, /^asked to leave /m);
    assert.match(two.printed, /^graceful shutdown: true$/m);
    const { text } = await application.finish(await producing, false);
    counted(t, `${text}; ${begunBy(two).length} shards handed over`);
  });
});

function start(options: KclApplicationOptions): Promise<KclApplication> {
  return KclApplication.start(program, { environment: () => beside, ...options, properties: { ...options.properties, ...(process.env['BESIDE'] === undefined ? {} : { application: `b${Date.now()}` }) } });
}
const beside: NodeJS.ProcessEnv = process.env['BESIDE'] === undefined ? {} : { AWS_ENDPOINT_URL_DYNAMODB: process.env['BESIDE'], AWS_ENDPOINT_URL_CLOUDWATCH: process.env['BESIDE'] };
