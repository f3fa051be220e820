/** A regular expression of AWS's models. It matches whole values only, whether or not its text is anchored. */
export type Pattern = { readonly text: string; matches(value: string): boolean };

export function pattern(text: string): Pattern {
  const expression = new RegExp(`^(?:${text})$`, 's');
  return { text, matches: (value) => expression.test(value) };
}
