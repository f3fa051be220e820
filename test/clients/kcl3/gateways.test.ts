import { suite, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { counted } from '../counted.ts';
import { onlyOnKafka } from '../extent.ts';
import { javaClasses } from '../java-classes.ts';
import { KclApplication } from '../kcl-application.ts';

// An application whose endpoint is one of two servers of a cluster on Kafka, the one that keeps its leases.

const folder = new URL('./', import.meta.url);
const classes = await javaClasses(folder, 'large');
const program = { folder, classes, main: 'KclWorker' };
const skip = classes.skip || onlyOnKafka;
const records = 18_000;
const perSecond = 500;

suite('KCL 3 on Kafka', { skip }, () => {
  for (const retrieval of ['fan-out', 'polling'] as const) {
    test(`${retrieval}, the server of its endpoint is killed and comes again`, async (t) => {
      await using application = await start(retrieval);
      application.worker('one');
      await application.begun(4);
      const produced = await application.produce(records, perSecond, () => killAndRestart(application));
      counted(t, (await application.finish(produced, true)).text);
    });
  }
});

/** Only the worker has one server for its endpoint: what puts records comes to both. */
function start(retrieval: 'fan-out' | 'polling'): Promise<KclApplication> {
  const properties = { impatient: 'true', 'logback.configurationFile': 'logback.xml', retrieval };
  return KclApplication.start(program, {
    properties: () => properties,
    environment: ({ urls }) => ({ AWS_ENDPOINT_URL: urls[0] }),
  });
}

async function killAndRestart({ server }: KclApplication): Promise<void> {
  await server.kill();
  // Long enough for the worker to notice.
  await sleep(2_000);
  await server.restart();
}
