import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { element, xmlText } from '../../src/wire/query/xml.ts';
import { elementsIn, textIn } from '../../src/wire/xml-parts.ts';
import { errorAnswer, type S3Answer, type S3Call, xmlAnswer } from './s3-call.ts';

/** An object as it was put. */
export type S3Object = {
  readonly body: Buffer;
  readonly etag: string;
  /** What S3 gives back: type, encoding, storage class, key, and metadata. */
  readonly headers: Readonly<Record<string, string>>;
};

export type S3Bucket = {
  readonly owner: string;
  readonly region: string;
  readonly objects: Map<string, S3Object>;
  readonly uploads: Map<string, S3UploadState>;
  /** Is told of each change before it is answered; undefined where an object is gone. */
  readonly noted: (key: string, object: S3Object | undefined) => void;
};

type S3UploadState = {
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly parts: Map<number, S3Object>;
};

/**
 * How conditions are kept: as S3 does; looked at before others that came at the same time have stored; or not
 * at all.
 */
export type Conditions = 'kept' | 'racy' | 'ignored';

/** What S3 does with objects, as far as stores of objects ask it to. */
export class S3Buckets {
  readonly buckets = new Map<string, S3Bucket>();
  #uploads = 0;

  create(name: string, how: Partial<Omit<S3Bucket, 'uploads'>> = {}): S3Bucket {
    const { owner = '111122223333', region = 'us-east-1', objects = new Map(), noted = () => {} } = how;
    const bucket = { owner, region, objects, noted, uploads: new Map() };
    this.buckets.set(name, bucket);
    return bucket;
  }

  /** What a call is refused with before anything is done. */
  refusal(call: S3Call, conditions: Conditions): S3Answer | undefined {
    const bucket = this.buckets.get(call.bucket);
    if (bucket === undefined) return errorAnswer(404, 'NoSuchBucket');
    const owner = call.headers.get('x-amz-expected-bucket-owner');
    if (owner !== undefined && owner !== bucket.owner) return errorAnswer(403, 'AccessDenied');
    const crc = call.headers.get('x-amz-checksum-crc32');
    if (crc !== undefined && crc !== checksumOf(call.body)) return errorAnswer(400, 'BadDigest');
    return conditions === 'ignored' ? undefined : unmet(call, bucket.objects.get(call.key));
  }

  /** Does it. */
  run(call: S3Call): S3Answer {
    const bucket = this.buckets.get(call.bucket)!;
    const { method, key, query } = call;
    if (method === 'GET' && key === '') return listed(bucket, query);
    if (method === 'GET' || method === 'HEAD') return found(bucket.objects.get(key), call);
    if (method === 'POST' && query.has('uploads')) return this.#begin(bucket, call);
    const id = query.get('uploadId');
    if (id !== undefined) return this.#ofUpload(bucket, call, id);
    if (method === 'PUT') return put(bucket, key, call.body, keptHeaders(call));
    if (method !== 'DELETE') return errorAnswer(405, 'MethodNotAllowed');
    if (bucket.objects.delete(key)) bucket.noted(key, undefined);
    return { status: 204, headers: {}, body: Buffer.alloc(0) };
  }

  #begin(bucket: S3Bucket, call: S3Call): S3Answer {
    const id = `upload-${this.#uploads++}`;
    bucket.uploads.set(id, { key: call.key, headers: keptHeaders(call), parts: new Map() });
    return xmlAnswer(element('InitiateMultipartUploadResult', element('UploadId', id)));
  }

  #ofUpload(bucket: S3Bucket, { method, query, body }: S3Call, id: string): S3Answer {
    const upload = bucket.uploads.get(id);
    if (upload === undefined) return errorAnswer(404, 'NoSuchUpload');
    if (method === 'PUT') {
      const part = { body, etag: etagOf(body), headers: {} };
      upload.parts.set(Number(query.get('partNumber')), part);
      return { status: 200, headers: { etag: part.etag }, body: Buffer.alloc(0) };
    }
    bucket.uploads.delete(id);
    if (method === 'DELETE') return { status: 204, headers: {}, body: Buffer.alloc(0) };
    return complete(bucket, upload, String(body));
  }
}

