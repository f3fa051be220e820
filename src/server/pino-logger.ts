import { pino } from 'pino';
import type { LogFields, Logger } from '../env/logger.ts';
import { silentLogger } from '../env/logger.ts';
import type { LogLevel } from './options.ts';

/** JSON lines on stderr, written before the call returns so that a panic's last line is not lost. */
export function pinoLogger(level: LogLevel): Logger {
  if (level === 'silent') return silentLogger;
  const describe = level === 'debug' ? withStack : withoutStack;
  const destination = pino.destination({ dest: process.stderr.fd, sync: true });
  // A log that cannot be written, to a full disk or to nobody, is not worth the server.
  destination.on('error', () => {});
  const lines = pino(
    {
      level,
      base: null,
      messageKey: 'message',
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { error: describe, cause: describe },
    },
    destination,
  );
  return {
    debug: (message, fields: LogFields = {}) => lines.debug(fields, message),
    info: (message, fields: LogFields = {}) => lines.info(fields, message),
    warn: (message, fields: LogFields = {}) => lines.warn(fields, message),
    error: (message, fields: LogFields = {}) => lines.error(fields, message),
  };
}

function withoutStack(error: unknown): unknown {
  return error instanceof Error ? `${error.name}: ${error.message}` : error;
}

function withStack(error: unknown): unknown {
  return error instanceof Error ? error.stack : error;
}
