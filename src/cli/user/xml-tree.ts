/** An element of an answer in XML: its texts and its children by name. */
export type XmlElement = {
  readonly name: string;
  readonly children: readonly XmlElement[];
  /** Of an element without children. */
  readonly text: string;
};

/**
 * Reads an answer of AWS's Query protocol: elements and texts (smithy.io, "AWS query protocol"). Undefined
 * for anything that is not well-formed, or says more than such answers do.
 */
export function xmlTree(text: string): XmlElement | undefined {
  const root = { name: '', children: [] as XmlElement[], text: '' };
  const open: Open[] = [root];
  let read = 0;
  for (const [all, closing, name = '', end, content = ''] of text.matchAll(token)) {
    read += all.length;
    const parent = open.at(-1)!;
    if (content !== '') parent.text += unescaped(content);
    else if (name === '') continue;
    else if (closing === undefined) {
      const element: Open = { name, children: [], text: '' };
      parent.children.push(element);
      if (end === undefined) open.push(element);
    } else if (open.pop()!.name !== name || open.length === 0) return undefined;
  }
  const isWhole = read === text.length && open.length === 1 && root.children.length === 1;
  return isWhole ? root.children[0] : undefined;
}

type Open = { readonly name: string; readonly children: XmlElement[]; text: string };

/** A declaration, a tag, or text. */
const token = /<\?[^>]*\?>|<(\/)?([\w.:-]+)(?:\s[^<>]*?)?(\/)?>|([^<]+)/g;

function unescaped(text: string): string {
  return text.replace(
    /&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi,
    (whole, hex?: string, digits?: string, name?: string) => {
      if (name !== undefined) return entities[name] ?? whole;
      return String.fromCodePoint(hex === undefined ? Number(digits) : Number.parseInt(hex, 16));
    },
  );
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** The element at the end of a path of names below another. */
export function below(element: XmlElement | undefined, ...names: readonly string[]): XmlElement | undefined {
  return names.reduce((found, name) => found?.children.find((child) => child.name === name), element);
}

/** The text of that element; empty when it is not there. */
export function textBelow(element: XmlElement | undefined, ...names: readonly string[]): string {
  return below(element, ...names)?.text ?? '';
}
