import { loadCredentials } from '../access/credentials-file.ts';
import type { Gate } from '../access/gate.ts';
import type { Clock, Millis } from '../env/clock.ts';
import { detached, unthinkable } from '../env/detached.ts';
import type { Logger } from '../env/logger.ts';
import { StartError } from '../env/start-error.ts';
import type { ChangeableLogger } from './changeable-logger.ts';
import type { LogLevel, ServerOptions } from './options.ts';
import type { TlsIdentity } from './tls-identity.ts';
import type { Workers } from './workers/workers.ts';

/** The parts of a running server that can be changed. */
export type RenewedParts = {
  readonly settings: ServerOptions;
  /** The text of the credentials file, and the gate that admits its users. */
  readonly credentials: string | undefined;
  readonly gate: Gate;
  readonly tls: TlsIdentity;
  readonly clock: Clock;
  readonly logger: Logger;
  /** `logger`, if it is the server's own. */
  readonly changeableLogger?: ChangeableLogger | undefined;
  /** Undefined when the process has one thread. */
  readonly workers: Workers | undefined;
};

/**
 * Takes over what has changed since a server was started. A change that cannot be used is logged, and what
 * was there before stays.
 */
export class Renewal {
  readonly #parts: RenewedParts;
  #credentials: string | undefined;
  /** Why the newest credentials are of no use; undefined when they are in use. */
  #fault: string | undefined;
  readonly #closed = new AbortController();
  #logLevel: LogLevel;
  /** One at a time: of two that overlap, the older might be the last to be taken over. */
  #turn: Promise<void> = Promise.resolve();

  constructor(parts: RenewedParts) {
    this.#parts = parts;
    this.#credentials = parts.credentials;
    this.#logLevel = parts.settings.logLevel;
    if (parts.settings.credentials !== undefined) detached(this.#watch(), unthinkable);
  }

  close(): void {
    this.#closed.abort();
  }

  /**
   * The credentials are looked at now and then: what changes them does not always know which process to
   * signal.
   */
  async #watch(): Promise<void> {
    const { signal } = this.#closed;
    for (;;) {
      await this.#parts.clock.sleep(lookMs, signal);
      if (signal.aborted) return;
      const looked = this.#turn.then(() => this.#takeCredentials());
      this.#turn = looked.then(
        () => {},
        () => {},
      );
      await looked;
    }
  }

  /** Resolves when all threads know. */
  readonly reload = (change: { readonly logLevel?: LogLevel } = {}): Promise<void> => {
    const renewed = this.#turn.then(() => this.#renew(change.logLevel ?? this.#logLevel));
    // A failed reload is reported to its caller, and does not keep the next one from trying.
    this.#turn = renewed.catch(() => {});
    return renewed;
  };

  async #renew(logLevel: LogLevel): Promise<void> {
    const { tls, changeableLogger, workers } = this.#parts;
    if (logLevel !== this.#logLevel) changeableLogger?.change(logLevel);
    this.#logLevel = logLevel;
    await tls.reload();
    this.#fault = undefined;
    const isTold = await this.#takeCredentials();
    if (!isTold) await workers?.change({ credentials: undefined, logLevel });
  }

  /** Has all threads admit the profiles of new credentials; answers whether there were any. */
  async #takeCredentials(): Promise<boolean> {
    const { settings, gate, logger, workers } = this.#parts;
    const credentials = await this.#newCredentials();
    if (credentials === undefined) return false;
    gate.admit(credentials);
    await workers?.change({ credentials, logLevel: this.#logLevel });
    this.#credentials = credentials;
    logger.info('the credentials were read again', { credentials: settings.credentials });
    return true;
  }

  /** Undefined when there are none, or none that are new and of use. */
  async #newCredentials(): Promise<string | undefined> {
    const { settings, logger } = this.#parts;
    if (settings.credentials === undefined) return undefined;
    try {
      const text = await loadCredentials(settings.credentials);
      this.#fault = undefined;
      return text === this.#credentials ? undefined : text;
    } catch (error) {
      if (!(error instanceof StartError)) throw error;
      // The same fault is told once, until it is asked for.
      if (error.message !== this.#fault) {
        logger.error('the new credentials are of no use, the old ones stay', { error });
      }
      this.#fault = error.message;
      return undefined;
    }
  }
}

const lookMs: Millis = 5_000;
