import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCheckpointTable } from '../checkpoint-table.ts';
import { consumed, distinct } from '../consumed.ts';
import { counted } from '../counted.ts';
import { onlyInFull } from '../extent.ts';
import { whyMissing } from '../foreign-program.ts';
import { type GuardedServer, startGuardedServer } from '../guarded-server.ts';
import { NumberedStream } from '../numbered-stream.ts';
import { RunningProgram } from '../running-program.ts';

const folder = new URL('./', import.meta.url);
const skip = onlyInFull || (await whyMissing(['go', 'build', '-o', 'build/consumer', '.'], folder));

test('kinesis-consumer reads all shards, and goes on where its checkpoint is', { skip }, async (t) => {
  await using server = await startGuardedServer();
  await createCheckpointTable(server, 'checkpoints');
  using stream = await NumberedStream.create(server, 'orders', 1);
  await stream.put(200);
  await stream.split();
  await stream.put(300);
  await using first = consumer(server, 'all', stream.name, 'first');
  await first.until((lines) => lines.length >= stream.count);
  await first.stop();

  await stream.put(100);
  await using second = consumer(server, 'all', stream.name, 'second');
  await second.until((lines) => lines.length >= 100);
  await second.stop();
  const again = await stream.check(consumed([...first.lines, ...second.lines]));
  assert.equal(again, 0, 'a consumer that ended in peace has left its position');
  counted(t, `${stream.count} of ${stream.count} records over a split and a restart, none twice`);
});

test('kinesis-consumer shares shards in a group, one of which is killed', { skip }, async (t) => {
  await using server = await startGuardedServer();
  await createCheckpointTable(server, 'checkpoints');
  await createCheckpointTable(server, 'leases');
  using stream = await NumberedStream.create(server, 'orders', 2);
  await stream.put(200);
  await using one = consumer(server, 'group', stream.name, 'one');
  await one.until((lines) => lines.length >= 200);
  await using two = consumer(server, 'group', stream.name, 'two');
  await stream.putUntil(two.until((lines) => lines.length > 0));
  await stream.split();
  await stream.put(200);
  await stream.merge();
  await stream.put(200);
  await two.kill();
  const both = () => [...one.lines, ...two.lines];
  await one.until(() => distinct(both()) >= stream.count);
  await one.stop();
  const again = await stream.check(consumed(both()));
  counted(t, `${stream.count} of ${stream.count} records over a split, a merge and a kill, ${again} twice`);
});

function consumer(server: GuardedServer, ...words: string[]): RunningProgram {
  const { environment } = server;
  return new RunningProgram({ command: ['./build/consumer', ...words], folder, environment, seconds: 120 });
}
