/** The head of a request that the fast path takes: `POST`, with a Content-Length. */
export type FastHead = {
  readonly method: 'POST';
  readonly target: string;
  /** Name and value in turn, as received. */
  readonly rawHeaders: readonly string[];
  readonly bodyBytes: number;
  /** Where the body begins, from the start of the bytes. */
  readonly end: number;
};

/**
 * Reads a request's head if it is one for the fast path: all there, as clients of AWS write it, with nothing
 * in it that changes how a message is framed or what becomes of the connection. It is stricter than RFC 9112
 * in everything, so that no two readers can differ about where a request ends. Undefined for all others,
 * right or wrong: node:http judges them.
 */
export function readFastHead(bytes: Buffer): FastHead | undefined {
  const last = bytes.subarray(0, headBytesMax).indexOf(blankLine);
  if (last === -1) return undefined;
  const text = bytes.toString('latin1', 0, last + 2);
  const line = requestLine.exec(text);
  if (line === null) return undefined;
  const rawHeaders: string[] = [];
  let hosts = 0;
  let length: string | undefined;
  for (let at = line[0].length; at < text.length; at += 2) {
    const nameEnd = endOf(token, bytes, at);
    if (nameEnd === at || bytes[nameEnd] !== colon) return undefined;
    const valueStart = bytes[nameEnd + 1] === space ? nameEnd + 2 : nameEnd + 1;
    const name = text.slice(at, nameEnd);
    at = endOf(visible, bytes, valueStart);
    // Blanks around a value are no part of it: a head with more than the usual one is left to node:http.
    if (bytes[valueStart] === space || (bytes[at - 1] === space && at > valueStart)) return undefined;
    if (bytes[at] !== carriageReturn || bytes[at + 1] !== lineFeed) return undefined;
    const value = text.slice(valueStart, at);
    rawHeaders.push(name, value);
    if (rawHeaders.length > 2 * headersMax) return undefined;
    const meaning = meaningOf(name);
    if (meaning === undefined) continue;
    if (meaning === 'host') hosts += 1;
    else if (meaning === 'content-length' && length === undefined) length = value;
    else if (meaning !== 'connection' || !keepAlive.test(value)) return undefined;
  }
  if (hosts !== 1 || length === undefined || !lengthForm.test(length)) return undefined;
  const end = last + blankLine.length;
  return { method: 'POST', target: line[1]!, rawHeaders, bodyBytes: Number(length), end };
}

/** Where the characters of a kind end. */
function endOf(kind: number, bytes: Buffer, start: number): number {
  let at = start;
  while ((kinds[bytes[at]!]! & kind) !== 0) at++;
  return at;
}

/**
 * The lower-case name of a header that says something about the message or its connection; undefined for all
 * others.
 */
function meaningOf(name: string): string | undefined {
  if (!meaningfulLengths.has(name.length)) return undefined;
  const lower = name.toLowerCase();
  return meaningful.has(lower) ? lower : undefined;
}

/** The headers of RFC 9110 and 9112, and one that llhttp takes for `Connection`. */
const meaningful: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);
const meaningfulLengths: ReadonlySet<number> = new Set([...meaningful].map((name) => name.length));

const blankLine = Buffer.from('\r\n\r\n');

/** What node:http allows for a head. */
export const headBytesMax = 16 * 1024;

/**
 * How many headers node:http takes (its `maxHeadersCount`, as it is by default in Node 26). It refuses more
 * by itself.
 */
const headersMax = 1000;

const requestLine = /^POST (\/[\x21-\x7e]*) HTTP\/1\.1\r\n/;

// Kinds of characters: of tokens (RFC 9110 §5.6.2), and of ASCII what can be seen, and the space.
const token = 1;
const visible = 2;
const kinds = Uint8Array.from({ length: 256 }, (_, byte) => {
  const isToken = /[!#$%&'*+\-.^_`|~0-9A-Za-z]/.test(String.fromCharCode(byte));
  return (isToken ? token : 0) | (byte >= 0x20 && byte <= 0x7e ? visible : 0);
});

const colon = 0x3a;
const space = 0x20;
const carriageReturn = 0x0d;
const lineFeed = 0x0a;

const keepAlive = /^keep-alive$/i;

/** No sign, no leading zero, and no more than any body has. */
const lengthForm = /^[1-9][0-9]{0,8}$/;
