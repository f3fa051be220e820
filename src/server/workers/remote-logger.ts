import type { LogFields, Logger } from '../../env/logger.ts';
import { restored, type TransferredError, transferred } from '../../gateway/error-transfer.ts';
import type { RecordsClient } from '../../gateway/records-client.ts';
import type { LogEvent } from '../../gateway/requests.ts';
import { type LogLevel, logLevels } from '../options.ts';

/** Has the owner log, so that all lines are written by one thread; what the level leaves out is not sent. */
export function remoteLogger(owner: RecordsClient, level: LogLevel): Logger {
  const least = logLevels.indexOf(level);
  const log =
    (at: LogEvent['level']) =>
    (message: string, fields: LogFields = {}) => {
      if (logLevels.indexOf(at) >= least)
        owner.tell('log', { level: at, message, fields: plainFields(fields) });
    };
  return { debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error') };
}

/** Logs what a worker has sent. */
export function logNote(logger: Logger, { level, message, fields }: LogEvent): void {
  const entries = Object.entries(fields).map(([name, value]) => [
    name,
    isSentError(value) ? restored(value.sentError) : value,
  ]);
  logger[level](message, Object.fromEntries(entries));
}

type SentError = { readonly sentError: TransferredError };

/** Errors lose their class on the way, and may carry what cannot be sent. */
function plainFields(fields: LogFields): LogFields {
  const plain = Object.entries(fields).map(([name, value]) => [
    name,
    value instanceof Error ? ({ sentError: transferred(value) } satisfies SentError) : value,
  ]);
  return Object.fromEntries(plain);
}

function isSentError(value: unknown): value is SentError {
  return typeof value === 'object' && value !== null && 'sentError' in value;
}
