import { test } from 'node:test';
import { counted } from '../counted.ts';
import { onKafka, onlyInFull } from '../extent.ts';
import { whyMissing } from '../foreign-program.ts';
import { startGuardedServer } from '../guarded-server.ts';
import { processedByFunction } from '../mapped-function.ts';
import { zipOf } from '../zip-of.ts';

const folder = new URL('./', import.meta.url);
// More than a minute.
const skip =
  onlyInFull ||
  (onKafka && 'what functions write is looked for in a data directory') ||
  (await whyMissing(['cargo', 'build', '--locked', '--quiet'], folder));

test('a function in Rust runs as a bootstrap', { skip }, async (t) => {
  await using server = await startGuardedServer();
  const outcome = await processedByFunction(server, {
    name: 'lambda-rust',
    Runtime: 'provided.al2023',
    Handler: 'bootstrap',
    Code: { ZipFile: await zipOf(folder, 'target/debug/bootstrap') },
  });
  counted(t, outcome);
});
