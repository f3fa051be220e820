// This file has state: how far this machine's clock is from the server's.
import { signal } from '@preact/signals';

/** What is to be added to this machine's clock for the server's, in milliseconds. */
const clockOffsetMs = signal(0);

/** The server's time in milliseconds, as far as it is known. */
export function serverNow(): number {
  return Date.now() + clockOffsetMs.value;
}

/**
 * Learns the server's time from the Date of an answer, which is in whole seconds; what is less than half a
 * minute off is left as it is: signatures may be 5 minutes old.
 */
export function learnClock(answer: Pick<Response, 'headers'>): void {
  const date = Date.parse(answer.headers.get('date') ?? '');
  if (Number.isNaN(date)) return;
  const offset = date - Date.now();
  if (Math.abs(offset - clockOffsetMs.peek()) > toleratedMs) clockOffsetMs.value = offset;
}

const toleratedMs = 30_000;
