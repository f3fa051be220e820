import { isatty } from 'node:tty';
import { detached, unthinkable } from './detached.ts';

/** What a process does when it is told to. Neither rejects. */
type SignalOrders = {
  /** Ends the process, as soon as what is under way is done. */
  end(): Promise<void>;
  /** Reads again what may change while the process runs. */
  reload(): Promise<void>;
};

/**
 * The signals of this process, from the moment that this object is made. By default the kernel keeps some of
 * them from a container's first process, and Node opens a debugger at SIGUSR1, to every user of this machine.
 */
export class NodeSignals {
  #orders: SignalOrders | undefined;
  #isEnding = false;
  #isReloadDue = false;

  constructor() {
    process.on('SIGINT', () => this.#end(128 + 2));
    process.on('SIGTERM', () => this.#end(128 + 15));
    process.on('SIGQUIT', () => process.exit(128 + 3));
    process.on('SIGHUP', this.#hangUp(terminal()));
    process.on('SIGUSR1', () => {});
    process.on('SIGUSR2', () => {});
    if (isRunByNpx(process.env)) this.#endWithParent();
  }

  /** From now on an end is orderly, and a reload possible. Before, every end is at once. */
  obey(orders: SignalOrders): void {
    this.#orders = orders;
    if (this.#isReloadDue) detached(orders.reload(), unthinkable);
  }

  /** The second time the process ends at once. */
  #end(exitCode: number): void {
    if (this.#isEnding || this.#orders === undefined) process.exit(exitCode);
    this.#isEnding = true;
    detached(this.#orders.end(), unthinkable);
  }

  /** When its terminal has gone, the process ends, too. Any other SIGHUP asks it to reload. */
  #hangUp(terminal: number | undefined): () => void {
    return () => {
      if (terminal !== undefined && !isatty(terminal)) this.#end(128 + 1);
      else if (this.#orders === undefined) this.#isReloadDue = true;
      else detached(this.#orders.reload(), unthinkable);
    };
  }

  /**
   * npx has a shell run the command, and passes SIGTERM on to the shell only, which ends without a word to
   * the command.
   */
  #endWithParent(): void {
    const parent = process.ppid;
    const look = setInterval(() => {
      if (process.ppid === parent) return;
      clearInterval(look);
      this.#end(128 + 15);
    }, lookMs);
    look.unref();
  }
}

/**
 * Whether npx runs this command itself. A program in between, which starts it in turn, may want it to stay.
 */
function isRunByNpx({
  npm_lifecycle_event: event,
  npm_lifecycle_script: script = '',
}: NodeJS.ProcessEnv): boolean {
  return event === 'npx' && /^'?millrace\b/.test(script);
}

const lookMs = 250;

/**
 * The terminal that the process was started from, as a descriptor. A descriptor whose terminal has hung up is
 * no terminal any more (tty_hung_up_p in Linux).
 */
function terminal(): number | undefined {
  return [0, 1, 2].find((descriptor) => isatty(descriptor));
}
