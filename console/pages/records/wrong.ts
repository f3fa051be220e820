/** What is wrong with a text that was typed, and where in it, from 0, if that is known. */
export type Wrong = { readonly message: string; readonly position?: number | undefined };

/**
 * What the server says of an expression, a query or a schema: it ends with the place, where it knows that.
 */
export function wrongOf(message: string): Wrong {
  const [, said, character] = /^(.*?) \(at character (\d+)\)$/s.exec(message) ?? [];
  return said === undefined ? { message } : { message: said, position: Number(character) - 1 };
}

/** The line and the column of a place in a text, both from 1, with the text of that line. */
export function placeIn(text: string, position: number) {
  const before = text.slice(0, position).split('\n');
  const column = before.at(-1)!.length + 1;
  return { line: before.length, column, text: text.split('\n')[before.length - 1] ?? '' };
}
