/** An element of XML as a value: its text, or its elements by name; what has only `member`s is a list. */
export type XmlValue = string | readonly XmlValue[] | { readonly [name: string]: XmlValue };

/**
 * The root element of a document as IAM and STS answer it: elements with text or elements, no attributes that
 * matter, no CDATA. Throws `SyntaxError` where it is something else.
 */
export function readXml(document: string): { readonly name: string; readonly value: XmlValue } {
  const tokens = document.matchAll(/<\?[^>]*\?>|<(\/?)([\w.:-]+)[^<>]*?(\/?)>|([^<]+)/g);
  const open: Element[] = [{ name: '', children: [], text: '' }];
  for (const [, closes, name, isEmpty, text] of tokens) {
    const last = open.at(-1)!;
    if (text !== undefined) last.text += text;
    else if (name === undefined) continue;
    else if (closes === '/') closeLast(open, name);
    else if (isEmpty === '/') last.children.push([name, '']);
    else open.push({ name, children: [], text: '' });
  }
  const root = open[0]!.children[0];
  if (open.length !== 1 || root === undefined) throw new SyntaxError('The answer is no XML.');
  return { name: root[0], value: root[1] };
}

/** The members of a list, which is the empty text where it has none, and may be absent. */
export function members<Member>(list: readonly Member[] | '' | undefined): readonly Member[] {
  return list === undefined || list === '' ? [] : list;
}

type Element = { readonly name: string; readonly children: [name: string, value: XmlValue][]; text: string };

function closeLast(open: Element[], name: string): void {
  const closed = open.pop();
  const parent = open.at(-1);
  if (closed?.name !== name || parent === undefined) throw new SyntaxError('The answer is no XML.');
  parent.children.push([name, contentOf(closed)]);
}

function contentOf({ children, text }: Element): XmlValue {
  if (children.length === 0) return unescaped(text);
  if (children.every(([name]) => name === 'member')) return children.map(([, value]) => value);
  return Object.fromEntries(children);
}

function unescaped(text: string): string {
  return text.replace(/&(?:#x([\da-f]+)|#(\d+)|(\w+));/gi, (whole, hexadecimal, decimal, name) => {
    if (name !== undefined) return named[name] ?? whole;
    return String.fromCodePoint(hexadecimal ? Number.parseInt(hexadecimal, 16) : Number(decimal));
  });
}

const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
