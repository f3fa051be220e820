import { pino } from 'pino';
import { type LogFields, type Logger, silentLogger } from '../env/logger.ts';
import { nodeClock } from '../env/node-clock.ts';
import { LineWriter } from '../env/node-line-writer.ts';
import type { LogLevel } from './options.ts';

/**
 * The lines that go to stderr. Nothing waits for them to be written: lines that stderr has no room for are
 * left out, and counted.
 */
export function stderrLines(): LineWriter {
  // Node makes a pipe or a socket that stderr is one that does not block when it is looked at first.
  return new LineWriter(process.stderr.fd, leftOutLine);
}

/** Logs in JSON, an event a line. */
export function pinoLogger(level: LogLevel, lines: LineWriter = stderrLines()): Logger {
  if (level === 'silent') return silentLogger;
  const describe = level === 'debug' ? withStack : withoutStack;
  const events = pino(
    {
      level,
      base: null,
      messageKey: 'message',
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { error: describe, cause: describe },
    },
    lines,
  );
  return {
    debug: (message, fields: LogFields = {}) => events.debug(fields, message),
    info: (message, fields: LogFields = {}) => events.info(fields, message),
    warn: (message, fields: LogFields = {}) => events.warn(fields, message),
    error: (message, fields: LogFields = {}) => events.error(fields, message),
  };
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
