import assert from 'node:assert/strict';
import { chmodSync, existsSync, linkSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { rewrapped, rootKeyOf } from '../../../src/access/keys/root-key.ts';
import { readRootKey, readRootSecrets } from '../../../src/access/keys/root-key-source.ts';
import { nodeDisk } from '../../../src/env/node-disk.ts';
import { nodeRandom } from '../../../src/env/node-random.ts';
import { KeyError } from '../../../src/log/log.ts';
import { temporaryDirectory } from '../../server/process.ts';

const random = nodeRandom();
const secret = Buffer.from('the secret that is wrapped');
const [first, second] = [random.bytes(32), random.bytes(32)];

function isKeyError(error: unknown): boolean {
  return error instanceof KeyError;
}

test('what is wrapped for a purpose is unwrapped for this purpose alone', () => {
  const root = rootKeyOf([first], random);
  const text = root.wrap(secret, 'kms/a/1');
  assert.deepEqual(root.unwrap(text, 'kms/a/1'), secret);
  assert.throws(() => root.unwrap(text, 'kms/a/2'), isKeyError);
  assert.ok(!Buffer.from(text.split('.')[2]!, 'base64').includes(secret));
  assert.notEqual(root.wrap(secret, 'kms/a/1'), text);
});

test('no change of a wrapped text goes unnoticed', () => {
  const root = rootKeyOf([first, second], random);
  const text = root.wrap(secret, 'p');
  for (let at = 0; at < text.length; at++) {
    const other = text[at] === 'A' ? 'B' : 'A';
    const changed = text.slice(0, at) + other + text.slice(at + 1);
    assert.throws(() => root.unwrap(changed, 'p'), isKeyError, `at ${at}`);
    assert.throws(() => root.unwrap(text.slice(0, at), 'p'), isKeyError, `cut at ${at}`);
  }
});

test('the first key wraps, all of them unwrap, and what another wrapped is wrapped anew', () => {
  const text = rootKeyOf([first], random).wrap(secret, 'p');
  const both = rootKeyOf([second, first], random);
  assert.ok(!both.isCurrent(text));
  const anew = rewrapped(both, text, 'p');
  assert.ok(both.isCurrent(anew));
  assert.equal(rewrapped(both, anew, 'p'), anew);
  assert.deepEqual(rootKeyOf([second], random).unwrap(anew, 'p'), secret);
  assert.throws(
    () => rootKeyOf([second], random).unwrap(text, 'p'),
    /no root key that is given has wrapped p/,
  );
});

test('a data directory gets a key of its own, which only its owner can read, and keeps it', async () => {
  using directory = temporaryDirectory();
  const world = { disk: nodeDisk(directory.path), random, memory: false };
  const made = await readRootSecrets(undefined, world);
  const path = join(directory.path, 'root-key');
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.ok(readFileSync(path, 'utf8').includes(made[0]!.toString('hex')));
  assert.deepEqual(await readRootSecrets(undefined, world), made);
  chmodSync(path, 0o640);
  await assert.rejects(readRootSecrets(undefined, world), {
    name: 'StartError',
    message: /other users may read/,
  });
});

test('what a crash left of making the file is removed, also when the key has moved away', async () => {
  using directory = temporaryDirectory();
  const world = { disk: nodeDisk(directory.path), random, memory: false };
  const [made] = await readRootSecrets(undefined, world);
  const [path, left] = [join(directory.path, 'root-key'), join(directory.path, 'root-key.new')];
  linkSync(path, left);
  assert.deepEqual(await readRootSecrets(undefined, world), [made]);
  assert.ok(!existsSync(left));
  linkSync(path, left);
  process.env['MOVED'] = made!.toString('hex');
  assert.deepEqual(await readRootSecrets('env:MOVED', world), [made]);
  assert.ok(!existsSync(left));
});

test('without a disk the key is a random one', async () => {
  const world = { disk: nodeDisk('/nowhere'), random, memory: true };
  const [a, b] = [await readRootSecrets(undefined, world), await readRootSecrets(undefined, world)];
  assert.equal(a[0]!.length, 32);
  assert.notDeepEqual(a, b);
});

test('keys come from a file, a variable or a command, in hex or in base64', async () => {
  using directory = temporaryDirectory();
  const path = join(directory.path, 'keys');
  const text = `# new\n${first.toString('hex')} # since May\n\n  ${second.toString('base64')}\r\n`;
  writeFileSync(path, text, { mode: 0o600 });
  const world = { disk: nodeDisk(directory.path), random, memory: true };
  process.env['ROOT_KEY_OF_TEST'] = text;
  for (const source of [`file:${path}`, 'env:ROOT_KEY_OF_TEST', `command:cat ${path}`]) {
    assert.deepEqual(await readRootSecrets(source, world), [first, second], source);
  }
  const root = await readRootKey(`file:${path}`, world);
  assert.ok(root.isCurrent(rootKeyOf([first], random).wrap(secret, 'p')));
  chmodSync(path, 0o644);
  await assert.rejects(readRootSecrets(`file:${path}`, world), {
    name: 'StartError',
    message: `--root-key: the file ${path} could not be read: other users may read it, which chmod 600 ${path} ends`,
  });
});

const hex = first.toString('hex');
const wrong: [text: string, message: string][] = [
  ['', 'there is no key in the variable BAD'],
  [`${hex.slice(1)}\n`, 'line 1 of the variable BAD is neither 64 hexadecimal digits nor 32 bytes in base64'],
  [`#\n${hex}\n${first.toString('base64')}`, 'line 3 of the variable BAD is there twice'],
  [
    Array.from({ length: 17 }, () => random.bytes(32).toString('hex')).join('\n'),
    'there are more than 16 keys in the variable BAD',
  ],
];

for (const [text, message] of wrong) {
  test(`keys are refused, and not shown: ${message}`, async () => {
    process.env['BAD'] = text;
    const world = { disk: nodeDisk('/nowhere'), random, memory: true };
    await assert.rejects(readRootSecrets('env:BAD', world), {
      name: 'StartError',
      message: `--root-key: ${message}`,
    });
  });
}

test('a source that is not there is one clear line', async () => {
  const world = { disk: nodeDisk('/nowhere'), random, memory: true };
  const reasons: [string, RegExp][] = [
    ['file:/nowhere/key', /^--root-key: the file \/nowhere\/key could not be read: ENOENT/],
    ['env:NOT_THERE', /^--root-key: the variable NOT_THERE is not set$/],
    ['command:exit 3', /^--root-key: the command could not be read: it ended with exit code 3$/],
    ['command:yes', /^--root-key: the command could not be read: it printed more than 65536 bytes$/],
  ];
  for (const [source, message] of reasons) {
    await assert.rejects(readRootSecrets(source, world), { name: 'StartError', message });
  }
});
