import { CallError } from '../../api/call-error.ts';
import { type EventsQuery, streamEvents } from '../../api/stream-events.ts';
import type { OpenEvents } from './resumed-events.ts';

/** Events of the tail route of a stream. */
export function openTail(stream: string, query: EventsQuery): OpenEvents {
  const path = `/streams/${encodeURIComponent(stream)}/tail`;
  return (lastEventId, signal) => streamEvents(path, query, { signal, lastEventId });
}

/** A connection that broke, or a server that is busy or going down, is asked again; a refusal is not. */
export function canRetry(error: unknown): boolean {
  if (!(error instanceof CallError)) return false;
  return error.code === 'Unreachable' || error.status >= 500 || busyCodes.test(error.code);
}

const busyCodes = /^(?:ThrottlingException|LimitExceededException|ProvisionedThroughputExceededException)$/;

/** Waits longer from attempt to attempt, up to five seconds, or until the signal. */
export function pauseBefore(attempt: number, signal: AbortSignal): Promise<void> {
  return pause(Math.min(5000, 250 * 2 ** (attempt - 1)), signal);
}

export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    const end = () => {
      clearTimeout(timer);
      resolve();
    };
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  });
}

/** Has something drawn with the next frame, once for all times that it was asked for until then. */
export function byFrame(draw: () => void): () => void {
  let isAsked = false;
  return () => {
    if (isAsked) return;
    isAsked = true;
    requestAnimationFrame(() => {
      isAsked = false;
      draw();
    });
  };
}
