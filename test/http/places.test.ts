import assert from 'node:assert/strict';
import { test } from 'node:test';
import { placeIn, placesOf, placeText } from '../../src/http/places.ts';

const standard = { host: '127.0.0.1', port: 4567, listen: undefined } as const;

test('a listener is a name, and an address with a port or the path of a Unix socket', () => {
  const read = {
    'vpce-internal=10.0.0.1:4567': { name: 'vpce-internal', host: '10.0.0.1', port: 4567 },
    'a_1=localhost:0': { name: 'a_1', host: 'localhost', port: 0 },
    'six=[::1]:4567': { name: 'six', host: '::1', port: 4567 },
    'link=[fe80::1%eth0]:1': { name: 'link', host: 'fe80::1%eth0', port: 1 },
    'admin=unix:/run/millrace/admin.sock': { name: 'admin', path: '/run/millrace/admin.sock' },
  };
  for (const [text, place] of Object.entries(read)) {
    assert.deepEqual(placeIn(text), place);
    assert.equal(placeText(place), text);
  }
});

test('what is no listener is none', () => {
  const name = 'n'.repeat(64);
  const texts = [
    '',
    'a',
    '=127.0.0.1:1',
    'a=127.0.0.1',
    'a=127.0.0.1:65536',
    'a=::1:4567',
    'a=unix:relative',
  ];
  for (const text of [
    ...texts,
    `${name}=127.0.0.1:1`,
    'a b=127.0.0.1:1',
    'a=unix:',
    'a=[x y]:1',
    'a=1.1.1.1:1 ',
  ]) {
    assert.equal(placeIn(text), undefined, text);
  }
});

test('the default listener comes first, unless its port is none', () => {
  const listen = 'a=127.0.0.1:0,b=unix:/b,c=[::1]:0';
  const [a, b, c] = listen.split(',').map((text) => placeIn(text));
  const { port } = standard;
  assert.deepEqual(placesOf({ ...standard, listen }), {
    ports: [{ host: '127.0.0.1', port }, a, c],
    files: [b],
  });
  assert.deepEqual(placesOf({ ...standard, listen, port: 'none' }), { ports: [a, c], files: [b] });
});

test('a server has a listener, and none twice', () => {
  const refused: [Partial<Parameters<typeof placesOf>[0]>, string][] = [
    [{ port: 'none' }, 'without a port the server needs --listen'],
    [{ listen: 'a=127.0.0.1:1,a=127.0.0.1:2' }, 'two listeners are called a'],
    [{ listen: 'a=127.0.0.1:4567' }, 'two listeners would listen on 127.0.0.1:4567'],
    [{ listen: 'a=unix:/x,b=unix:/x' }, 'two listeners would listen on unix:/x'],
  ];
  for (const [options, message] of refused) {
    assert.throws(() => placesOf({ ...standard, ...options }), { name: 'StartError', message });
  }
});
