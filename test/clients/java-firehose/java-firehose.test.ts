import assert from 'node:assert/strict';
import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { ConsumerProcess } from '../consumer-process.ts';
import { counted } from '../counted.ts';
import { bucketIn, deliveryRole, eventually, linesIn } from '../delivery-bucket.ts';
import { startGuardedServer } from '../guarded-server.ts';
import { classesInFull, quickStart } from '../java-classes.ts';

const folder = new URL('./', import.meta.url);
const java = await classesInFull(folder);
const { skip } = java;

test('the Java SDK v2 makes a delivery stream, changes it, puts to it and removes it', {
  skip,
}, async (t) => {
  const classes = await java.classPath();
  await using buckets = await mkdtempDisposable(join(tmpdir(), 'millrace-buckets-'));
  await using server = await startGuardedServer(...bucketIn(buckets.path));
  const role = await deliveryRole(server);
  const command = ['java', ...quickStart, '-cp', classes, 'Deliveries', role] as const;
  await using program = new ConsumerProcess({ command, folder, environment: server.environment });
  await eventually(() => {
    assert.ok(!program.hasEnded, program.said);
    return linesIn(buckets.path).length >= 501;
  }, 'records are put');
  program.tell('there');
  await program.until(() => program.printed.includes('all went as on AWS'), 'all twelve operations');
  const expected = Array.from({ length: 501 }, (_, number) => `record ${number}`);
  assert.deepEqual(linesIn(buckets.path).sort(), expected.sort());
  counted(t, '501 of 501 records in the bucket, none twice; twelve operations');
});
