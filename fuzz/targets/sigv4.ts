import assert from 'node:assert/strict';
import { Sha256 } from '@aws-crypto/sha256-js';
import { HttpRequest } from '@smithy/protocol-http';
import { SignatureV4 } from '@smithy/signature-v4';
import { signedHeaders } from '../../src/access/sigv4/sign.ts';
import { createVerifier } from '../../src/access/sigv4/sigv4.ts';
import { HeaderFields } from '../../src/http/headers.ts';
import { seedsOf, type Target } from '../target.ts';

const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };
const scope = { region: 'eu-west-1', service: 'kinesis' };
const now = Date.UTC(2026, 6, 9, 12, 30);
const signer = new SignatureV4({ credentials, ...scope, sha256: Sha256, applyChecksum: false });
const verify = createVerifier({ keys: { find: () => credentials } });

/**
 * A request in lines, signed by the official signer and by ours: `/a/b` a path, `?name=value` a parameter,
 * `name: value` a header, and a body after the first empty line. Both have the same signature, and the
 * verifier takes it for that request and for no other.
 */
export const sigv4Target: Target = {
  name: 'sigv4',
  seeds: seedsOf(
    '/\nx-amz-target: Kinesis_20131202.PutRecord\n\n{}',
    '/a b//c/../d%20/\n?a/b=~ c\n?z=2\n?z=1\n?e=\nmy-words:  a   b\t c \n\nbody',
    "/é/!'()*\n?+=+\n?a=%zz\ncontent-type: a; b=c",
  ),
  words: [
    ...[
      '\n',
      '\n\n',
      '/',
      '//',
      '/./',
      '/../',
      '..',
      '?',
      '?a=b\n',
      '=',
      '&',
      '+',
      '%',
      '%2F',
      '%25',
      ' ',
      '  ',
      '\t',
    ],
    ...['x-amz-meta: a\n', 'a: b\n', ':', '~', '*', "!'()*", 'é', '\xff', ';', ',', '#', '{}', '\\', '"'],
  ],
  bytesMax: 512,
  run: async (input) => {
    const request = requestIn(input);
    const { method, path, query, headers, body } = request;
    const official = await signer.sign(new HttpRequest(request), { signingDate: new Date(now) });
    const target = targetOf(path, query);
    const own = signedHeaders({ method, target, headers, body }, credentials, scope, now);
    assert.equal(own['authorization'], official.headers['authorization']);
    const rawHeaders = Object.entries(own).flat();
    const message = { method, target, rawHeaders, body };
    const fields = new HeaderFields(rawHeaders);
    verify(message, fields, now, [scope.service]);
    for (const other of [
      { ...message, target: `${target}${target.includes('?') ? '&' : '?'}x=y` },
      { ...message, body: Buffer.concat([body, Buffer.of(0)]) },
      { ...message, method: 'PUT' },
    ]) {
      assert.throws(() => verify(other, fields, now, [scope.service]), { type: 'InvalidSignatureException' });
    }
    return `${Object.keys(query).length} parameters, ${Object.keys(headers).length} headers, ${path.split('/').length} segments`;
  },
};

function requestIn(input: Buffer) {
  const text = input.toString();
  const end = text.indexOf('\n\n');
  const lines = (end === -1 ? text : text.slice(0, end)).split('\n');
  const path = lines.find((line) => line.startsWith('/')) ?? '/';
  const query: Record<string, string[]> = Object.create(null);
  const headers: Record<string, string> = { host: 'localhost:4567' };
  for (const line of lines) {
    const parameter = /^\?([^=]+)=(.*)$/s.exec(line);
    // Names that are signed in another way, or left out by the official signer, are not to the point.
    if (parameter !== null && !/^x-amz-/i.test(parameter[1]!)) {
      const [, name = '', value = ''] = parameter;
      query[name] = [...(query[name] ?? []), value];
    }
    const header = /^(my|x-amz|content)-([a-z]{1,9}):([\t -~]*)$/.exec(line);
    if (header !== null && header[2] !== 'date' && header[2] !== 'length') {
      headers[`${header[1]}-${header[2]}`] = header[3]!;
    }
  }
  const body = end === -1 ? Buffer.alloc(0) : Buffer.from(text.slice(end + 2));
  const encoded = path.split('/').map(encodeURIComponent).join('/');
  return { method: 'POST', protocol: 'http:', hostname: 'localhost', path: encoded, query, headers, body };
}

function targetOf(path: string, query: Readonly<Record<string, readonly string[]>>): string {
  const parts = Object.entries(query).flatMap(([name, values]) =>
    values.map((value) => `${escaped(name)}=${escaped(value)}`),
  );
  return parts.length === 0 ? path : `${path}?${parts.join('&')}`;
}

function escaped(text: string): string {
  const hex = (mark: string) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`;
  return encodeURIComponent(text).replace(/[!'()*]/g, hex);
}
