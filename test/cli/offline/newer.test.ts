import assert from 'node:assert/strict';
import { cpSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { catalogKey } from '../../../src/catalog/catalog.ts';
import { silentLogger } from '../../../src/env/logger.ts';
import { nodeClock } from '../../../src/env/node-clock.ts';
import { nodeDisk } from '../../../src/env/node-disk.ts';
import { nodeRandom } from '../../../src/env/node-random.ts';
import { encodeRevision, type Revision } from '../../../src/journal/revision.ts';
import { encodeBatch } from '../../../src/kinesis/record.ts';
import { openEmbeddedLog } from '../../../src/log/embedded/embedded-log.ts';
import { MillraceProcess, temporaryDirectory } from '../../server/process.ts';

/** A data directory whose last commit has an edit that this program does not know; closed. */
const newer = temporaryDirectory();
after(() => newer[Symbol.dispose]());
await write(
  newer.path,
  { after: 0, edits: [{ kind: 'secret-made', secret: 'ab' }] },
  { after: 1, edits: [{ kind: 'stream-frozen' }] },
);

const sentence =
  /^millrace: cannot use the data directory .+: record 1 in the journal of the control plane was written by a newer Millrace \(an edit of the kind stream-frozen\)\n$/;

for (const [what, argumentsFor, expectedCode] of [
  ['a server does not start', (data: string) => ['serve', '--data', data, '--port', '0'], 1],
  ['it is not called clean, nor damaged', (data: string) => ['verify', data], 2],
  ['it is not repaired', (data: string) => ['repair', data, '--to', join(data, 'copy')], 2],
] as const) {
  test(`where a newer Millrace has written, ${what}: the command says so in one line`, async () => {
    using copy = temporaryDirectory();
    const data = join(copy.path, 'data');
    cpSync(newer.path, data, { recursive: true });
    const { code, stdout, stderr } = await MillraceProcess.run(argumentsFor(data));
    assert.deepEqual([code, stdout], [expectedCode, '']);
    assert.match(stderr, sentence);
    assert.deepEqual(
      readdirSync(join(data, 'catalog/catalog')),
      readdirSync(join(newer.path, 'catalog/catalog')),
    );
  });
}

async function write(data: string, ...revisions: Revision<object>[]): Promise<void> {
  const env = {
    clock: nodeClock,
    disk: nodeDisk(data),
    random: nodeRandom(),
    logger: silentLogger,
    panic: (reason: string) => assert.fail(reason),
  };
  // As a server leaves it; without the file, the next server waits for a possible owner.
  const lock = await env.disk.lock('lock');
  const control = await openEmbeddedLog(env, 'catalog');
  for (const revision of revisions) {
    const data = encodeRevision(revision);
    await control.append(catalogKey, encodeBatch([{ partitionKey: undefined, data }]));
  }
  await control.close();
  await lock!.release();
}
