import type { Clock, Millis } from '../../../env/clock.ts';
import { detached, unthinkable } from '../../../env/detached.ts';
import type { Logger } from '../../../env/logger.ts';
import type { FunctionInstance, Invocation, Ran, RunnableFunction } from './function-runner.ts';
import { NotEnteredError, stoppedError } from './not-entered.ts';

export type PoolWorld = {
  readonly clock: Clock;
  readonly logger: Logger;
  /** The most instances at once. So many may be in use. */
  readonly instancesMax: number;
  /** Rejects when none can be started; then nothing was. */
  readonly start: (function_: RunnableFunction) => Promise<StartedInstance>;
  /** Watches the folder that a function's code is read from. */
  readonly watch: (folder: string, changed: () => void) => Promise<Disposable>;
};

export type StartedInstance = {
  readonly instance: FunctionInstance;
  /** By the wall clock, when it is to be replaced; undefined when that need not be. */
  readonly staleAt: number | undefined;
};

/**
 * Instances of functions, each used by one call at a time and kept for the next one for a while. What runs
 * older code or settings than a call needs is ended, and so is what has nothing to do for 5 minutes.
 */
export class InstancePool {
  readonly #world: PoolWorld;
  /** Those that were used last come last. */
  readonly #held = new Set<Held>();
  readonly #watches = new Map<string, Promise<Disposable>>();
  readonly #closed = new AbortController();
  #isTidying = false;

  constructor(world: PoolWorld) {
    this.#world = world;
  }

  /** Runs an invocation in an instance of the version. Rejects as the instance and its start do. */
  async run(function_: RunnableFunction, invocation: Invocation): Promise<Ran> {
    for (;;) {
      if (this.#closed.signal.aborted) throw stoppedError();
      const held = this.#idleOf(function_) ?? (await this.#start(function_));
      try {
        return await held.instance!.run(invocation);
      } catch (error) {
        // It ended while it was idle: nobody has heard of the invocation.
        if (!(error instanceof NotEnteredError)) throw error;
      } finally {
        this.#handBack(held);
      }
    }
  }

  /** Ends all instances. Their calls reject. */
  async close(): Promise<void> {
    this.#closed.abort();
    await Promise.all([...this.#held].map((held) => this.#end(held)));
  }

  /** The one that was used last; those of the same version that are out of date end. */
  #idleOf(function_: RunnableFunction): Held | undefined {
    const identity = identityOf(function_);
    const key = versionKeyOf(function_);
    let found: Held | undefined;
    for (const held of [...this.#held]) {
      if (held.isBusy || held.key !== key) continue;
      if (held.identity === identity && this.#isFresh(held)) found = held;
      else this.#endLater(held);
    }
    if (found !== undefined) found.isBusy = true;
    return found;
  }

  #isFresh({ instance, isOutOfDate, staleAt }: Held): boolean {
    if (isOutOfDate || instance?.isUsable !== true) return false;
    return staleAt === undefined || this.#world.clock.now() < staleAt;
  }

  async #start(function_: RunnableFunction): Promise<Held> {
    const { code } = function_.settings;
    const held: Held = {
      key: versionKeyOf(function_),
      identity: identityOf(function_),
      folder: code.kind === 'folder' ? code.path : undefined,
      ...{ isBusy: true, isOutOfDate: false, idleSince: 0, instance: undefined, staleAt: undefined },
    };
    this.#makeRoom();
    this.#held.add(held);
    try {
      // From before its code is read: no change is missed.
      if (held.folder !== undefined) await this.#watch(held.folder);
      const { instance, staleAt } = await this.#world.start(function_);
      held.instance = instance;
      held.staleAt = staleAt;
    } catch (error) {
      this.#forget(held);
      throw error;
    }
    if (this.#closed.signal.aborted) this.#endLater(held);
    if (!this.#isTidying) detached(this.#tidy(), unthinkable);
    return held;
  }

  /** Those that were used longest ago make room. */
  #makeRoom(): void {
    for (const held of [...this.#held]) {
      if (this.#held.size < this.#world.instancesMax) return;
      if (!held.isBusy) this.#endLater(held);
    }
  }

  #handBack(held: Held): void {
    if (!this.#held.has(held)) return;
    held.isBusy = false;
    held.idleSince = this.#world.clock.monotonic();
    if (this.#isFresh(held)) {
      this.#held.delete(held);
      this.#held.add(held);
    } else {
      this.#endLater(held);
    }
  }

  async #watch(folder: string): Promise<void> {
    const watching = this.#watches.get(folder) ?? this.#world.watch(folder, () => this.#changed(folder));
    this.#watches.set(folder, watching);
    await watching;
  }

  /** What runs lets its call end; the next one has the new code. */
  #changed(folder: string): void {
    for (const held of [...this.#held].filter((one) => one.folder === folder)) {
      held.isOutOfDate = true;
      if (!held.isBusy) this.#endLater(held);
    }
  }

  #endLater(held: Held): void {
    detached(this.#end(held), (error) => {
      this.#world.logger.error('an instance of a function could not be ended', { error });
    });
  }

  async #end(held: Held): Promise<void> {
    this.#forget(held);
    await held.instance?.end();
  }

  #forget(held: Held): void {
    this.#held.delete(held);
    const { folder } = held;
    if (folder === undefined || [...this.#held].some((other) => other.folder === folder)) return;
    const watching = this.#watches.get(folder);
    this.#watches.delete(folder);
    const ended = watching?.then(
      (watch) => watch[Symbol.dispose](),
      () => {}, // The one who began it was told.
    );
    if (ended !== undefined) detached(ended, unthinkable);
  }

  /** Ends what is idle for long. Sleeps until something may be, and runs only while there are instances. */
  async #tidy(): Promise<void> {
    this.#isTidying = true;
    const { clock } = this.#world;
    while (this.#held.size > 0 && !this.#closed.signal.aborted) {
      const idle = [...this.#held].filter(({ isBusy }) => !isBusy);
      const oldest = Math.min(clock.monotonic(), ...idle.map(({ idleSince }) => idleSince));
      await clock.sleep(oldest + idleMsMax - clock.monotonic(), this.#closed.signal);
      const since = clock.monotonic() - idleMsMax;
      for (const held of [...this.#held]) if (!held.isBusy && held.idleSince <= since) this.#endLater(held);
    }
    this.#isTidying = false;
  }
}

type Held = {
  readonly key: string;
  readonly identity: string;
  readonly folder: string | undefined;
  /** Undefined while it starts. */
  instance: FunctionInstance | undefined;
  staleAt: number | undefined;
  isBusy: boolean;
  /** Its files were changed since it started. */
  isOutOfDate: boolean;
  idleSince: Millis;
};

function versionKeyOf({ id, version }: RunnableFunction): string {
  return `${id} ${version}`;
}

/** Each change of code or settings changes the revision. */
function identityOf({ id, version, settings }: RunnableFunction): string {
  return `${id} ${version} ${settings.revision}`;
}

/** AWS says "some time"; observers measured 5 to 7 minutes. */
export const idleMsMax: Millis = 5 * 60 * 1000;
