import type { LogFields, Logger } from '../../env/logger.ts';
import type { Owner } from '../../gateway/records-client.ts';
import { type PlainError, plainError, restoredError } from '../../gateway/error-transfer.ts';
import type { LogNote } from '../../gateway/requests.ts';
import { type LogLevel, logLevels } from '../options.ts';

/** Has the owner log, so that all lines go one way; what the level leaves out is not sent. */
export function remoteLogger(owner: Owner, level: LogLevel): Logger {
  const least = logLevels.indexOf(level);
  const log =
    (at: LogNote['level']) =>
    (message: string, fields: LogFields = {}) => {
      if (logLevels.indexOf(at) >= least)
        owner.tell('log', { level: at, message, fields: plainFields(fields) });
    };
  return { debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error') };
}

/** Logs what a front has sent. */
export function logNote(logger: Logger, { level, message, fields }: LogNote): void {
  const restored = Object.entries(fields).map(([name, value]) => [
    name,
    isSentError(value) ? restoredError(value.sentError) : value,
  ]);
  logger[level](message, Object.fromEntries(restored));
}

type SentError = { readonly sentError: PlainError };

/** Errors lose their class on the way, and may carry what cannot be sent. */
function plainFields(fields: LogFields): LogFields {
  const plain = Object.entries(fields).map(([name, value]) => [
    name,
    value instanceof Error ? ({ sentError: plainError(value) } satisfies SentError) : value,
  ]);
  return Object.fromEntries(plain);
}

function isSentError(value: unknown): value is SentError {
  return typeof value === 'object' && value !== null && 'sentError' in value;
}
