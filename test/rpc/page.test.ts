import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Pages, pageAskedFor } from '../../src/rpc/page.ts';

const nothing = { status: 200, headers: {}, body: '' };
const pages: Pages = {
  '/health': { runs: 'here', answer: async () => nothing },
  '/console': { runs: 'here', answer: async () => nothing },
  '/console/': { runs: 'here', answer: async () => nothing },
};

function asked(method: string, target: string): string | undefined {
  const peer = { address: '127.0.0.1', secure: false, listener: '127.0.0.1:4567' };
  return pageAskedFor(pages, { method, target, rawHeaders: [], body: Buffer.alloc(0), peer });
}

test('a page is asked for by GET and by HEAD', () => {
  assert.equal(asked('GET', '/health'), '/health');
  assert.equal(asked('HEAD', '/health'), '/health');
});

test('all other requests are the services’, also for what all objects have', () => {
  for (const target of ['/', '/healthy', '/health?', 'toString', '__proto__']) {
    assert.equal(asked('GET', target), undefined, target);
  }
  assert.equal(asked('POST', '/health'), undefined);
});

test('a folder has all that is below it, and nothing beside it', () => {
  for (const target of ['/console/', '/console/streams/orders', '/console/?filter=a', '/console/a/../b']) {
    assert.equal(asked('GET', target), '/console/', target);
  }
  assert.equal(asked('GET', '/console'), '/console');
  for (const target of ['/consoles/', '/health/', '/console?a=/', '/a/console/', '//console/']) {
    assert.equal(asked('GET', target), undefined, target);
  }
});
