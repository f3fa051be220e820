import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Peer } from '../../src/env/network.ts';
import { HeaderFields } from '../../src/http/headers.ts';
import { browserRule, strangePage } from '../../src/rpc/cors.ts';
import { peer } from './toy.ts';

const certificate = { subject: 'orders', uris: [], fingerprint: '9C:0F' };
const browser: Peer = { ...peer, secure: true, certificate };

function isRefused(
  rule: ReturnType<typeof browserRule>,
  from: Peer,
  headers: string[],
  method = 'POST',
): boolean {
  return strangePage({ method, peer: from }, new HeaderFields(headers), rule) !== undefined;
}

test('a browser that shows a certificate for every page does not act for those that are not listed', () => {
  for (const cors of [undefined, '*', 'https://app.example']) {
    const signed = browserRule(cors, false);
    assert.equal(isRefused(signed, browser, ['Origin', 'https://evil.example']), true);
    assert.equal(isRefused(signed, browser, ['Origin', 'null']), true);
    assert.equal(isRefused(signed, browser, ['Sec-Fetch-Site', 'cross-site'], 'GET'), true);
    assert.equal(isRefused(signed, browser, ['User-Agent', 'Mozilla/5.0'], 'GET'), true);
    // A page without one has to sign.
    assert.equal(isRefused(signed, peer, ['Origin', 'https://evil.example']), false);
    // What is no browser has no pages.
    assert.equal(
      isRefused(signed, browser, ['Host', 'kinesis.example', 'User-Agent', 'aws-cli/2.31']),
      false,
    );
  }
  const listing = browserRule('https://app.example', false);
  assert.equal(isRefused(listing, browser, ['Origin', 'https://app.example']), false);
});

test('the own page of a server may use it under every name that a signed server has', () => {
  const signed = browserRule('https://app.example', false);
  const own = ['Host', 'kinesis.example:4567', 'Origin', 'https://kinesis.example:4567'];
  assert.equal(isRefused(signed, browser, own), false);
  // A page without TLS may be anybody's who is on the way.
  assert.equal(
    isRefused(signed, browser, ['Host', 'kinesis.example', 'Origin', 'http://kinesis.example']),
    true,
  );
  for (const scheme of ['http', 'https']) {
    // Over TLS to a proxy that speaks to the server without.
    const behind = ['Host', 'streams.example', 'Origin', `${scheme}://streams.example`];
    assert.equal(isRefused(signed, peer, behind), false);
  }
});

test('the own page of an open server may use it at loopback, whatever --cors lists, and under no other name', () => {
  const open = browserRule('https://app.example', true);
  for (const host of ['127.0.0.1:4567', 'localhost:4567', '[::1]:4567']) {
    assert.equal(isRefused(open, peer, ['Host', host, 'Origin', `http://${host}`]), false);
    assert.equal(isRefused(open, peer, ['Host', host, 'Sec-Fetch-Site', 'same-origin'], 'GET'), false);
    assert.equal(isRefused(open, peer, ['Host', host, 'Origin', 'http://localhost:3000']), true);
    assert.equal(isRefused(open, peer, ['Host', host, 'Origin', 'https://evil.example']), true);
  }
  // A name that its owner has pointed at this machine.
  assert.equal(isRefused(open, peer, ['Host', 'evil.example', 'Origin', 'http://evil.example']), true);
});
