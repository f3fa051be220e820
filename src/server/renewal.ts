import { type Gate, loadCredentials } from '../access/gate.ts';
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
  readonly logger: Logger;
  /** `logger`, if it is the server's own. */
  readonly changeableLogger: ChangeableLogger | undefined;
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
  #logLevel: LogLevel;
  /** One at a time: of two that overlap, the older might be the last to be taken over. */
  #turn: Promise<void> = Promise.resolve();

  constructor(parts: RenewedParts) {
    this.#parts = parts;
    this.#credentials = parts.credentials;
    this.#logLevel = parts.settings.logLevel;
  }

  /** Resolves when all threads know. */
  readonly reload = (change: { readonly logLevel?: LogLevel } = {}): Promise<void> => {
    const renewed = this.#turn.then(() => this.#renew(change.logLevel ?? this.#logLevel));
    // A failed reload is reported to its caller, and does not keep the next one from trying.
    this.#turn = renewed.catch(() => {});
    return renewed;
  };

  async #renew(logLevel: LogLevel): Promise<void> {
    const { settings, gate, tls, logger, changeableLogger, workers } = this.#parts;
    if (logLevel !== this.#logLevel) changeableLogger?.change(logLevel);
    this.#logLevel = logLevel;
    await tls.reload();
    const credentials = await this.#newCredentials();
    if (credentials !== undefined) gate.admit(credentials);
    await workers?.change({ credentials, logLevel });
    if (credentials === undefined) return;
    this.#credentials = credentials;
    logger.info('the credentials were read again', { credentials: settings.credentials });
  }

  /** Undefined when there are none, or none that are new and of use. */
  async #newCredentials(): Promise<string | undefined> {
    try {
      const text = await loadCredentials(this.#parts.settings);
      return text === this.#credentials ? undefined : text;
    } catch (error) {
      if (!(error instanceof StartError)) throw error;
      this.#parts.logger.error('the new credentials are of no use, the old ones stay', { error });
      return undefined;
    }
  }
}
