import type { Clock, Millis } from '../env/clock.ts';
import { detached, unthinkable } from '../env/detached.ts';
import type { LogFields, Logger } from '../env/logger.ts';

/**
 * Logs the same line at most once a second, and then how often it came again: a full disk fails thousands of
 * requests a second, and each failure is the same news.
 */
export function calmLogger(logger: Logger, clock: Clock): Logger {
  const said = new Map<string, Said>();

  const say =
    (level: Level) =>
    (message: string, fields: LogFields = {}) => {
      const { again: nested, ...own } = fields;
      const repeats = Number(nested ?? 0);
      const now = clock.monotonic();
      const key = keyOf(level, message, own);
      const line = said.get(key);
      if (line !== undefined && now - line.at < everyMs) {
        line.again += 1 + repeats;
        if (line.again === 1 + repeats) {
          detached(
            clock.sleep(line.at + everyMs - now).then(() => line.sayAgain()),
            unthinkable,
          );
        }
        return;
      }
      const sayNow = (again: number) => logger[level](message, again === 0 ? own : { ...own, again });
      sayNow(repeats);
      if (said.size >= linesMax) forgetOld(said, now);
      if (said.size >= linesMax) return;
      const begun: Said = {
        at: now,
        again: 0,
        sayAgain() {
          begun.at = clock.monotonic();
          sayNow(begun.again);
          begun.again = 0;
        },
      };
      said.set(key, begun);
    };
  return { debug: say('debug'), info: say('info'), warn: say('warn'), error: say('error') };
}

type Level = keyof Logger;

/** A line, when it was said last, and how often it came since. */
type Said = { at: Millis; again: number; sayAgain(): void };

function forgetOld(said: Map<string, Said>, now: Millis): void {
  for (const [key, { at, again }] of said) if (again === 0 && now - at >= everyMs) said.delete(key);
}

function keyOf(level: Level, message: string, fields: LogFields): string {
  return [level, message, ...Object.values(fields).map(textOf)].join('\n');
}

function textOf(value: unknown): string {
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

const everyMs: Millis = 1_000;

/** Of more different lines in one second, the others are said as they come. */
const linesMax = 1_000;
