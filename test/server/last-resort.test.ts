import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { canSharePorts } from '../../src/http/shared-port.ts';
import { MillraceProcess, temporaryDirectory } from './process.ts';

/** A server in which something happens as soon as it listens, in each of its threads that does. */
function serverIn(directory: string, happens: string, workers: number): MillraceProcess {
  const file = join(directory, 'happens.mjs');
  writeFileSync(
    file,
    `import { Server } from 'node:net';
     import { threadId } from 'node:worker_threads';
     const { listen } = Server.prototype;
     Server.prototype.listen = function (...args) {
       if (args[0]?.backlog) this.once('listening', () => { ${happens} });
       return listen.apply(this, args);
     };`,
  );
  return new MillraceProcess(['--memory', '--port', '0', '--workers', String(workers)], {
    env: { NODE_OPTIONS: `--import=file://${file}` },
  });
}

for (const workers of (await canSharePorts()) ? [0, 2] : [0]) {
  test(`an unhandled rejection is logged and counted, and the server goes on: ${workers} workers`, async () => {
    using directory = temporaryDirectory();
    const happens = `for (const text of ['first', 'second']) Promise.reject(new Error(text + ' of ' + threadId));`;
    await using server = serverIn(directory.path, happens, workers);
    const url = await server.ready();
    assert.equal((await fetch(`${url}/health`)).status, 200);
    server.kill('SIGTERM');
    const { code, stderr } = await server.ended;
    assert.equal(code, 0);
    const lines = stderr
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
      .filter(({ message }) => message === 'a promise was rejected that nobody waits for')
      .map(({ error, rejections }) => `${error}, ${rejections}`);
    const threads = [...new Set(lines.map((line) => line.replace(/.* of |, \d+$/g, '')))];
    assert.equal(threads.length, Math.max(1, workers));
    const expected = threads.flatMap((id) => [`Error: first of ${id}, 1`, `Error: second of ${id}, 2`]);
    assert.deepEqual(lines.sort(), expected.sort());
  });
}

test('an uncaught exception ends the process with one line', async () => {
  using directory = temporaryDirectory();
  await using server = serverIn(directory.path, `throw new Error('out of luck');`, 1);
  const { code, stderr } = await server.ended;
  assert.deepEqual({ code, stderr }, { code: 70, stderr: 'millrace: out of luck\n' });
});
