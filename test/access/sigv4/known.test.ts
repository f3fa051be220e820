import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KnownSigners, Signer } from '../../../src/access/sigv4/claim.ts';
import type { HttpMessage } from '../../../src/env/network.ts';
import { accessKeyId, keys, now, services, sign, verifier, withHeader } from './signer.ts';

const digits = '0123456789abcdef'.repeat(4);
const signer = new Signer('A', 'a/b/c/d/e', 'host;x-amz-date');

test('a user that has called before is checked as closely as one that has not, whatever is changed in the header', async () => {
  const request = await sign();
  const knowing = verifier({ keys, services });
  knowing(request, now);
  const authorization = request.rawHeaders[request.rawHeaders.indexOf('authorization') + 1]!;
  for (const changed of changes(authorization)) {
    const sent = withHeader(request, 'authorization', changed);
    assert.deepEqual(
      outcome(() => knowing(sent, now)),
      outcome(() => verifier({ keys, services })(sent, now)),
      changed,
    );
  }
});

test('a known signer may send another body, which is refused unless it is signed', async () => {
  const [one, other] = [await sign({ body: '{"a":1}' }), await sign({ body: '{"a":2}' })];
  const verify = verifier({ keys, services });
  for (const request of [one, other, one]) assert.equal(verify(request, now).accessKeyId, accessKeyId);
  assert.throws(() => verify({ ...one, body: other.body }, now), { type: 'InvalidSignatureException' });
});

test('a key that is taken away or changed is gone for known signers, too', async () => {
  const request: HttpMessage = await sign();
  let secretAccessKey: string | undefined = keys.find(accessKeyId)!.secretAccessKey;
  const verify = verifier({
    keys: { find: () => (secretAccessKey === undefined ? undefined : { secretAccessKey }) },
    services,
  });
  verify(request, now);
  secretAccessKey = 'another';
  assert.throws(() => verify(request, now), { type: 'InvalidSignatureException' });
  secretAccessKey = undefined;
  assert.throws(() => verify(request, now), { type: 'UnrecognizedClientException' });
});

test('a signer is kept only where the signature comes last and once, after not too much', () => {
  const known = new KnownSigners();
  const kept = (authorization: string) => {
    known.keep(authorization, signer);
    return known.find(authorization);
  };
  assert.deepEqual(kept(`A Credential=b, SignedHeaders=c, Signature=${digits}`), {
    signer,
    signature: digits,
  });
  assert.deepEqual(kept(`A Credential=b,SignedHeaders=c,Signature=${digits}`), { signer, signature: digits });
  for (const other of [
    `A Signature=${digits}, Credential=b, SignedHeaders=c`,
    `A Signature=, Credential=b, Signature=${digits}`,
    `A Credential=Signature=, SignedHeaders=c, Signature=${digits}`,
    `A Credential=b, SignedHeaders=c;Signature=${digits}`,
    `A Credential=b, SignedHeaders=c, Signature=0${digits}`,
    `A Credential=b, SignedHeaders=${'c'.repeat(1000)}, Signature=${digits}`,
    `Signature=${digits}`,
    digits,
    '',
  ]) {
    assert.equal(kept(other), undefined, other);
  }
});

test('what stands in the place of a signature has to be one', () => {
  const known = new KnownSigners();
  const start = 'A Credential=b, SignedHeaders=c, Signature=';
  known.keep(start + digits, signer);
  for (const end of [
    digits.toUpperCase(),
    ` ${digits.slice(1)}`,
    `${digits.slice(0, 10)},${digits.slice(11)}`,
  ]) {
    assert.equal(known.find(start + end), undefined);
  }
});

test('a thousand signers are kept, and the oldest goes first', () => {
  const known = new KnownSigners();
  const authorization = (index: number) => `A Credential=${index}, SignedHeaders=c, Signature=${digits}`;
  for (let index = 0; index <= 1000; index++) known.keep(authorization(index), signer);
  assert.equal(known.find(authorization(0)), undefined);
  assert.equal(known.find(authorization(1))?.signer, signer);
  assert.equal(known.find(authorization(1000))?.signer, signer);
});

/** Every character changed, left out, doubled; parts left out, doubled, in another order. */
function* changes(text: string): Generator<string> {
  for (let at = 0; at < text.length; at++) {
    const [before, here, after] = [text.slice(0, at), text[at]!, text.slice(at + 1)];
    for (const other of [' ', ',', '=', '0', 'a', '']) if (other !== here) yield before + other + after;
    yield before + here + here + after;
  }
  const parts = text.split(' ');
  for (const one of parts) {
    yield parts.filter((part) => part !== one).join(' ');
    yield [...parts, one].join(' ');
    yield [parts[0], one, ...parts.slice(1)].join(' ');
    yield [one, ...parts.filter((part) => part !== one)].join(' ');
  }
}

function outcome(act: () => unknown): unknown {
  try {
    return act();
  } catch (error) {
    return error;
  }
}
