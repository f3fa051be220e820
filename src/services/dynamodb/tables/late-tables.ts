import type { Clock, Millis } from '../../../env/clock.ts';
import { detached } from '../../../env/detached.ts';
import type { Logger } from '../../../env/logger.ts';
import type { Engine, ShardKey } from '../../../log/log.ts';
import type { Tick } from '../../../stream/background.ts';
import type { TableStore } from './table-store.ts';

/** Where in the engine of the services the log of the tables is. */
export const tablesKey: ShardKey = { stream: 'dynamodb', shard: 0 };

/**
 * The tables, which are replayed when somebody asks for them first: most servers never hear of DynamoDB. They
 * are in the thread that owns the log alone.
 */
export class LateTables {
  readonly #log: Engine;
  readonly #env: TablesEnv;
  #opening: Promise<OpenedTables> | undefined;
  #opened: OpenedTables | undefined;
  #isClosed = false;

  constructor(log: Engine, env: TablesEnv) {
    this.#log = log;
    this.#env = env;
  }

  /** Undefined until they were replayed. */
  get opened(): TableStore | undefined {
    return this.#opened?.store;
  }

  /**
   * Replays the log, once. Rejects with `NewerFormatError` or `DamagedError` when it cannot be understood,
   * and is tried anew by the next call then; with `TablesTooLargeError`, for good, when the heap is too
   * small.
   */
  async open(): Promise<TableStore> {
    return (await this.#open()).store;
  }

  /**
   * Replays the log from its beginning, also when it was replayed before: another process may have written to
   * it since. Rejects as `open` does.
   */
  async openAnew(): Promise<void> {
    this.#opening = undefined;
    await this.#open();
  }

  /**
   * Has a log that is not empty replayed from now on, so that the first call need not wait for it. When it
   * cannot be, that is logged, and nothing else is harmed.
   */
  begin(): void {
    const begun = async () => {
      const { start, end } = await this.#log.position(tablesKey);
      if (end > start) await this.#open();
    };
    detached(begun(), (error) => {
      if (!this.#isClosed) this.#env.logger.error('The tables cannot be read.', { error });
    });
  }

  /** The log is about to be closed, whether or not it was read to its end. */
  close(): void {
    this.#isClosed = true;
  }

  /** Removes what has expired, and fills indexes; nothing as long as the tables were not asked for. */
  readonly tick: Tick = async () => this.#opened?.tick();

  async #open(): Promise<OpenedTables> {
    this.#opening ??= this.#openNow();
    return await this.#opening;
  }

  async #openNow(): Promise<OpenedTables> {
    try {
      const { openTables } = await import('./open-tables.ts');
      this.#opened = await openTables(this.#log, this.#env, { slackBytes: this.#env.slackBytes });
      return this.#opened;
    } catch (error) {
      // What was too much once is too much each time.
      if (!(error instanceof TablesTooLargeError)) this.#opening = undefined;
      throw error;
    }
  }
}

/** The tables are larger than what the heap of this process has room for. */
export class TablesTooLargeError extends Error {
  override readonly name = 'TablesTooLargeError';
}

export type TablesEnv = {
  readonly clock: Clock;
  readonly logger: Logger;
  /** How long a table or an index is CREATING, UPDATING or DELETING at least. */
  readonly transitionDelay: Millis;
  /** How many bytes the heap of the process can have; undefined where that is no matter. */
  readonly heapBytesMax?: number | undefined;
  /** How much longer than a few times what is in the tables the log may be. 1 MiB unless it says. */
  readonly slackBytes?: number;
};

/** The tables with the work that is to be done about them. */
export type OpenedTables = { readonly store: TableStore; readonly tick: Tick };
