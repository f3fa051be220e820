import type { SeededRandom } from '../harness/random.ts';
import type { Workshop } from './workshop.ts';

/** One way to hurt a server on the real kernel. */
export type Fault = {
  readonly name: string;
  /** What is done, in the words of the table. */
  readonly title: string;
  /** How often it is done unless the user says otherwise. */
  readonly roundsUsual: number;
  /** When it is given seconds and no rounds, it goes on until they are over. */
  readonly isEndless?: true;
  /** The server that it hurts, when that is not ours: its losses are reported and are no failure. */
  readonly peer?: string;
  /** Where servers keep everything, when that is not a disk of their own. */
  readonly engine?: 'kafka';
  /** Why it cannot be done on this machine; undefined when it can. */
  obstacle(): string | undefined | Promise<string | undefined>;
  /** Hurts, heals and looks, once for each round that is asked for. */
  rounds(stage: Stage): AsyncGenerator<Round>;
};

/** What a fault has to work with. The seed decides all it draws, but not the kernel's own timing. */
export type Stage = {
  readonly workshop: Workshop;
  readonly random: SeededRandom;
  /** The run is given so many seconds, on a machine of its own: how long things took is judged as well. */
  readonly isTimed: boolean;
};

/** What came of one round. */
export type Round = {
  /** Records that were acknowledged in it. */
  readonly acknowledged: number;
  /** Broken promises, as sentences that begin with the kind. */
  readonly violations: readonly string[];
  /** What was measured until then, in a line for the end of the report. */
  readonly figures?: string;
};
