import type { Clock, Millis } from '../env/clock.ts';
import { detached } from '../env/detached.ts';
import type { Logger } from '../env/logger.ts';
import { type Engine, type ShardKey, UnavailableError } from '../log/log.ts';
import type { Tick } from '../stream/background.ts';

/**
 * A part of the server with a journal of its own, which is opened when somebody asks for it first, or at a
 * start that finds something in its journal: most servers never hear of it. It is in the thread that owns the
 * log alone; of several gateways in each.
 */
export class LatePart<Opened extends Journalled> {
  readonly #log: Engine;
  readonly #key: ShardKey;
  readonly #world: LatePartWorld;
  readonly #begun = Promise.withResolvers<{
    readonly open: OpenPart<Opened>;
    readonly opened: () => void;
  }>();
  readonly #ended = new AbortController();
  #opening: Promise<RunningPart<Opened>> | undefined;
  #running: RunningPart<Opened> | undefined;

  /** `key` is where in the engine its journal is. */
  constructor(log: Engine, key: ShardKey, world: LatePartWorld) {
    this.#log = log;
    this.#key = key;
    this.#world = world;
  }

  /** Undefined until it was opened. */
  get opened(): Opened | undefined {
    return this.#running?.opened;
  }

  /**
   * Replays the journal and has its work run, once, when it was begun. Rejects with `NewerFormatError` or
   * `DamagedError` when the journal cannot be understood, and with `UnavailableError` where other machines
   * have it and do not answer; it is tried anew by the next call then.
   */
  async open(): Promise<Opened> {
    if (this.#isClosed) throw new Error(`${this.#world.called} is closed.`);
    this.#opening ??= this.#openNow();
    return (await this.#opening).opened;
  }

  /**
   * Says what it is opened with: it may be from now on. It is if there is something in its journal: work goes
   * on from where it was. Where others write there too, it is opened as soon as one of them has. When it
   * cannot be, that is logged, and nothing else is harmed. `opened` hears of it when it was opened: what is
   * due of it may have been waiting for that.
   */
  begin(open: OpenPart<Opened>, opened = (): void => {}): void {
    this.#begun.resolve({ open, opened });
    detached(this.#begin(), (error) => {
      if (!this.#isClosed) this.#world.logger.error(`${this.#world.called} cannot be read.`, { error });
    });
  }

  /** All that any gateway had committed before is known here then; nothing is read before it was opened. */
  async current(): Promise<void> {
    await this.#running?.opened.journal.current();
  }

  /** What is due of it; nothing as long as it was not opened. */
  readonly tick: Tick = async () => this.#running?.tick();

  /** Begins no more work, waits a while for what is under way, and notes what was done by then. */
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
    const { start, end } = await this.#log.position(this.#key);
    if (end === start) {
      if (this.#log.writer === undefined) return;
      await this.#log.grown(this.#key, end, this.#ended.signal);
    }
    if (!this.#isClosed) await this.open();
  }

  async #openNow(): Promise<RunningPart<Opened>> {
    try {
      const { open, opened } = await this.#begun.promise;
      this.#running = await open(this.#log);
      opened();
      return this.#running;
    } catch (error) {
      this.#opening = undefined;
      throw error;
    }
  }
}

const askAgainMs: Millis = 1_000;

export type LatePartWorld = {
  readonly clock: Pick<Clock, 'sleep'>;
  readonly logger: Logger;
  /** What log lines call it. */
  readonly called: string;
};

/** Loads what it takes, and puts it together on a log. */
export type OpenPart<Opened> = (log: Engine) => Promise<RunningPart<Opened>>;

/** The part as it runs. */
export type RunningPart<Opened> = {
  readonly opened: Opened;
  readonly tick: Tick;
  close(): Promise<void>;
};

type Journalled = { readonly journal: { current(): Promise<unknown> } };
