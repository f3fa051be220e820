import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { counted } from '../counted.ts';
import { onKafka } from '../extent.ts';
import { startGuardedServer } from '../guarded-server.ts';
import { processedByFunction } from '../mapped-function.ts';

const skip = onKafka && 'what functions write is looked for in a data directory';

test('the batch processor of Powertools for TypeScript runs as a function', { skip }, async (t) => {
  await using server = await startGuardedServer();
  const folder = fileURLToPath(new URL('./', import.meta.url));
  const outcome = await processedByFunction(server, {
    name: 'powertools-node',
    Runtime: 'nodejs24.x',
    Handler: 'handler.handler',
    Code: {},
    Environment: { Variables: { MILLRACE_CODE_FOLDER: folder } },
  });
  counted(t, outcome);
});
