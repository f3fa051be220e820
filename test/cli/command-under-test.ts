import { Readable } from 'node:stream';
import { readCommandLine } from '../../src/cli/command-line.ts';
import type { CommandWorld, Output } from '../../src/cli/command-world.ts';
import { nodeClock } from '../../src/env/node-clock.ts';
import { nodeRandom } from '../../src/env/node-random.ts';
import { readUserFile } from '../../src/env/user-file.ts';
import { createHttpClient } from '../../src/http/client.ts';

/** What a command was given, and where. */
export type Given = {
  /** What is piped into it. */
  readonly input?: string;
  readonly isTerminal?: boolean;
  readonly variables?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  /** Keys that are pressed. */
  readonly keys?: readonly string[];
};

export type Outcome = { readonly exitCode: number; readonly out: string; readonly progress: string };

/** Carries out a command line of those that call a server, in this process. Rejects as the command does. */
export async function runCommand(args: readonly string[], given: Given = {}): Promise<Outcome> {
  const {
    input = '',
    isTerminal = false,
    variables = {},
    keys = [],
    signal = new AbortController().signal,
  } = given;
  const surroundings = {
    variables: { HOME: '/nowhere', ...variables },
    readFile: async (path: string) => String(await readUserFile(path)),
  };
  const request = await readCommandLine(args, surroundings);
  if ('show' in request) return { exitCode: 0, out: request.show, progress: '' };
  if (!('run' in request)) throw new Error(`${args[0]} is no command of this kind`);
  const out = new Kept(isTerminal);
  const progress = new Kept(isTerminal);
  const world: CommandWorld = {
    ...{ surroundings, signal, out, progress, clock: nodeClock, random: nodeRandom() },
    client: createHttpClient({ timeoutMs: 60_000, bodyBytesMax: 32 * 1024 * 1024, keepAlive: false }),
    input: () => Readable.from([Buffer.from(input)]),
    inputIsTerminal: isTerminal,
    keys: async function* () {
      yield* keys;
    },
  };
  const exitCode = await request.run(world);
  return { exitCode, out: out.text, progress: progress.text };
}

/** Keeps what is written. */
class Kept implements Output {
  readonly isTerminal: boolean;
  readonly columns = 120;
  readonly rows = 40;
  readonly hasColours = false;
  readonly isClosed = false;
  text = '';

  constructor(isTerminal: boolean) {
    this.isTerminal = isTerminal;
  }

  async write(text: string | Uint8Array): Promise<void> {
    this.text += typeof text === 'string' ? text : Buffer.from(text).toString();
  }
}
