import assert from 'node:assert/strict';
import { buffer } from 'node:stream/consumers';
import { test } from 'node:test';
import { ZipFile } from 'yazl';
import { link, type RawEntry, rawZip } from '../../../../harness/raw-zip.ts';
import type { ProgramFile } from '../../../../src/env/processes.ts';
import { checkZip, unzip } from '../../../../src/services/lambda/code/zip.ts';

const notUnzipped = {
  name: 'InvalidParameterValueException',
  status: 400,
  message: 'Could not unzip uploaded file. Please check your file, then try to upload again.',
};

function shown(files: readonly ProgramFile[]): Record<string, string> {
  const all = files.map(({ path, bytes, isExecutable }): [string, string] => {
    return [path, `${Buffer.from(bytes)}${isExecutable ? ' (runs)' : ''}`];
  });
  return Object.fromEntries(all.sort());
}

async function refused(zip: Uint8Array, error: object = notUnzipped, bytesMax?: number): Promise<void> {
  await assert.rejects(unzip(zip, bytesMax), error);
  await assert.rejects(checkZip(zip, bytesMax), error);
}

const file = (name: string, data = 'data'): RawEntry => ({ name, data: Buffer.from(data) });
const linkTo = (name: string, target: string): RawEntry => ({ name, data: Buffer.from(target), mode: link });

test('the files of a zip are where they were, with what makes them programs', async () => {
  const zip = new ZipFile();
  zip.addBuffer(Buffer.from('#!'), 'bootstrap', { mode: 0o100755 });
  zip.addBuffer(Buffer.alloc(300_000, 'x'), 'lib/é/index.js', { mode: 0o100644 });
  zip.addBuffer(Buffer.from('stored'), 'stored.txt', { compress: false });
  zip.addEmptyDirectory('empty');
  zip.end();
  const bytes = await buffer(zip.outputStream);
  await checkZip(bytes);
  assert.deepEqual(shown(await unzip(bytes)), {
    bootstrap: '#! (runs)',
    'lib/é/index.js': 'x'.repeat(300_000),
    'stored.txt': 'stored',
  });
});

test('a path that climbs out, comes twice, or is of a file and of a folder is refused', async () => {
  assert.deepEqual(shown(await unzip(rawZip([file('./a//b'), file('..c')]))), {
    'a/b': 'data',
    '..c': 'data',
  });
  for (const name of [
    '../a',
    'a/../../b',
    'a/../b',
    '/a',
    'C:/a',
    'a\\b',
    '..\\a',
    'a\0b',
    '..',
    '.',
    'x'.repeat(256),
  ]) {
    await refused(rawZip([file(name)]));
  }
  await refused(rawZip([file('a'), file('a')]));
  await refused(rawZip([file('a/b'), file('./a//b')]));
  await refused(rawZip([file('a'), file('a/b')]));
  await refused(rawZip([file('a/b'), file('a')]));
  await refused(rawZip([file('a/b'), linkTo('a', 'c')]));
});

test('a link within the zip is what it leads to, and one that leads out is refused', async () => {
  const entries = [
    { ...file('pkg/bin/run.js', 'run'), mode: 0o100755 },
    linkTo('node_modules/pkg', '../pkg'),
    linkTo('node_modules/.bin/run', '../pkg/bin/run.js'),
    linkTo('pkg/self', '..'),
    linkTo('nowhere', 'pkg/none'),
    linkTo('round', 'about'),
    linkTo('about', 'round'),
  ];
  const files = shown(await unzip(rawZip(entries)));
  for (const path of ['pkg/bin/run.js', 'node_modules/pkg/bin/run.js', 'node_modules/.bin/run']) {
    assert.equal(files[path], 'run (runs)', path);
  }
  assert.ok(Object.keys(files).every((path) => !/^(nowhere|round|about)/.test(path)));
  for (const target of ['/etc/passwd', '../a', 'b/../../a', 'a\0b', '../'.repeat(5000)]) {
    await refused(rawZip([file('a'), linkTo('l', target)]));
  }
});

test('more bytes than a function may have are refused, whatever the zip says of them', async () => {
  const data = Buffer.alloc(1001);
  const tooLarge = { ...notUnzipped, message: 'Unzipped size must be smaller than 1000 bytes' };
  await refused(rawZip([{ name: 'a', data }]), tooLarge, 1000);
  await refused(
    rawZip([
      { name: 'a', data: data.subarray(500) },
      { name: 'b', data: data.subarray(500) },
    ]),
    tooLarge,
    1000,
  );
  // A zip that lies is none, and is not inflated for longer than it takes to see that.
  const bomb = Buffer.alloc(30_000_000);
  await refused(rawZip([{ name: 'a', data: bomb, says: { length: 10 } }]), notUnzipped, 1000);
  // Links count as what they lead to.
  await refused(rawZip([file('a', 'x'.repeat(600)), linkTo('b', 'a')]), tooLarge, 1000);
});

test('links that have folders visited again and again come to an end', async () => {
  const levels = Array.from({ length: 60 }, (_, level) => [
    linkTo(`${level}/a`, `../${level + 1}`),
    linkTo(`${level}/b`, `../${level + 1}`),
  ]);
  await refused(rawZip([...levels.flat(), file('60/c')]), { name: 'InvalidParameterValueException' });
});

test('what is no zip, is cut off, encrypted or altered is refused; so is one with nothing in it', async () => {
  const whole = rawZip([file('a', 'x'.repeat(1000))]);
  for (const zip of [Buffer.alloc(0), Buffer.from('no zip'), whole.subarray(10), whole.subarray(0, -10)]) {
    await refused(zip);
  }
  await refused(rawZip([{ ...file('a'), says: { crc: 1 } }]));
  await refused(rawZip([{ ...file('a'), says: { flags: 0x801 } }]));
  await refused(rawZip([{ ...file('a'), says: { length: 3 } }]));
  for (let at = 0; at < whole.length; at++) {
    const altered = Buffer.from(whole);
    altered[at]! ^= 0x55;
    await unzip(altered).then(
      (files) => assert.equal(files.length, 1),
      (error) => assert.equal(error.name, 'InvalidParameterValueException'),
    );
  }
  const empty = { name: 'InvalidParameterValueException', message: 'Uploaded file must be a non-empty zip' };
  await refused(rawZip([]), empty);
  await refused(rawZip([{ name: 'folder/' }]), empty);
});
