import type { HttpMessage } from '../../../src/env/network.ts';

/**
 * A rule by which two texts are one request: a signature of the one is a signature of the other. Each turns a
 * request into the plainest of those that are the same by it.
 */
export type Rule = { readonly says: string; readonly plainest: (request: HttpMessage) => HttpMessage };

/** All there are. What is not the same by one of them is another request. */
export const rules: readonly Rule[] = [
  {
    says: 'names of headers are the same in any case (RFC 9110 §5.1)',
    plainest: (request) => withHeaders(request, (name, value) => [name.toLowerCase(), value]),
  },
  {
    says: 'blanks around the value of a header are no part of it (RFC 9110 §5.5)',
    plainest: (request) =>
      withHeaders(request, (name, value) => [name, value.replace(/^[ \t]+|[ \t]+$/g, '')]),
  },
  {
    says: 'a run of blanks in the value of a header is one (IAM user guide, "canonical headers")',
    plainest: (request) => withHeaders(request, (name, value) => [name, value.replace(/[ \t]+/g, ' ')]),
  },
  {
    says: 'parts of Authorization are separated, and followed, by any number of commas and spaces',
    plainest: (request) =>
      withHeaders(request, (name, value) => [
        name,
        name.toLowerCase() === 'authorization' ? value.replace(/[, ]+/g, ' ').trimEnd() : value,
      ]),
  },
  {
    says: 'a run of slashes in a path is one, and dots are resolved (RFC 3986 §5.2.4)',
    plainest: (request) => withTarget(request, (path, query) => [resolved(path), query]),
  },
  {
    says: 'the parameters of a query are the same in any order, escaped in any way, and with no = when empty',
    plainest: (request) => withTarget(request, (path, query) => [path, query && plainQuery(query)]),
  },
  {
    says: 'an empty query is none',
    plainest: (request) => withTarget(request, (path, query) => [path, query || undefined]),
  },
];

/** The plainest request that is the same by all rules but `without`, as one text. */
export function meaningOf(request: HttpMessage, without?: Rule): string {
  const plain = rules.reduce((said, rule) => (rule === without ? said : rule.plainest(said)), request);
  return JSON.stringify([plain.method, plain.target, plain.rawHeaders, plain.body.toString('latin1')]);
}

function withHeaders(
  request: HttpMessage,
  change: (name: string, value: string) => readonly [string, string],
): HttpMessage {
  const { rawHeaders } = request;
  const changed: string[] = [];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    changed.push(...change(rawHeaders[index]!, rawHeaders[index + 1]!));
  }
  return { ...request, rawHeaders: changed };
}

function withTarget(
  request: HttpMessage,
  change: (path: string, query: string | undefined) => readonly [string, string | undefined],
): HttpMessage {
  const [path = '', ...rest] = request.target.split('?');
  const [changed, query] = change(path, rest.length === 0 ? undefined : rest.join('?'));
  return { ...request, target: query === undefined ? changed : `${changed}?${query}` };
}

/** Slashes first, then dots, until there are none; a path that goes above its root stays there. */
function resolved(path: string): string {
  let before: string;
  do {
    before = path;
    path = path
      .replace(/\/+/g, '/')
      .replace(/\/\.(?=\/|$)/, '/')
      .replace(/\/(?!\.\.?(\/|$))[^/]*\/\.\.(?=\/|$)/, '/')
      .replace(/^\/\.\.(?=\/|$)/, '/');
  } while (path !== before);
  return path;
}

function plainQuery(query: string): string {
  return query
    .split('&')
    .map((part) => {
      const [name = '', ...value] = part.split('=');
      return `${escaped(name)}=${escaped(value.join('='))}`;
    })
    .sort()
    .join('&');
}

/** Every byte escaped, whether it has to be or not. */
function escaped(text: string): string {
  const bytes = text.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(bytes, 'latin1')
    .toString('hex')
    .replace(/../g, (hex) => `%${hex}`);
}
