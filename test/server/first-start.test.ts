import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Process } from '../../sim/process.ts';
import { fates, World } from '../../sim/world.ts';
import { type Server, startServer } from '../../src/server/server.ts';
import { times } from '../length.ts';

const options = { auth: 'required', limits: 'none', workers: 0 } as const;

/** What came of a start: a server, the error that it ended with, or the reason why the process did. */
type Outcome = {
  readonly process: Process;
  readonly server?: Server;
  readonly error?: unknown;
  readonly died?: string;
};

function start(world: World): Promise<Outcome> {
  const { process, env } = world.boot();
  const started = startServer(options, env).then(
    (server): Outcome => ({ process, server }),
    (error: unknown): Outcome => ({ process, error }),
  );
  const ended = process.death.then((died): Outcome => ({ process, died }));
  return world.scheduler.run(Promise.race([started, ended]));
}

/** Ends a process, and with a power cut all that is not durable, then starts again. */
async function startAfter(world: World, { process }: Outcome, ending: 'kill' | 'cutPower'): Promise<Outcome> {
  world[ending](process);
  world.heal();
  await world.scheduler.run(world.scheduler.sleep(5_000));
  return start(world);
}

test('whatever call of the disk fails or is the last of a first start, the next starts serve', async () => {
  const whole = new World(7);
  assert.ok((await start(whole)).server !== undefined);
  let struck = 0;
  for (let call = 0; call < whole.diskCalls; call++) {
    for (const fate of fates) {
      // A short read harms no start that has nothing to read.
      if (fate === 'short read' || (fate === 'ENOSPC' && call % times(3, 1) > 0)) continue;
      const world = new World(7);
      world.strikeAt({ call, fate });
      let outcome = await start(world);
      // The power cut takes what the second start has believed to be there.
      for (const ending of ['kill', 'cutPower'] as const) {
        outcome = await startAfter(world, outcome, ending);
        const { server, error, died } = outcome;
        assert.ok(server !== undefined, `${ending} after ${fate} at call ${call}: ${died ?? error}`);
      }
      struck += 1;
    }
  }
  assert.ok(struck > 100, `only ${struck} calls`);
});
