// Packs the package, installs it into an empty folder as a user would, and uses it from there.
import assert from 'node:assert/strict';
import { execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { temporaryDirectory } from '../server/process.ts';

const folder = temporaryDirectory();
const root = resolve(import.meta.dirname, '../..');
/** The commands see the Node that runs this test, whatever the machine has. */
const env = { ...process.env, PATH: [dirname(process.execPath), process.env['PATH']].join(delimiter) };
const run = (command: string, ...args: string[]) =>
  promisify(execFile)(command, args, { cwd: folder.path, env, encoding: 'utf8' });

const unreachable = await whyUnreachable();

/** Why nothing can be installed here, or `false` when it can. */
async function whyUnreachable(): Promise<string | false> {
  const { error, stdout } = spawnSync('npm', ['config', 'get', 'registry'], {
    cwd: root,
    env,
    encoding: 'utf8',
  });
  if (error !== undefined) return 'npm is not installed';
  return fetch(stdout.trim(), { method: 'HEAD' }).then(
    () => false,
    ({ cause, message }: Error) => `the npm registry cannot be reached: ${cause ?? message}`,
  );
}

before(async () => {
  if (unreachable) return;
  await promisify(execFile)('npm', ['pack', '--pack-destination', folder.path], { cwd: root, env });
  const [tarball] = readdirSync(folder.path);
  writeFileSync(join(folder.path, 'package.json'), '{"type": "module"}');
  await run('npm', 'install', '--no-audit', '--no-fund', '--ignore-scripts', `./${tarball}`);
});

after(() => folder[Symbol.dispose]());

test('the package is plain JavaScript with types and the built console, nothing else', {
  skip: unreachable,
}, () => {
  const files = readdirSync(join(folder.path, 'node_modules/millrace'), {
    recursive: true,
    withFileTypes: true,
  })
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name);
  assert.ok(files.includes('LICENSE'));
  const ours = /\.m?js$|\.d\.ts$|^package\.json$|^LICENSE$|\.md$|^index\.html$|^style-[\w-]+\.css$/;
  const others = files.filter((name) => !ours.test(name));
  assert.deepEqual(others, []);
});

test('npx millrace serve serves, here with two workers, and ends when npx alone is told to', {
  skip: unreachable,
}, async () => {
  // In a process group of its own, so that nothing of it outlives a test that fails.
  const child = spawn('npx', ['millrace', 'serve', '--port', '0', '--memory', '--workers', '2'], {
    cwd: folder.path,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  try {
    const [line] = await once(child.stdout, 'data');
    const url = /^Millrace \S+ listens on (http:\S+) /.exec(String(line))?.[1];
    const health = (await (await fetch(`${url}/health`)).json()) as Record<string, unknown>;
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    assert.equal(health['version'], version);
    const page = await (await fetch(`${url}/console/streams`)).text();
    const script = /src="(\/console\/main-[\w-]+\.js)"/.exec(page)?.[1];
    assert.equal(
      (await fetch(`${url}${script}`)).headers.get('content-type'),
      'text/javascript; charset=utf-8',
    );
    child.kill('SIGTERM');
    // The server has this output as well.
    await once(child, 'close');
    await assert.rejects(fetch(`${url}/health`));
  } finally {
    if (!child.stdout.destroyed) process.kill(-child.pid!, 'SIGKILL');
  }
});

const consumer = `
import { startServer, StartError, type Server, type ServerOptions } from 'millrace';
import { startTestServer } from 'millrace/testing';

const options: Partial<ServerOptions> = { port: 0, memory: true, logLevel: 'silent' };
const server: Server = await startServer(options);
const answers: number[] = [(await fetch(server.url + '/health')).status];
await server.close();
{
  await using inTest = await startTestServer({ region: 'eu-west-1' });
  answers.push((await fetch(inTest.clientConfig.endpoint + '/health')).status);
}
await startServer({ ...options, host: '0.0.0.0', auth: 'open' }).catch((error: unknown) => answers.push(error instanceof StartError ? 1 : 2));
console.log(answers.join(' '));
`;

test('a strict TypeScript program that uses it compiles, and runs', { skip: unreachable }, async () => {
  writeFileSync(join(folder.path, 'consumer.ts'), consumer);
  symlinkSync(join(root, 'node_modules/@types'), join(folder.path, 'node_modules/@types'), 'dir');
  symlinkSync(join(root, 'node_modules/undici-types'), join(folder.path, 'node_modules/undici-types'), 'dir');
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  const strict =
    '--noEmit --strict --exactOptionalPropertyTypes --module nodenext --target es2025 --types node';
  const libraries = '--lib es2025,esnext.disposable,dom'.split(' ');
  await run(process.execPath, compiler, ...strict.split(' '), ...libraries, 'consumer.ts');
  const { stdout } = await run(process.execPath, 'consumer.ts');
  assert.equal(stdout, '200 200 1\n');
});

const oldNode = olderNode();

test('on an older Node the command says so in one line, and has its own exit code', {
  skip: unreachable || (oldNode === undefined && 'this machine has no older Node'),
}, () => {
  const command = join(folder.path, 'node_modules/millrace/dist/cli/main.js');
  // With the flags of its first line.
  const flags = /^#!\S+ -S (?:\w+=\d+ )*node (.*)$/m.exec(readFileSync(command, 'utf8'))![1]!.split(' ');
  const { status, stdout, stderr } = spawnSync(oldNode!.path, [...flags, command], { encoding: 'utf8' });
  const line = `millrace needs Node.js 24 or newer, this is ${oldNode!.version}: get a newer one from https://nodejs.org\n`;
  assert.deepEqual({ status, stdout, stderr }, { status: 78, stdout: '', stderr: line });
});

test('on an older Node a program that imports it is told so', {
  skip: unreachable || (oldNode === undefined && 'this machine has no older Node'),
}, () => {
  for (const specifier of ['millrace', 'millrace/testing']) {
    const args = ['--input-type=module', '--eval', `await import('${specifier}')`];
    const { status, stderr } = spawnSync(oldNode!.path, args, { cwd: folder.path, encoding: 'utf8' });
    assert.equal(status, 1);
    assert.match(stderr, /^Error: millrace needs Node\.js 24 or newer, this is \d+\.\d+\.\d+: /m);
  }
});

/** A Node on the path that is older than what the package asks for. */
function olderNode(): { path: string; version: string } | undefined {
  for (const directory of (process.env['PATH'] ?? '').split(delimiter)) {
    const path = join(directory, 'node');
    const { stdout } = spawnSync(path, ['--version'], { encoding: 'utf8' });
    const version = /^v(.*)\n$/.exec(stdout ?? '')?.[1];
    if (version !== undefined && Number.parseInt(version, 10) < 24) return { path, version };
  }
  return undefined;
}

test('what it installs is few and small, and needs no scripts', { skip: unreachable }, () => {
  const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  assert.ok(Object.keys(dependencies).length <= 10);
  const lock = JSON.parse(readFileSync(join(folder.path, 'node_modules/.package-lock.json'), 'utf8'));
  const packages = Object.values<{ hasInstallScript?: boolean }>(lock.packages);
  // Millrace itself is one; CEL, SQL and Avro are a package each, which need no others.
  assert.ok(packages.length <= 27, `${packages.length} packages`);
  assert.ok(packages.every(({ hasInstallScript }) => !hasInstallScript));
});
