import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { counted } from '../counted.ts';
import { onKafka } from '../extent.ts';
import { startGuardedServer } from '../guarded-server.ts';
import { processedByFunction } from '../mapped-function.ts';
import { pythonPackages } from '../python-packages.ts';
import { zipOf } from '../zip-of.ts';

const folder = new URL('./', import.meta.url);
// Where functions run as users of their own, they do not get into a home folder, where root's Python may be.
const python = process.getuid?.() === 0 ? '/usr/bin/python3' : 'python3';
const skip =
  (onKafka && 'what functions write is looked for in a data directory') ||
  (await pythonPackages(folder, python));

test('the batch processor of Powertools for Python runs as a function, by the official runtime client', {
  skip,
}, async (t) => {
  process.env['PATH'] = `${fileURLToPath(new URL('build/bin', folder))}:${process.env['PATH']}`;
  await using server = await startGuardedServer();
  const outcome = await processedByFunction(server, {
    name: 'powertools-python',
    Runtime: 'python3.13',
    Handler: 'handler.lambda_handler',
    Code: { ZipFile: await zipOf(folder, 'handler.py') },
  });
  counted(t, outcome);
});
