import { type HeaderFields, pathOf, queryOf } from '../../src/http/headers.ts';

/** A request to the imitation of S3, taken apart. */
export type S3Call = {
  readonly method: string;
  readonly bucket: string;
  /** Empty for the bucket itself. */
  readonly key: string;
  readonly query: ReadonlyMap<string, string>;
  readonly headers: HeaderFields;
  readonly body: Buffer;
};

export type S3Answer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
};

/** With the bucket in front of `host`, or in the path. */
export function callOf(method: string, target: string, headers: HeaderFields, body: Buffer, host: string) {
  const path = pathOf(target).slice(1);
  const said = headers.get('host') ?? '';
  const front = said.endsWith(`.${host}`) ? said.slice(0, -host.length - 1) : undefined;
  const slash = path.indexOf('/');
  const inPath = slash === -1 ? path : path.slice(0, slash);
  const key = front !== undefined ? path : slash === -1 ? '' : path.slice(slash + 1);
  const query = new Map(queryOf(target).map(([name, value]) => [name, utf8(value)]));
  return { method, bucket: front ?? inPath, key: decodeURIComponent(key), query, headers, body };
}

function utf8(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

export function xmlAnswer(xml: string, status = 200): S3Answer {
  const body = Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>\n${xml}`);
  return { status, headers: { 'content-type': 'application/xml' }, body };
}

export function errorAnswer(status: number, code: string, message = `This is ${code}.`): S3Answer {
  return xmlAnswer(`<Error><Code>${code}</Code><Message>${message}</Message></Error>`, status);
}
