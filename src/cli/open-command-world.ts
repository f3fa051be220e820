import type { Writable } from 'node:stream';
import { setEngineFlag } from '../env/node-machine.ts';
import { createHttpClient } from '../http/client.ts';
import { nodeEnv } from '../server/node-env.ts';
import type { CommandWorld } from './command-world.ts';
import { textOutput } from './text-output.ts';
import type { Surroundings } from './user/user-place.ts';

type Streams = { readonly stdout: Writable; readonly stderr: Writable };

/** This machine, for a command that asks servers. `ending` is aborted when the command is told to end. */
export function commandWorld(
  surroundings: Surroundings,
  { stdout, stderr }: Streams,
  ending: AbortSignal,
): CommandWorld {
  // A pattern in an expression may otherwise take longer than anyone lives, and no signal is heard meanwhile.
  setEngineFlag('--enable-experimental-regexp-engine-on-excessive-backtracks');
  const { clock, random } = nodeEnv({ data: '.', logLevel: 'error' });
  const out = textOutput(stdout, surroundings.variables);
  return {
    ...{ surroundings, clock, random, out },
    client: createHttpClient({ timeoutMs, bodyBytesMax, keepAlive: true }),
    errors: textOutput(stderr, surroundings.variables),
    signal: AbortSignal.any([ending, out.closed]),
  };
}

const timeoutMs = 60_000;

/** A page of 10 MiB in base64, with room for what is between. */
const bodyBytesMax = 32 * 1024 * 1024;
