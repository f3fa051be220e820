import { detached } from '../../env/detached.ts';
import type { Env } from '../../env/env.ts';
import type { Engine, Records, ShardKey } from '../../log/log.ts';
import type { Tick } from '../../stream/background.ts';
import type { Destinations } from './failures/destinations.ts';
import type { AttachedFunctions } from './functions/attached-functions.ts';
import type { FunctionAccess } from './functions/function-access.ts';
import type { FunctionKinds } from './functions/function-kinds.ts';
import type { MappingMetrics } from './mappings/mapping-metrics.ts';
import type { Placement } from './mappings/placement.ts';
import type { SourceAccess } from './mappings/source-access.ts';
import type { OpenedLambda } from './world.ts';

/** Where in the engine of the services the journal of Lambda is. */
export const lambdaKey: ShardKey = { stream: 'lambda', shard: 0 };

/**
 * Lambda, which is opened when somebody asks for it first, or at a start that finds something of it: most
 * servers never hear of it. It is in the thread that owns the log alone; of several gateways in each.
 */
export class LateLambda {
  readonly #parts: LambdaParts;
  readonly #load: LoadLambda;
  readonly #ended = new AbortController();
  #opening: Promise<RunningLambda> | undefined;
  #running: RunningLambda | undefined;

  constructor(parts: LambdaParts, load: LoadLambda) {
    this.#parts = parts;
    this.#load = load;
  }

  /** Undefined until it was opened. */
  get opened(): OpenedLambda | undefined {
    return this.#running?.opened;
  }

  /**
   * Replays the journal and has mappings run, once. Rejects with `NewerFormatError` or `DamagedError` when
   * the journal cannot be understood, and with `UnavailableError` where other machines have it and do not
   * answer; it is tried anew by the next call then.
   */
  async open(): Promise<OpenedLambda> {
    this.#opening ??= this.#openNow();
    return (await this.#opening).opened;
  }

  /**
   * Opens it from now on if there is something in its journal: mappings run on from where they were. Where
   * others write there too, it is opened as soon as one of them has. When it cannot be, that is logged, and
   * nothing else is harmed.
   */
  begin(): void {
    detached(this.#begin(), (error) => {
      if (!this.#isClosed) this.#parts.logger.error('Lambda cannot be opened.', { error });
    });
  }

  /** All that was committed before, by any gateway, is known here; nothing as long as it was not opened. */
  async current(): Promise<void> {
    await this.#running?.opened.journal.current();
  }

  /** What is due of mappings and functions; nothing as long as it was not opened. */
  readonly tick: Tick = async () => this.#running?.tick();

  /** Ends mappings after the batches under way, and the processes of functions. The journal stays whole. */
  async close(): Promise<void> {
    this.#ended.abort();
    const running = await this.#opening?.catch(() => undefined);
    await running?.close();
  }

  get #isClosed(): boolean {
    return this.#ended.signal.aborted;
  }

  async #begin(): Promise<void> {
    const { log } = this.#parts;
    const { start, end } = await log.position(lambdaKey);
    if (end === start) {
      if (log.writer === undefined) return;
      await log.grown(lambdaKey, end, this.#ended.signal);
    }
    if (!this.#isClosed) await this.open();
  }

  async #openNow(): Promise<RunningLambda> {
    try {
      const openLambda = await this.#load();
      this.#running = await openLambda(this.#parts);
      return this.#running;
    } catch (error) {
      this.#opening = undefined;
      throw error;
    }
  }
}

type LoadLambda = () => Promise<(parts: LambdaParts) => Promise<RunningLambda>>;

/** Lambda as it runs. */
export type RunningLambda = {
  readonly opened: OpenedLambda;
  readonly tick: Tick;
  close(): Promise<void>;
};

/** What Lambda is put together of. */
export type LambdaParts = Pick<Env, 'clock' | 'random' | 'logger' | 'client' | 'processes' | 'panic'> & {
  /** Has the journal, the code of functions, and the records that were given up. */
  readonly log: Engine;
  /** How much longer than a few times its state the journal may be. */
  readonly slackBytes: number;
  /** Streams' records, in the clear. */
  readonly records: () => Records;
  readonly sources: () => SourceAccess;
  readonly placement: Placement;
  readonly metrics: MappingMetrics;
  readonly destinations: () => Promise<Destinations>;
  readonly access: FunctionAccess;
  readonly attached: AttachedFunctions;
  readonly functions: { readonly kinds: FunctionKinds; readonly instancesMax: number };
  /** How long a mapping is Creating, Enabling, Disabling, Updating or Deleting at least, in milliseconds. */
  readonly transitionDelay: number;
  /** Has the ticks of the server run soon. */
  readonly nudge: () => void;
};
