// Appends to a table of a bucket, as a process of its own: append-loop.ts URL WRITER COUNT
import { nodeClock } from '../../src/env/node-clock.ts';
import { nodeDisk } from '../../src/env/node-disk.ts';
import { nodeRandom } from '../../src/env/node-random.ts';
import { createHttpClient } from '../../src/http/client.ts';
import { openCatalog } from '../../src/iceberg/open-catalog.ts';
import { openObjectStore } from '../../src/objects/open-object-store.ts';

const [url = '', writer = '', count = ''] = process.argv.slice(2);
const parts = { clock: nodeClock, random: nodeRandom(), client: createHttpClient() };
const credentials = { accessKeyId: 'AKID', secretAccessKey: 'secret' };
const objects = openObjectStore({ ...parts, diskAt: nodeDisk }, { url, region: 'us-east-1', credentials });
const world = { ...parts, objects, signing: undefined, bearer: undefined };
const catalog = openCatalog({ kind: 'bucket', bucket: 'lake', prefix: '' }, world);
let table = await catalog.load({ namespace: 'flights', table: 'seen' });
for (let chunk = 1; chunk <= Number(count); chunk++) {
  const file = { path: `s3://lake/data/${writer}-${chunk}.parquet`, bytes: 1, records: 1 };
  const before = chunk === 1 ? undefined : String(chunk - 1);
  table = await table!.append([file], { writer, before, marks: String(chunk) });
}
process.exit(0);
