import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LogFields, Logger } from '../../src/env/logger.ts';
import { calmLogger } from '../../src/server/calm-logger.ts';
import { ManualClock } from '../services/kinesis/manual-clock.ts';

type Line = [level: string, message: string, fields: LogFields];

function calm() {
  const clock = new ManualClock();
  const lines: Line[] = [];
  const note =
    (level: string) =>
    (message: string, fields: LogFields = {}) =>
      void lines.push([level, message, fields]);
  const noting: Logger = {
    debug: note('debug'),
    info: note('info'),
    warn: note('warn'),
    error: note('error'),
  };
  return { clock, lines, logger: calmLogger(noting, clock) };
}

test('a line that comes again within a second is counted, and said again after it', async () => {
  const { clock, lines, logger } = calm();
  for (let nth = 0; nth < 500; nth++) logger.error('the disk is full', { error: new Error('ENOSPC') });
  assert.equal(lines.length, 1);
  assert.deepEqual(lines[0]![2]['again'], undefined);
  await clock.advance(1_000);
  assert.equal(lines.length, 2);
  assert.equal(lines[1]![2]['again'], 499);
  await clock.advance(5_000);
  assert.equal(lines.length, 2);
  logger.error('the disk is full', { error: new Error('ENOSPC') });
  assert.equal(lines.length, 3);
});

test('lines that differ in level, in text or in a field are different', () => {
  const { lines, logger } = calm();
  logger.warn('late', { stream: 'a' });
  logger.warn('late', { stream: 'b' });
  logger.warn('late', { stream: 'a', shards: [1] });
  logger.error('late', { stream: 'a' });
  logger.warn('later', { stream: 'a' });
  logger.warn('late', { error: new Error('one') });
  logger.warn('late', { error: new Error('two') });
  assert.equal(lines.length, 7);
});

test('what was counted already, by a worker, is added', async () => {
  const { clock, lines, logger } = calm();
  logger.warn('late', { again: 3 });
  logger.warn('late', { again: 4 });
  logger.warn('late');
  await clock.advance(1_000);
  assert.deepEqual(
    lines.map(([, , { again }]) => again),
    [3, 6],
  );
});
