import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createCheckpointTable } from '../checkpoint-table.ts';
import { counted } from '../counted.ts';
import { onlyInFull } from '../extent.ts';
import { runProgram, whyMissing } from '../foreign-program.ts';
import { type GuardedServer, startGuardedServer } from '../guarded-server.ts';
import { NumberedStream, type Seen } from '../numbered-stream.ts';
import { RunningProgram } from '../running-program.ts';
import { version } from './about.ts';

const folder = new URL('./', import.meta.url);
/** Only these: all of its plugins would take long to build. */
const plugins = [
  ...['inputs.file', 'inputs.kinesis_consumer', 'outputs.file', 'outputs.kinesis'],
  ...['parsers.influx', 'serializers.influx'],
];
const build = [
  ...['env', `GOBIN=${fileURLToPath(new URL('build', folder))}`, 'go', 'install'],
  ...['-tags', ['custom', ...plugins].join(','), `github.com/influxdata/telegraf/cmd/telegraf@${version}`],
] as const;
const skip = onlyInFull || (await whyMissing(['go', 'version'], folder)) || (await whyMissing(build, folder));

test('Telegraf reads a stream over a split, and goes on where its checkpoint is', { skip }, async (t) => {
  await using server = await startGuardedServer();
  await createCheckpointTable(server, 'checkpoints');
  using stream = await NumberedStream.create(server, 'orders', 1, line);
  await stream.put(300);
  await using first = consumer(server);
  await first.until((lines) => lines.length >= 150);
  await stream.put(150);
  await stream.split();
  await stream.put(150);
  await first.until((lines) => lines.length >= stream.count);
  await first.stop();

  await stream.put(100);
  await using second = consumer(server);
  await second.until((lines) => lines.length >= 100);
  await second.stop();
  const again = await stream.check([...first.lines, ...second.lines].map(seen));
  assert.equal(again, 0, 'one that ended in peace has left its position');
  counted(t, `${stream.count} of ${stream.count} records over a split and a restart, none twice`);
});

test('Telegraf writes to a stream', { skip }, async (t) => {
  await using server = await startGuardedServer();
  using stream = await NumberedStream.create(server, 'orders', 2);
  const lines = Array.from({ length: 300 }, (_, number) => line(number));
  const file = join(server.folder, 'lines');
  writeFileSync(file, lines.join('\n'));
  const environment = { ...server.environment, LINES: file };
  const command = ['./build/telegraf', '--config', 'output.conf', '--once'] as const;
  await runProgram({ command, folder, environment, seconds: 120 });
  const found = (await stream.texts()).map((text) => seen(text).number).sort((one, two) => one - two);
  assert.deepEqual(
    found,
    lines.map((_, number) => number),
  );
  counted(t, `${found.length} of ${lines.length} records written, none twice`);
});

function consumer({ environment }: GuardedServer): RunningProgram {
  const command = ['./build/telegraf', '--config', 'input.conf'] as const;
  return new RunningProgram({ command, folder, environment, seconds: 120 });
}

function line(number: number): string {
  return `orders,shop=shop-${number % 17} number=${number}i 1700000000000000000`;
}

function seen(text: string): Seen {
  return { number: Number(/number=(\d+)i/.exec(text)![1]) };
}
