import type { Clock } from '../env/clock.ts';
import type { HttpClient } from '../env/http-client.ts';
import type { Random } from '../env/random.ts';
import type { Surroundings } from './surroundings.ts';

/** What a command works with that is neither a server nor about a data directory. */
export type CommandWorld = {
  readonly surroundings: Surroundings;
  readonly clock: Clock;
  readonly random: Random;
  readonly client: HttpClient;
  /** What was asked for. */
  readonly out: Output;
  /** How far it is, and what went wrong on the way. */
  readonly progress: Output;
  /** Bytes that are piped into it. */
  readonly input: () => AsyncIterable<Uint8Array>;
  /** Whether `input` is somebody at a terminal. */
  readonly inputIsTerminal: boolean;
  /** Keys that somebody presses at a terminal, until the signal is aborted; see `nodeKeys`. */
  readonly keys: (signal: AbortSignal) => AsyncIterable<string>;
  /**
   * Aborted by the first SIGINT or SIGTERM from when it is first read; before, those end the process at once.
   */
  readonly signal: AbortSignal;
};

/** A terminal, a pipe or a file. */
export interface Output {
  readonly isTerminal: boolean;
  /** As wide as the terminal is now, 80 elsewhere. */
  readonly columns: number;
  readonly rows: number;
  /** Whether colours are shown: on a terminal, where NO_COLOR (no-color.org) is not set. */
  readonly hasColours: boolean;
  /** Resolves once there is room for more. What nobody reads any more is let go. */
  write(text: string | Uint8Array): Promise<void>;
  /** Whether whoever read it has gone (EPIPE). */
  readonly isClosed: boolean;
}

/**
 * Carries a command out. Answers the exit code: 0 done, 1 not all went well, 130 cut off by a signal. Rejects
 * with `StartError` for what the user can put right in the command, which ends with 2, and with what it was
 * refused with, which ends with 1.
 */
export type Run = (world: CommandWorld) => Promise<number>;

/** Of what would have gone on, had no signal ended it: 128 + SIGINT, as shells expect it. */
export function exitCodeAfter(signal: AbortSignal): number {
  return signal.aborted ? 130 : 0;
}
