import { pino } from 'pino';
import type { LogFields, Logger } from '../env/logger.ts';
import { silentLogger } from '../env/logger.ts';
import type { LogLevel } from './options.ts';

/** Takes finished lines. */
export type Lines = { write(line: string): void };

/** Writes before the call returns, so that a panic's last line is not lost. */
export function stderrLines(): Lines {
  return pino.destination({ dest: process.stderr.fd, sync: true });
}

/** JSON lines, on stderr if nothing else is said. */
export function pinoLogger(level: LogLevel, to: Lines = stderrLines()): Logger {
  if (level === 'silent') return silentLogger;
  const describe = level === 'debug' ? withStack : withoutStack;
  const lines = pino(
    {
      level,
      base: null,
      messageKey: 'message',
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { error: describe, cause: describe },
    },
    to,
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
