/** The head of a plain request: `POST`, with a body whose length it tells. */
export type PlainHead = {
  readonly target: string;
  /** Name and value in turn, as received. */
  readonly rawHeaders: readonly string[];
  readonly bodyBytes: number;
  /** Where the body begins, from the start of the bytes. */
  readonly end: number;
};

/**
 * Reads a request's head if it is plain: all there, as clients of AWS write it, with nothing in it that changes how a message is
 * framed or what becomes of the connection. It is stricter than RFC 9112 in everything, so that no two readers can differ
 * about where a request ends. Undefined for all others, right or wrong: they are node:http's to judge.
 */
export function readPlainHead(bytes: Buffer): PlainHead | undefined {
  const last = bytes.subarray(0, headBytesMax).indexOf(blankLine);
  if (last === -1) return undefined;
  const text = bytes.toString('latin1', 0, last + 2);
  const line = requestLine.exec(text);
  if (line === null) return undefined;
  const rawHeaders: string[] = [];
  let hosts = 0;
  let length: string | undefined;
  for (fieldLine.lastIndex = line[0].length; fieldLine.lastIndex < text.length; ) {
    const field = fieldLine.exec(text);
    if (field === null) return undefined;
    const name = field[1]!;
    const value = field[2]!;
    rawHeaders.push(name, value);
    switch (meaningOf(name)) {
      case undefined:
        break;
      case 'host':
        hosts += 1;
        break;
      case 'content-length':
        if (length !== undefined) return undefined;
        length = value;
        break;
      case 'connection':
        if (!keepAlive.test(value)) return undefined;
        break;
      default:
        return undefined;
    }
  }
  if (hosts !== 1 || length === undefined || !lengthForm.test(length)) return undefined;
  return { target: line[1]!, rawHeaders, bodyBytes: Number(length), end: last + blankLine.length };
}

/** The lower-case name of a header that says something about the message or its connection; undefined for all others. */
function meaningOf(name: string): string | undefined {
  if (!meaningfulLengths.has(name.length)) return undefined;
  const lower = name.toLowerCase();
  return meaningful.has(lower) ? lower : undefined;
}

/** Those of RFC 9110 and 9112, and one that llhttp takes for `Connection`. */
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
const headBytesMax = 16 * 1024;

const requestLine = /^POST (\/[\x21-\x7e]*) HTTP\/1\.1\r\n/;

/** A token (RFC 9110 §5.6.2), a colon, a space or none, visible characters with blanks between them only. */
const fieldLine = /([!#$%&'*+\-.^_`|~0-9A-Za-z]+): ?((?:[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?)?)\r\n/y;

const keepAlive = /^keep-alive$/i;

/** No sign, no leading zero, and no more than any body has. */
const lengthForm = /^[1-9][0-9]{0,8}$/;
