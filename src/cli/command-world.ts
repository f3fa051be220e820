import type { Clock } from '../env/clock.ts';
import type { HttpClient } from '../env/http-client.ts';
import type { Random } from '../env/random.ts';
import type { TextOutput } from './text-output.ts';
import type { Surroundings } from './user/user-place.ts';

/** What a command that asks servers works with. */
export type CommandWorld = {
  readonly surroundings: Surroundings;
  readonly client: HttpClient;
  readonly clock: Clock;
  readonly random: Random;
  /** Where what was asked for goes, and what is said beside it. */
  readonly out: TextOutput;
  readonly errors: TextOutput;
  /** Aborted when the command is told to end, or nobody reads `out` any more. */
  readonly signal: AbortSignal;
};

/** What a command line asks for. It may answer an exit code, which is 0 otherwise. */
export type CommandRun = (world: CommandWorld) => Promise<number | undefined>;
