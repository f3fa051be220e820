import { sampleFlights } from './sample-data.ts';

/** What many records are made of: a file, a text, or samples. It can be read more than once. */
export type PutSource = {
  readonly name: string;
  /** In bytes; undefined where it is not known. */
  readonly size: number | undefined;
  /** Enough of it to know what it is. */
  readonly beginning: () => Promise<string>;
  /** Its text piece by piece; `onRead` hears how many bytes of it were read. */
  readonly pieces: (onRead: (bytes: number) => void) => AsyncIterable<string>;
};

export function fileSource(file: File, name: string): PutSource {
  return {
    name,
    size: file.size,
    beginning: () => file.slice(0, beginningBytes).text(),
    pieces: (onRead) => piecesOf(file, onRead),
  };
}

export function textSource(text: string, name: string): PutSource {
  return fileSource(new File([text], 'text'), name);
}

export function sampleSource(name: string): PutSource {
  return textSource([...sampleFlights(1000, 20_261_129)].join('\n'), name);
}

const beginningBytes = 256 * 1024;

/** Safari iterates over no streams, so a reader does. */
async function* piecesOf(file: File, onRead: (bytes: number) => void): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  const reader = file.stream().getReader();
  let bytes = 0;
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      bytes += read.value.length;
      onRead(bytes);
      yield decoder.decode(read.value, { stream: true });
    }
  } finally {
    await reader.cancel();
  }
}
