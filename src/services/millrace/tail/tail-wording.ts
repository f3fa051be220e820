import type { Millis } from '../../../env/clock.ts';

/**
 * An event of the server that is no record (HTML standard, "Server-sent events"). `data` is one line of JSON.
 */
export function eventOf(name: TailEventName, data: object, id?: string): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n${id === undefined ? '' : `id: ${id}\n`}\n`;
}

type TailEventName = 'status' | 'end' | 'trouble' | 'columns' | 'row';

/** Once a second while there is something new: since the tail began, and how old what it reads is. */
export type TailStatus = {
  readonly records: number;
  readonly matched: number;
  /** 0 where all is read that is there. */
  readonly lagMs: Millis;
};

/** A line that clients skip. It begins an answer, and shows proxies and clients that the connection lives. */
export const heartbeat = ':\n\n';

/** Has a client that was cut off ask again after a second, with the id of the last event that it had. */
export const beginning = 'retry: 1000\n\n';
