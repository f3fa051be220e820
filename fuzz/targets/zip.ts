import assert from 'node:assert/strict';
import { link, rawZip } from '../../harness/raw-zip.ts';
import { checkZip, unzip } from '../../src/services/lambda/code/zip.ts';
import { ServiceError } from '../../src/wire/service-error.ts';
import { seedsOf, type Target } from '../target.ts';

const bytesMax = 4_096;
const text = Buffer.from('exports.handler = async () => 1;\n');

/** Zips of functions: files within the limit, each at one path that stays in its folder, or AWS's refusal. */
export const zipTarget: Target = {
  name: 'zip',
  seeds: seedsOf(
    rawZip([{ name: 'index.js', data: text }]),
    rawZip([
      { name: 'a/' },
      { name: 'a/b', data: text, mode: 0o100755 },
      { name: 'l', data: Buffer.from('a'), mode: link },
    ]),
    rawZip([{ name: 'a', data: Buffer.alloc(bytesMax) }]),
    rawZip([{ name: 'a', data: Buffer.alloc(bytesMax + 1), says: { length: 1 } }]),
    rawZip([{ name: '../a', data: text }]),
    rawZip([
      { name: 'l', data: Buffer.from('../../etc'), mode: link },
      { name: 'l/a', data: text },
    ]),
    rawZip([]),
  ),
  words: [
    'PK\x03\x04',
    'PK\x01\x02',
    'PK\x05\x06',
    'PK\x06\x06',
    '../',
    '/',
    '\\',
    '\0',
    '\xff\xff\xff\xff',
    '\x08\0',
  ],
  run: async (zip) => {
    const [unzipped, checked] = [
      await outcomeOf(() => unzip(zip, bytesMax)),
      await outcomeOf(() => checkZip(zip, bytesMax)),
    ];
    if (typeof unzipped === 'string') {
      assert.equal(checked, unzipped, 'a check refuses what is refused when it is unzipped');
      return unzipped;
    }
    assert.notEqual(typeof checked, 'string', 'a check takes what can be unzipped');
    const files = unzipped ?? [];
    const paths = new Set(files.map(({ path }) => path));
    assert.equal(paths.size, files.length, 'each path once');
    for (const path of paths) {
      assert(
        path.split('/').every((part) => part !== '' && part !== '.' && part !== '..'),
        `the path ${path}`,
      );
      assert(!/^[/\\]|^[a-z]:|\\|\0/i.test(path), `the path ${path}`);
    }
    const bytes = files.reduce((sum, file) => sum + file.bytes.length, 0);
    assert(bytes <= bytesMax, 'more than the limit');
    return `${Math.min(files.length, 3)} files`;
  },
};

async function outcomeOf<Files>(work: () => Promise<Files>): Promise<Files | string> {
  try {
    return await work();
  } catch (error) {
    assert(error instanceof ServiceError && error.type === 'InvalidParameterValueException', String(error));
    return error.message;
  }
}
