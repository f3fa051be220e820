import type { Caller } from '../../access/caller.ts';
import type { Clock } from '../../env/clock.ts';
import type { Logger } from '../../env/logger.ts';
import type { Random } from '../../env/random.ts';
import type { Records } from '../../log/log.ts';
import type { CodeStore } from './code/code-store.ts';
import type { FailureStore } from './failures/failure-store.ts';
import type { EventQueue } from './functions/event-queue.ts';
import type { FunctionKinds } from './functions/function-kinds.ts';
import type { Functions } from './functions/functions.ts';
import type { RecentOutput } from './functions/recent-output.ts';
import type { MappingSight, SightsElsewhere } from './mappings/mapping-sight.ts';
import type { SourceAccess } from './mappings/source-access.ts';
import type { LambdaJournal } from './state/lambda-state.ts';

/** What the operations of Lambda work with. */
export type LambdaWorld = {
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** Which functions may be made here. */
  readonly kinds: FunctionKinds;
  /** Opens what is opened for the first call: for `later`. In a worker there is nothing to open. */
  readonly open: () => Promise<unknown>;
  /** What was opened by then; for operations, none of which runs in a worker. */
  readonly opened: () => OpenedLambda;
};

export type OpenedLambda = {
  readonly journal: LambdaJournal;
  readonly code: CodeStore;
  readonly functions: Functions;
  /** Invocations that nobody waits for. */
  readonly events: EventQueue;
  /** What functions wrote lately. */
  readonly output: RecentOutput;
  readonly failures: FailureStore;
  readonly sources: SourceAccess;
  /** Of all streams, to find the ends of their shards. */
  readonly records: Pick<Records, 'position'>;
  readonly sight: MappingSight;
  readonly sightsElsewhere: SightsElsewhere;
  /** Whether Lambda may take on a role, by its ARN: where signatures are not verified, any. */
  readonly isAssumable: (role: string) => boolean;
  /**
   * A URL of this server that carries out, for ten minutes, what a caller may: a GET of path and query.
   * Undefined where it is not known how clients reach this server.
   */
  readonly signedUrl: (caller: Caller, target: string) => string | undefined;
  /** Told of mappings that are to change their state, and of code that may go. */
  readonly nudge: () => void;
};
