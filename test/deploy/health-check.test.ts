import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { startTestServer } from '../../src/server/testing.ts';

/** What the container's health check ends with, and what it says. */
function checked(variables: Readonly<Record<string, string>>): Promise<{ code: number; said: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, ['deploy/health.mjs'], { env: variables }, (error, _, said) =>
      resolve({ code: error === null ? 0 : Number(error.code), said }),
    );
  });
}

test('the health check is content with a server that works, and says why it is not with none', async () => {
  await using server = await startTestServer({ port: 0 });
  const port = String(server.endpoint.port);
  assert.deepEqual(await checked({ MILLRACE_PORT: port }), { code: 0, said: '' });
  await server.close();
  const { code, said } = await checked({ MILLRACE_PORT: port });
  assert.equal(code, 1);
  assert.match(said, /ECONNREFUSED/);
});

test('the health check asks over TLS where nothing else is answered', async () => {
  await using server = await startTestServer({ port: 0, requireTls: true });
  const port = String(server.endpoint.port);
  assert.deepEqual(await checked({ MILLRACE_PORT: port, MILLRACE_REQUIRE_TLS: 'true' }), {
    code: 0,
    said: '',
  });
});
