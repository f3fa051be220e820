/**
 * A style sheet without what only its readers need: comments, the last semicolon of a block, and spaces where
 * CSS takes none to be meant (CSS Syntax 3, "Tokenization"). Texts in quotes stay as they are. A space before
 * a colon stays, since it means something in a selector, and so does one around `+`, as in `calc()`.
 */
export function smallerStyle(text) {
  return text.replaceAll(/("(?:[^"\\]|\\.)*")|\/\*[\s\S]*?\*\/|[^"/]+|\//g, (part, quoted) => {
    if (quoted !== undefined || part === '/') return part;
    if (part.startsWith('/*')) return '';
    return part
      .replaceAll(/\s+/g, ' ')
      .replaceAll(/ ?([{};,>]) ?/g, '$1')
      .replaceAll(': ', ':')
      .replaceAll(';}', '}');
  });
}
