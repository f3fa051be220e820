import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HttpMessage } from '../../../src/env/network.ts';
import { ServiceError } from '../../../src/wire/service-error.ts';
import { times } from '../../length.ts';
import { accessKeyId, key, now, type Order, services, sign, verifier } from './signer.ts';

// The stacks of many thousand refusals are not read.
Error.stackTraceLimit = 0;

const temporary = { ...key, sessionToken: 'IQo/b3+=' };
const verify = verifier({
  keys: { find: (id) => (id === accessKeyId ? temporary : undefined) },
  services,
});
const headers = { host: 'h:1', 'content-type': 'a b', 'x-amz-target': 'K_1.Put' };
const corpus: Readonly<Record<string, Order>> = {
  'signed with a header': { headers, key: temporary, query: { 'a/b': '~ c' }, path: '/p/', body: '{"A":1}' },
  'signed in advance': { headers, key: temporary, expiresIn: 60, body: '{"A":1}' },
};

for (const [kind, order] of Object.entries(corpus)) {
  test(`no byte of a request ${kind} can change, go or be doubled without the signature failing`, async () => {
    const request = await sign(order);
    verify(request, now);
    const original = meaningOf(request);
    let refused = 0;
    for (const mutant of mutantsOf(request)) {
      // What means the same on the wire has the same signature; nothing else may have.
      const same = meaningOf(mutant) === original;
      if (isAccepted(mutant) !== same)
        assert.fail(`${same ? 'refused' : 'accepted'}: ${JSON.stringify(mutant)}`);
      if (!same) refused++;
    }
    assert(refused > times(20_000, 90_000), `only ${refused} were tried`);
  });
}

function isAccepted(request: HttpMessage): boolean {
  try {
    verify(request, now);
    return true;
  } catch (error) {
    if (error instanceof ServiceError) return false;
    throw error;
  }
}

/**
 * Every part of the request with one byte replaced by each of the 255 others (usually by a quarter of them),
 * left out, or sent twice.
 */
function* mutantsOf(request: HttpMessage): Generator<HttpMessage> {
  for (const method of mutationsOf(request.method)) yield { ...request, method };
  for (const target of mutationsOf(request.target)) yield { ...request, target };
  for (const [index, text] of request.rawHeaders.entries()) {
    for (const mutated of mutationsOf(text))
      yield { ...request, rawHeaders: request.rawHeaders.with(index, mutated) };
  }
  for (const body of mutationsOf(request.body.toString('latin1'))) {
    yield { ...request, body: Buffer.from(body, 'latin1') };
  }
}

const step = times(4, 1);

function* mutationsOf(text: string): Generator<string> {
  for (let index = 0; index < text.length; index++) {
    const before = text.slice(0, index);
    const after = text.slice(index + 1);
    for (let code = index % step; code < 256; code += step) {
      if (code !== text.charCodeAt(index)) yield before + String.fromCharCode(code) + after;
    }
    yield before + after;
    yield before + text[index] + text.slice(index);
  }
}

/**
 * HTTP's and AWS's own notion of the same request: letter case of header names and percent escapes, runs of
 * blanks in values, of slashes in paths, and of the separators in Authorization do not count.
 */
function meaningOf({ method, target, rawHeaders, body }: HttpMessage): string {
  const [path = '', ...query] = target.split('?');
  const escapes = query.join('?').replace(/%[0-9A-Fa-f]{2}/g, (triplet) => triplet.toUpperCase());
  const headers = rawHeaders.map((text, index) => {
    if (index % 2 === 0) return text.toLowerCase();
    const authorization = rawHeaders[index - 1]!.toLowerCase() === 'authorization';
    return text.replace(authorization ? /[, ]+/g : /[ \t]+/g, ' ').replace(/^ | $/g, '');
  });
  return JSON.stringify([method, path.replace(/\/+/g, '/'), escapes, headers, body.toString('latin1')]);
}
