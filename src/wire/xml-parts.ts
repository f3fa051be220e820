/** What a service says of an error; empty texts where it has none. */
export type SaidError = { readonly code: string; readonly message: string };

/** The `Code` and the `Message` of an error in XML, as SNS and S3 answer it. */
export function xmlError(xml: string): SaidError {
  return { code: textIn(xml, 'Code') ?? '', message: textIn(xml, 'Message') ?? '' };
}

/** The text of the first element of a name that has no attributes; undefined where there is none. */
export function textIn(xml: string, name: string): string | undefined {
  const content = elementsIn(xml, name).next().value;
  return content?.replace(/&(?:#(\d+)|#x([0-9a-fA-F]+)|(\w+));/g, unescaped);
}

/** The contents of the elements of a name, which have no attributes and none of their name in them. */
export function* elementsIn(xml: string, name: string): Generator<string, undefined> {
  const [opening, closing] = [`<${name}>`, `</${name}>`];
  for (let at = 0; ; ) {
    const start = xml.indexOf(opening, at);
    const end = start === -1 ? -1 : xml.indexOf(closing, start);
    if (end === -1) return undefined;
    yield xml.slice(start + opening.length, end);
    at = end + closing.length;
  }
}

/** XML 1.0 §4.1 and §4.6; what is none of them stays as it is. */
function unescaped(all: string, decimal?: string, hex?: string, name?: string): string {
  const code = decimal !== undefined ? Number(decimal) : Number.parseInt(hex ?? '', 16);
  if (name !== undefined) return entities[name] ?? all;
  return code <= 0x10ffff ? String.fromCodePoint(code) : all;
}

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };
