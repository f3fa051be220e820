import { test } from 'node:test';
import { consumed, distinct } from '../consumed.ts';
import { counted } from '../counted.ts';
import { onlyInFull } from '../extent.ts';
import { whyMissing } from '../foreign-program.ts';
import { type GuardedServer, startGuardedServer } from '../guarded-server.ts';
import { NumberedStream } from '../numbered-stream.ts';
import { RunningProgram } from '../running-program.ts';

const folder = new URL('./', import.meta.url);
const skip = onlyInFull || (await whyMissing(['go', 'build', '-o', 'build/consumer', '.'], folder));

for (const kind of ['polling', 'fanout'] as const) {
  const what = `vmware-go-kcl-v2, ${kind}, follows a split and a merge, and takes over from one that is killed`;
  test(what, { skip }, async (t) => {
    await using server = await startGuardedServer();
    using stream = await NumberedStream.create(server, 'orders', 2);
    await stream.put(300);
    // Two that begin at once both make the table, and one of them fails for it.
    await using one = worker(server, kind, stream.name, 'one');
    await one.until((lines) => lines.length >= stream.count);
    await using two = worker(server, kind, stream.name, 'two');
    await stream.putUntil(two.until((lines) => lines.length > 0));
    const both = () => [...one.lines, ...two.lines];
    const all = () => distinct(both()) >= stream.count;
    await stream.split();
    await stream.put(300);
    await two.kill();
    await one.until(all);
    await stream.merge();
    await stream.put(300);
    await one.until(all);
    await one.stop();
    const again = await stream.check(consumed(both()));
    counted(t, `${stream.count} of ${stream.count} records over a split, a kill and a merge, ${again} twice`);
  });
}

function worker(server: GuardedServer, ...words: string[]): RunningProgram {
  const { environment } = server;
  return new RunningProgram({ command: ['./build/consumer', ...words], folder, environment, seconds: 120 });
}
