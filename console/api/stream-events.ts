import { EventReader, type ServerEvent } from './event-reader.ts';
import { openSigned, unreachable } from './send.ts';

export type { ServerEvent } from './event-reader.ts';

export type EventsAsked = {
  /** Ends the stream. The iteration then ends without an error. */
  readonly signal: AbortSignal;
  /** Where to go on: the `id` of the last event that was seen. */
  readonly lastEventId?: string | undefined;
};

export type EventsQuery = Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * Server-sent events of a path of this server, signed for the service `millrace` by who is signed in: `for
 * await (const { event, data, id } of streamEvents('/streams/orders/tail', { from: '-15m' }, { signal }))`. A
 * list in `query` gives the parameter several times. It ends when the server ends it or `signal` does, and
 * throws `CallError`, with the code `Unreachable` where the connection broke: the caller goes on with
 * `lastEventId`.
 */
export async function* streamEvents(
  path: string,
  query: EventsQuery,
  { signal, lastEventId }: EventsAsked,
): AsyncGenerator<ServerEvent, void, undefined> {
  const resumes: Record<string, string> = lastEventId === undefined ? {} : { 'last-event-id': lastEventId };
  const sent = { method: 'GET', body: '', headers: { accept: 'text/event-stream', ...resumes } };
  try {
    const answer = await openSigned('millrace', { ...sent, path, query: parametersOf(query), signal });
    const reader = new EventReader(lastEventId);
    for await (const text of textsOf(answer)) yield* reader.read(text);
  } catch (error) {
    if (signal.aborted) return;
    throw error instanceof TypeError ? unreachable() : error;
  }
}

function parametersOf(query: EventsQuery): [string, string][] {
  return Object.entries(query).flatMap(([name, value]) =>
    (value === undefined ? [] : typeof value === 'string' ? [value] : [...value]).map(
      (one): [string, string] => [name, one],
    ),
  );
}

/** Safari iterates over no streams, so a reader does. */
async function* textsOf({ body }: Response): AsyncGenerator<string, void, undefined> {
  if (body === null) return;
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) yield read.value;
  } finally {
    await reader.cancel().catch(() => {});
  }
}
