import type { Clock, Millis } from '../../env/clock.ts';
import { detached } from '../../env/detached.ts';
import type { Logger } from '../../env/logger.ts';
import { type Engine, type ShardKey, UnavailableError } from '../../log/log.ts';
import type { Tick } from '../../stream/background.ts';
import type { OpenedLambda } from './world.ts';

/** Where in the engine of the services the journal of Lambda is. */
export const lambdaKey: ShardKey = { stream: 'lambda', shard: 0 };

/**
 * Lambda, which is opened when somebody asks for it first, or at a start that finds something of it: most
 * servers never hear of it. It is in the thread that owns the log alone; of several gateways in each.
 */
export class LateLambda {
  readonly #log: Engine;
  readonly #world: LateLambdaWorld;
  readonly #begun = Promise.withResolvers<OpenLambda>();
  readonly #ended = new AbortController();
  #opening: Promise<RunningLambda> | undefined;
  #running: RunningLambda | undefined;

  constructor(log: Engine, world: LateLambdaWorld) {
    this.#log = log;
    this.#world = world;
  }

  /** Undefined until it was opened. */
  get opened(): OpenedLambda | undefined {
    return this.#running?.opened;
  }

  /**
   * Replays the journal and has mappings run, once, when it was begun. Rejects with `NewerFormatError` or
   * `DamagedError` when the journal cannot be understood, and with `UnavailableError` where other machines
   * have it and do not answer; it is tried anew by the next call then.
   */
  async open(): Promise<OpenedLambda> {
    if (this.#isClosed) throw new Error('Lambda is closed.');
    this.#opening ??= this.#openNow();
    return (await this.#opening).opened;
  }

  /**
   * Says what it is opened with: it may be from now on. It is if there is something in its journal: mappings
   * run on from where they were. Where others write there too, it is opened as soon as one of them has. When
   * it cannot be, that is logged, and nothing else is harmed.
   */
  begin(open: OpenLambda): void {
    this.#begun.resolve(open);
    detached(this.#begin(), (error) => {
      if (!this.#isClosed) this.#world.logger.error('Functions and mappings cannot be read.', { error });
    });
  }

  /** All that any gateway had committed before is known here then; nothing is read before it was opened. */
  async current(): Promise<void> {
    await this.#running?.opened.journal.current();
  }

  /** What is due of mappings and functions; nothing as long as it was not opened. */
  readonly tick: Tick = async () => this.#running?.tick();

  /**
   * Begins no call of a function any more, waits a while for those under way, and ends their processes. What
   * mappings have done by then is noted.
   */
  async close(): Promise<void> {
    this.#ended.abort();
    const running = await this.#opening?.catch(() => undefined);
    await running?.close();
  }

  get #isClosed(): boolean {
    return this.#ended.signal.aborted;
  }

  /** Machines that keep the log may not answer for a while. */
  async #begin(): Promise<void> {
    while (!this.#isClosed && this.#opening === undefined) {
      try {
        await this.#openWhenWritten();
        return;
      } catch (error) {
        if (!(error instanceof UnavailableError)) throw error;
        await this.#world.clock.sleep(askAgainMs, this.#ended.signal);
      }
    }
  }

  async #openWhenWritten(): Promise<void> {
    const { start, end } = await this.#log.position(lambdaKey);
    if (end === start) {
      if (this.#log.writer === undefined) return;
      await this.#log.grown(lambdaKey, end, this.#ended.signal);
    }
    if (!this.#isClosed) await this.open();
  }

  async #openNow(): Promise<RunningLambda> {
    try {
      const open = await this.#begun.promise;
      this.#running = await open(this.#log);
      return this.#running;
    } catch (error) {
      this.#opening = undefined;
      throw error;
    }
  }
}

const askAgainMs: Millis = 1_000;

export type LateLambdaWorld = { readonly clock: Pick<Clock, 'sleep'>; readonly logger: Logger };

/** Loads what it takes, and puts it together on a log. */
export type OpenLambda = (log: Engine) => Promise<RunningLambda>;

/** Lambda as it runs. */
export type RunningLambda = {
  readonly opened: OpenedLambda;
  readonly tick: Tick;
  close(): Promise<void>;
};
