import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HttpMessage } from '../../../src/env/network.ts';
import { ServiceError } from '../../../src/wire/service-error.ts';
import { times } from '../../length.ts';
import { corpus, type Signed } from './corpus.ts';
import { meaningOf, rules } from './meaning.ts';
import { now, verifier } from './signer.ts';

// The stacks of many thousand refusals are not read.
Error.stackTraceLimit = 0;

const services = ['kinesis', 'sts'];
const signed = await corpus();

for (const { name, request, keys } of signed) {
  test(`no byte of ${name} can change, go or come without the signature failing`, () => {
    const verify = verifier({ keys, services });
    verify(request, now);
    const original = meaningOf(request);
    let refused = 0;
    for (const mutant of mutantsOf(request)) {
      if (!isAccepted(verify, mutant)) refused++;
      else if (meaningOf(mutant) !== original) assert.fail(`accepted: ${JSON.stringify(mutant)}`);
    }
    assert(refused > times(5_000, 90_000), `only ${refused} were tried`);
  });
}

test('each rule that makes two texts one request is needed', () => {
  const needed = new Set<string>();
  for (const { request, keys } of signed) {
    const verify = verifier({ keys, services });
    const original = meaningOf(request);
    for (const mutant of [...mutantsOf(request), ...swapped(request)]) {
      if (!isAccepted(verify, mutant)) continue;
      assert.equal(meaningOf(mutant), original);
      for (const rule of rules) {
        if (meaningOf(mutant, rule) !== meaningOf(request, rule)) needed.add(rule.says);
      }
    }
  }
  assert.deepEqual([...needed].sort(), rules.map(({ says }) => says).sort());
});

function isAccepted(verify: ReturnType<typeof verifier>, request: HttpMessage): boolean {
  try {
    verify(request, now);
    return true;
  } catch (error) {
    if (error instanceof ServiceError) return false;
    throw error;
  }
}

/**
 * Every part of the request with one byte replaced by each of the 255 others (usually by a sixteenth of them
 * and by one that means something), left out, sent twice, or with another byte before it.
 */
function* mutantsOf(request: Signed['request']): Generator<HttpMessage> {
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

const step = times(16, 1);
const meaningful = [...'\0\t\n\r %&+,-./:;=?@~'];

function* mutationsOf(text: string): Generator<string> {
  for (let index = 0; index < text.length; index++) {
    const before = text.slice(0, index);
    const after = text.slice(index + 1);
    for (let code = index % step; code < 256; code += step) {
      if (code !== text.charCodeAt(index)) yield before + String.fromCharCode(code) + after;
    }
    const upper = text[index]!.toUpperCase();
    if (upper !== text[index]) yield before + upper + after;
    yield before + after;
    yield before + text[index] + text.slice(index);
    const other = meaningful[index % meaningful.length]!;
    if (other !== text[index]) yield before + other + after;
    yield before + other + text.slice(index);
  }
  // One byte where there was nothing, or at the end.
  for (const other of meaningful) yield text + other;
}

/** The request with two of its query's parameters, or two of its headers, in the other order. */
function* swapped(request: HttpMessage): Generator<HttpMessage> {
  const [path, query = ''] = request.target.split('?');
  const parameters = query.split('&');
  for (let index = 1; index < parameters.length; index++) {
    const order = parameters.with(index, parameters[index - 1]!).with(index - 1, parameters[index]!);
    yield { ...request, target: `${path}?${order.join('&')}` };
  }
}
