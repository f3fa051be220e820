import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { CreateStreamCommand, KinesisClient, PutRecordCommand } from '@aws-sdk/client-kinesis';
import { startTestServer } from '../server/server-under-test.ts';

const skip =
  spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout?.includes('util-linux') !== true &&
  'util-linux has no script here, which lends a terminal';

test('at a terminal a tail shows colours, and Ctrl-C ends it with 130 and without a word', {
  skip,
}, async () => {
  await using server = await startTestServer();
  const client = new KinesisClient(server.clientConfig);
  await client.send(new CreateStreamCommand({ StreamName: 'orders', ShardCount: 1 }));
  const put = { StreamName: 'orders', PartitionKey: 'key', Data: Buffer.from('a\u001b[2Jb') };
  await client.send(new PutRecordCommand(put));
  client.destroy();
  const command = `"${process.execPath}" src/cli/main.ts tail orders --endpoint ${server.url} --since 1h`;
  const env = { ...process.env, NO_COLOR: '', TERM: 'xterm' };
  const options = ['--quiet', '--flush', '--return', '--command', command, '/dev/null'];
  const terminal = spawn('script', options, { stdio: ['pipe', 'pipe', 'ignore'], env });
  const ended = once(terminal, 'exit');
  let shown = '';
  terminal.stdout.on('data', (some) => (shown += String(some)));
  try {
    while (!shown.includes('\n')) await Promise.race([once(terminal.stdout, 'data'), ended]);
    // What a record holds moves no cursor.
    const [time, ...rest] = shown.split('  ');
    assert.match(time!, /^.\[2m\d{4}-\S+Z.\[0m$/);
    assert.deepEqual(rest, ['\u001b[36m0\u001b[0m', '\u001b[1mkey\u001b[0m', 'a\\u001b[2Jb\r\n']);
    shown = '';
    terminal.stdin.write('\u0003');
    assert.deepEqual((await ended)[0], 130);
    assert.equal(shown.replace('^C', ''), '');
  } finally {
    terminal.kill('SIGKILL');
  }
});
