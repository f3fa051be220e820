import type { Millis } from '../../../env/clock.ts';
import type { OpenWindow } from '../state/lambda-state.ts';

/** The window of a length that a time is in: windows begin at whole multiples of it. Without length, all. */
export function windowOf(time: Millis, seconds: number): Pick<OpenWindow, 'start' | 'end'> {
  if (seconds === 0) return { start: 0, end: Number.POSITIVE_INFINITY };
  const length = seconds * 1000;
  const start = Math.floor(time / length) * length;
  return { start, end: start + length };
}

/** A window without a state yet. */
export function openWindow(time: Millis, seconds: number): OpenWindow {
  return { ...windowOf(time, seconds), state: '{}' };
}

/** Whether a window has another length than windows have now. */
export function isCut({ start, end }: OpenWindow, seconds: number): boolean {
  return end - start !== seconds * 1000;
}

/** The most that all states of a shard take (Lambda developer guide, "Stateful processing": 1 MB). */
export const stateBytesMax = 1024 * 1024;

/**
 * How much later than its end a window is closed where nothing comes any more: a record has its time of
 * arrival before it is durable.
 */
export const windowGraceMs: Millis = 1_000;
