import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startTestServer } from '../server/server-under-test.ts';
import { runCommand } from './command-under-test.ts';

test('a key is made, named, disabled, rotated and deleted by commands', async () => {
  await using server = await startTestServer();
  const key = async (...args: readonly string[]) => {
    const { out } = await runCommand(['key', ...args, '--endpoint', server.url]);
    return JSON.parse(out);
  };
  const { KeyId: id } = await key('create', '--alias', 'orders', '--description', 'for orders');
  await key('alias', 'alias/orders', 'other');
  const [listed] = (await key('list')).filter(({ KeyId }: { KeyId: string }) => KeyId === id);
  assert.deepEqual(listed.Aliases, ['alias/orders', 'alias/other']);
  assert.equal((await key('rotate', 'alias/orders')).KeyState, 'Enabled');
  assert.equal((await key('disable', id)).KeyState, 'Disabled');
  assert.equal((await key('enable', id)).KeyState, 'Enabled');
  assert.equal((await key('delete', id, '--days', '7')).KeyState, 'PendingDeletion');
  assert.equal((await key('keep', id)).KeyState, 'Disabled');
  await assert.rejects(key('delete', id, '--days', '3'), /--days must be 7 to 30/);
});
