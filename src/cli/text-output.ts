import { once } from 'node:events';
import type { Writable } from 'node:stream';

/** What is written to: a terminal, a file or a pipe. */
export interface TextOutput {
  readonly isTerminal: boolean;
  /** Whether what is written may have colours (no-color.org). */
  readonly hasColors: boolean;
  /** Of a terminal, how wide it is. */
  readonly columns: number;
  /** Aborted once nobody reads any more. */
  readonly closed: AbortSignal;
  /** Resolves when there is room for more, or nobody reads any more. Never rejects. */
  write(text: string): Promise<void>;
}

/** An output of this process. Who goes away while it is written to is no failure. */
export function textOutput(
  stream: Writable & { readonly isTTY?: boolean; readonly columns?: number },
  variables: Readonly<Record<string, string | undefined>>,
): TextOutput {
  const closing = new AbortController();
  for (const event of ['error', 'close']) stream.on(event, () => closing.abort());
  const { isTTY: isTerminal = false } = stream;
  return {
    isTerminal,
    hasColors: isTerminal && !variables['NO_COLOR'] && variables['TERM'] !== 'dumb',
    get columns() {
      return stream.columns ?? 80;
    },
    closed: closing.signal,
    async write(text) {
      if (closing.signal.aborted || stream.write(text)) return;
      // Fails with the signal's reason, which `closed` tells as well.
      await once(stream, 'drain', { signal: closing.signal }).catch(() => undefined);
    },
  };
}
