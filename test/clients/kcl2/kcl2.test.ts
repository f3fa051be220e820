import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { counted } from '../counted.ts';
import { classesInFull } from '../java-classes.ts';
import { heldBy, KclApplication } from '../kcl-application.ts';

const folder = new URL('./', import.meta.url);
const classes = await classesInFull(folder, ['../kcl3/RecordPrinter.java']);
const { skip } = classes;

const impatient = { impatient: 'true', 'logback.configurationFile': 'logback.xml' };

suite('KCL 2', () => {
  for (const retrieval of ['fan-out', 'polling']) {
    test(`${retrieval}, one worker, a split and a merge`, { skip }, async (t) => {
      await using application = await start(retrieval);
      const worker = application.worker('one');
      const { text } = await application.finish(await application.produce(18_000, 500), false);
      assert.match(worker.printed, /^asked to leave /m);
      assert.deepEqual(heldBy(worker), [], 'it has left every shard');
      counted(t, text);
    });
  }

  test('fan-out, one of two workers is killed between a split and a merge', { skip }, async (t) => {
    await using application = await start('fan-out');
    for (const name of ['one', 'two']) application.worker(name);
    await application.begun(4);
    const produced = await application.produce(18_000, 500, () => application.killBusiest());
    counted(t, (await application.finish(produced, true)).text);
  });
});

function start(retrieval: string): Promise<KclApplication> {
  const properties = () => ({ ...impatient, retrieval });
  return KclApplication.start({ folder, classes, main: 'KclWorker' }, { properties });
}
