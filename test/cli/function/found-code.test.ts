import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type CodeFiles, findCode } from '../../../src/cli/function/found-code.ts';

/** Files by their paths. */
function filesOf(files: Readonly<Record<string, string>>): CodeFiles {
  return {
    async list(folder) {
      const within = Object.keys(files).filter((path) => path.startsWith(`${folder}/`));
      const names = within.map((path) => path.slice(folder.length + 1).split('/')[0]!);
      return names.length === 0 ? undefined : [...new Set(names)];
    },
    async read(path) {
      const text = files[path];
      if (text === undefined) throw new Error('ENOENT');
      return text;
    },
  };
}

const asked = { handler: undefined, runtime: undefined };
const esm = 'export const handler = async () => {};';

const found: readonly (readonly [
  what: string,
  Readonly<Record<string, string>>,
  path: string,
  handler: string,
  runtime: string,
])[] = [
  ['index.mjs', { '/p/index.mjs': esm }, '/p', 'index.handler', 'nodejs24.x'],
  [
    'TypeScript',
    { '/p/index.ts': 'export async function handler(event: unknown) {}' },
    '/p',
    'index.handler',
    'nodejs24.x',
  ],
  ['the only export', { '/p/index.js': 'exports.main = () => {};' }, '/p', 'index.main', 'nodejs24.x'],
  [
    'main of package.json',
    { '/p/package.json': '{"main": "./src/app.js"}', '/p/src/app.js': esm },
    '/p',
    'src/app.handler',
    'nodejs24.x',
  ],
  [
    'a file',
    { '/p/src/orders.mjs': 'export function orders() {}' },
    '/p/src/orders.mjs',
    'orders.orders',
    'nodejs24.x',
  ],
  [
    'Python',
    { '/p/lambda_function.py': 'def lambda_handler(event, context):\n  pass' },
    '/p',
    'lambda_function.lambda_handler',
    'python3.13',
  ],
  ['a bootstrap', { '/p/bootstrap': '\x7fELF' }, '/p', 'bootstrap', 'provided.al2023'],
  [
    'a project of the Serverless Framework',
    {
      '/p/serverless.yml': 'service: orders\nfunctions:\n  hear:\n    handler: "src/hear.main" # of orders\n',
      '/p/src/hear.ts': 'export const main = async () => {};',
    },
    '/p',
    'src/hear.main',
    'nodejs24.x',
  ],
];

for (const [what, files, path, handler, runtime] of found) {
  test(`the handler is found: ${what}`, async () => {
    const folder = path.endsWith('.mjs') ? path.slice(0, path.lastIndexOf('/')) : path;
    assert.deepEqual(await findCode(path, asked, filesOf(files)), { folder, handler, runtime });
  });
}

const unclear: readonly (readonly [what: string, Readonly<Record<string, string>>, message: RegExp])[] = [
  ['nothing usual', { '/p/app.js': esm }, /has none of index\.mjs.*--handler/],
  [
    'several exports',
    { '/p/index.mjs': 'export const one = 1;\nexport const two = 2;' },
    /several exports: one, two/,
  ],
  [
    'several functions',
    { '/p/serverless.yml': 'f:\n  a:\n    handler: a.main\n  b:\n    handler: b.main\n' },
    /--handler a\.main or b\.main/,
  ],
  [
    'a variable',
    { '/p/serverless.yaml': 'f:\n  a:\n    handler: $' + '{file(x)}\n' },
    /does not say plainly/,
  ],
  [
    'a handler without its file',
    { '/p/serverless.yml': 'f:\n  a:\n    handler: src/gone.main\n', '/p/src/b.js': '' },
    /no file gone\.js/,
  ],
];

for (const [what, files, message] of unclear) {
  test(`it is asked for the handler where there is ${what}`, async () => {
    await assert.rejects(findCode('/p', asked, filesOf(files)), { name: 'StartError', message });
  });
}

test('a handler that is named is taken, and a path where nothing is is refused', async () => {
  const files = filesOf({ '/p/lib/a.js': esm });
  const named = await findCode('/p', { handler: 'lib/a.handler', runtime: 'nodejs22.x' }, files);
  assert.deepEqual(named, { folder: '/p', handler: 'lib/a.handler', runtime: 'nodejs22.x' });
  await assert.rejects(findCode('/p/lib/b.js', asked, files), { message: 'there is nothing at /p/lib/b.js' });
});
