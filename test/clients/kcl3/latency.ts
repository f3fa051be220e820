// How long a record takes from the call of PutRecords to processRecords, measured in the client: one worker
// of KCL 3, fan-out, 4 shards, 2,000 records a second in requests of 20, the server by `npm start`.
//
//   node test/clients/kcl3/latency.ts [seconds]
//
// Prints one line of JSON: how many records, and percentiles in whole milliseconds, as both clocks have them.
import { untilAll } from '../consumer-process.ts';
import { javaClasses } from '../java-classes.ts';
import { KclApplication, streamName } from '../kcl-application.ts';
import { produce } from '../known-records.ts';

const seconds = Number(process.argv[2] ?? 60);
const perSecond = 2_000;
const warmUpSeconds = 20;

const folder = new URL('./', import.meta.url);
const classes = await javaClasses(folder, 'large');
if (classes.skip !== false) {
  console.error(`latency: ${classes.skip}`);
  process.exit(1);
}
// As an operator runs it: the JVM with its best compiler, the library with its own times.
const properties = { latency: String(seconds), 'logback.configurationFile': 'logback.xml' };
await using application = await KclApplication.start(
  { folder, classes, main: 'KclWorker' },
  { properties: () => properties, flags: ['-XX:+UseSerialGC'] },
);
const worker = application.worker('one');
await application.begun(4);
const total = perSecond * (warmUpSeconds + seconds + 5);
const producing = produce(application.client, {
  ...{ streamName, records: total, perSecond, requestRecords: 20, reshard: false },
  meanwhile: { after: perSecond * warmUpSeconds, run: async () => worker.tell('count') },
});
await untilAll([worker], () => /^latencies /m.test(worker.printed), 'the latencies are counted');
await producing;
const counts = [.../^latencies (.*)$/m.exec(worker.printed)![1]!.matchAll(/(\d+):(\d+)/g)].map(
  ([, ms, count]) => ({ ms: Number(ms), count: Number(count) }),
);
const records = counts.reduce((sum, { count }) => sum + count, 0);
const percentile = (part: number) => {
  let seen = 0;
  return counts.find(({ count }) => {
    seen += count;
    return seen >= records * part;
  })?.ms;
};
const percentiles = {
  p50: percentile(0.5),
  p90: percentile(0.9),
  p99: percentile(0.99),
  max: counts.at(-1)?.ms,
};
console.log(JSON.stringify({ records, perSecond: records / seconds, ...percentiles }));