/** S3 user guide, "Conditional writes". */
function unmet({ method, query, headers }: S3Call, there: S3Object | undefined): S3Answer | undefined {
  const isStoring =
    (method === 'PUT' && !query.has('partNumber')) || (method === 'POST' && query.has('uploadId'));
  if (!isStoring) return undefined;
  if (headers.get('if-none-match') === '*' && there !== undefined)
    return errorAnswer(412, 'PreconditionFailed');
  const etag = headers.get('if-match');
  if (etag === undefined) return undefined;
  if (there === undefined) return errorAnswer(404, 'NoSuchKey');
  return there.etag === etag ? undefined : errorAnswer(412, 'PreconditionFailed');
}

function put(
  bucket: S3Bucket,
  key: string,
  body: Buffer,
  headers: S3Object['headers'],
  etag = etagOf(body),
): S3Answer {
  const object = { body, etag, headers };
  bucket.objects.set(key, object);
  bucket.noted(key, object);
  return { status: 200, headers: { etag }, body: Buffer.alloc(0) };
}

function complete(bucket: S3Bucket, { key, headers, parts }: S3UploadState, xml: string): S3Answer {
  const named: S3Object[] = [];
  for (const part of elementsIn(xml, 'Part')) {
    const sent = parts.get(Number(textIn(part, 'PartNumber')));
    if (sent?.etag !== textIn(part, 'ETag')) return errorAnswer(400, 'InvalidPart');
    if (textIn(part, 'ChecksumCRC32') !== checksumOf(sent!.body)) return errorAnswer(400, 'InvalidPart');
    named.push(sent!);
  }
  if (named.slice(0, -1).some(({ body }) => body.length < 5 * 1024 * 1024)) {
    return errorAnswer(400, 'EntityTooSmall');
  }
  const body = Buffer.concat(named.map((part) => part.body));
  const etag = `"${etagOf(body).slice(1, -1)}-${named.length}"`;
  put(bucket, key, body, headers, etag);
  return xmlAnswer(element('CompleteMultipartUploadResult', element('ETag', xmlText(etag))));
}

function found(object: S3Object | undefined, { headers }: S3Call): S3Answer {
  if (object === undefined) return errorAnswer(404, 'NoSuchKey');
  const facts = { ...object.headers, etag: object.etag };
  const range = /^bytes=(\d+)-(\d+)$/.exec(headers.get('range') ?? '');
  if (range === null) {
    const length = { 'content-length': `${object.body.length}` };
    return { status: 200, headers: { ...facts, ...length }, body: object.body };
  }
  const [start, last] = [Number(range[1]), Number(range[2])];
  if (start >= object.body.length) return errorAnswer(416, 'InvalidRange');
  const body = object.body.subarray(start, last + 1);
  const place = `bytes ${start}-${start + body.length - 1}/${object.body.length}`;
  return { status: 206, headers: { ...facts, 'content-range': place }, body };
}

function listed({ objects }: S3Bucket, query: ReadonlyMap<string, string>): S3Answer {
  const after = query.get('start-after') ?? '';
  const max = Number(query.get('max-keys') ?? 1000);
  const keys = [...objects.keys()]
    .filter((key) => key.startsWith(query.get('prefix') ?? '') && compare(key, after) > 0)
    .sort(compare);
  const page = keys.slice(0, max).map((key) => {
    const { body, etag } = objects.get(key)!;
    const name = encodeURIComponent(key).replaceAll('%20', '+').replaceAll('%2F', '/');
    const facts = element('Key', name) + element('Size', `${body.length}`) + element('ETag', xmlText(etag));
    return element('Contents', facts);
  });
  const facts = element('IsTruncated', `${keys.length > max}`) + element('EncodingType', 'url');
  return xmlAnswer(element('ListBucketResult', facts + page.join('')));
}

function compare(left: string, right: string): number {
  return Buffer.compare(Buffer.from(left), Buffer.from(right));
}

function keptHeaders({ headers }: S3Call): Record<string, string> {
  const kept = /^(content-type|content-encoding|x-amz-(meta-|storage-class$|server-side-encryption))/;
  const names = [...headers.names()].filter((name) => kept.test(name));
  return Object.fromEntries(names.map((name) => [name, headers.get(name)!]));
}

export function etagOf(body: Buffer): string {
  return `"${createHash('md5').update(body).digest('hex')}"`;
}

function checksumOf(body: Buffer): string {
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  return sum.toString('base64');
}
