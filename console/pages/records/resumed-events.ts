/**
 * An event of a stream of server-sent events. `id` is where it can be resumed: the last that came, as in
 * `ServerEvent`; undefined or empty before the first.
 */
export type StreamEvent = { readonly event: string; readonly data: string; readonly id?: string | undefined };

/**
 * Opens the stream, after `lastEventId` where one is given. Rejects, or ends with an error, when it breaks.
 */
export type OpenEvents = (
  lastEventId: string | undefined,
  signal: AbortSignal,
) => AsyncIterable<StreamEvent> | Promise<AsyncIterable<StreamEvent>>;

export type Resumption = {
  readonly open: OpenEvents;
  readonly signal: AbortSignal;
  /** Whether it is worth trying again after this error: a broken connection is, a refusal is not. */
  readonly canRetry: (error: unknown) => boolean;
  /** Waits before it is tried again; `attempt` is 1 for the first try after events came. */
  readonly pause: (attempt: number) => Promise<void>;
  /** Where to resume to begin with. */
  readonly after?: string | undefined;
};

/**
 * The events of a stream, each record once, however often the connection breaks: it is opened again after the
 * last id that came, and the records that had come since that id, which come again then, are left out. Here
 * `id` is only with events that came with a new one: there a reader may stop, and go on after it.
 */
export async function* resumedEvents(resumption: Resumption): AsyncGenerator<StreamEvent> {
  const { open, signal, canRetry, pause } = resumption;
  let lastId = resumption.after;
  let sinceId: string[] = [];
  for (let attempt = 0; !signal.aborted; ) {
    const again = new Set(sinceId);
    try {
      for await (const event of await open(lastId, signal)) {
        attempt = 0;
        const isNew = event.event !== 'record' || !again.delete(event.data);
        if (event.event === 'record' && isNew) sinceId.push(event.data);
        const hasPosition = event.id !== undefined && event.id !== '' && event.id !== lastId;
        if (hasPosition) {
          lastId = event.id;
          sinceId = [];
        }
        const id = hasPosition ? lastId : undefined;
        if (isNew) yield { event: event.event, data: event.data, id };
        else if (hasPosition) yield { event: 'position', data: '', id };
        if (event.event === 'end') return;
      }
    } catch (error) {
      if (signal.aborted) return;
      if (!canRetry(error)) throw error;
    }
    if (signal.aborted) return;
    attempt++;
    await pause(attempt);
  }
}
