/** Pieces whose source learns at once, also while it waits, that the client takes no more of them. */
export function endable(
  pieces: AsyncGenerator<Uint8Array, void, undefined>,
  end: AbortController,
): AsyncIterable<Uint8Array> {
  return {
    [Symbol.asyncIterator]: () => ({
      async next() {
        const result = await pieces.next();
        if (result.done) end.abort();
        return result;
      },
      async return() {
        end.abort();
        return await pieces.return();
      },
    }),
  };
}
