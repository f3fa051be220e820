import { StringDecoder } from 'node:string_decoder';

/** The lines of a text in UTF-8, without what ends them; the last one may have no end. */
export async function* lines(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  for await (const piece of bytes) {
    const all = (rest + decoder.write(Buffer.from(piece))).split('\n');
    rest = all.pop()!;
    for (const line of all) yield line.endsWith('\r') ? line.slice(0, -1) : line;
  }
  rest += decoder.end();
  if (rest !== '') yield rest;
}
