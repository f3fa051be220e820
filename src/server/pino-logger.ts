import { pino } from 'pino';
import type { LogFields, Logger } from '../env/logger.ts';
import { silentLogger } from '../env/logger.ts';
import { nodeClock } from '../env/node-clock.ts';
import { LineWriter } from '../env/node-line-writer.ts';
import type { LogLevel } from './options.ts';

/** What is logged, and what makes sure before an end that it was said. */
export type LineLogger = { readonly logger: Logger; readonly finish: () => void };

/** JSON lines on stderr. Nobody waits for them: what stderr has no room for is left out, and counted. */
export function pinoLogger(level: LogLevel): LineLogger {
  if (level === 'silent') return { logger: silentLogger, finish() {} };
  // Node makes a pipe or a socket that stderr is one that does not block when it is looked at first.
  const writer = new LineWriter(process.stderr.fd, leftOutLine);
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
    writer,
  );
  const logger: Logger = {
    debug: (message, fields: LogFields = {}) => lines.debug(fields, message),
    info: (message, fields: LogFields = {}) => lines.info(fields, message),
    warn: (message, fields: LogFields = {}) => lines.warn(fields, message),
    error: (message, fields: LogFields = {}) => lines.error(fields, message),
  };
  return { logger, finish: () => writer.finish() };
}

function leftOutLine(leftOut: number): string {
  const time = new Date(nodeClock.now()).toISOString();
  return `${JSON.stringify({ level: 'warn', time, message: 'lines of the log were left out', leftOut })}\n`;
}

function withoutStack(error: unknown): unknown {
  return error instanceof Error ? `${error.name}: ${error.message}` : error;
}

function withStack(error: unknown): unknown {
  return error instanceof Error ? error.stack : error;
}
