import { test } from 'node:test';
import { counted } from '../counted.ts';
import { onKafka } from '../extent.ts';
import { runProgram, whyMissing } from '../foreign-program.ts';
import { startGuardedServer } from '../guarded-server.ts';
import { processedByFunction } from '../mapped-function.ts';
import { zipOf } from '../zip-of.ts';

const folder = new URL('./', import.meta.url);
const skip =
  (onKafka && 'what functions write is looked for in a data directory') ||
  (await whyMissing(['go', 'mod', 'download'], folder));

test('a function in Go runs as a bootstrap', { skip }, async (t) => {
  const environment = { ...process.env, CGO_ENABLED: '0' };
  const command = ['go', 'build', '-tags', 'lambda.norpc', '-o', 'build/bootstrap', '.'] as const;
  await runProgram({ command, folder, environment, seconds: 600 });
  await using server = await startGuardedServer();
  const outcome = await processedByFunction(server, {
    name: 'lambda-go',
    Runtime: 'provided.al2023',
    Handler: 'bootstrap',
    Code: { ZipFile: await zipOf(folder, 'build/bootstrap') },
  });
  counted(t, outcome);
});
