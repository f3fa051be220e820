import assert from 'node:assert/strict';
import { chmodSync, globSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { version } from '../../src/server/version.ts';
import { MillraceProcess, temporaryDirectory } from '../server/process.ts';

test('one line on stdout says where it listens, hints are logged, /health answers then, SIGTERM and SIGINT end it with 0', async () => {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    await using server = new MillraceProcess(['serve', '--memory', '--port', '0']);
    const url = await server.ready();
    const health = (await (await fetch(`${url}/health`)).json()) as Record<string, unknown>;
    assert.equal(health['status'], 'ok');
    assert.equal(health['engine'], 'memory');
    server.kill(signal);
    const { code, stdout, stderr } = await server.ended;
    assert.equal(code, 0);
    assert.equal(
      stdout,
      `Millrace ${version} listens on ${url} (in memory, any region, limits as AWS has them, console at ${url}/console/)\n`,
    );
    const { level, message } = JSON.parse(stderr);
    const hint = 'every well-formed signature is accepted, on loopback only';
    assert.deepEqual({ level, message }, { level: 'info', message: hint });
  }
});

test('the line on stdout names all listeners, and Unix sockets are gone at the end', async () => {
  using directory = temporaryDirectory();
  const [a, b] = [join(directory.path, 'a'), join(directory.path, 'b')];
  const args = [
    '--memory',
    '--port',
    'none',
    '--listen',
    `a=unix:${a}`,
    '--listen',
    `b=unix:${b},c=127.0.0.1:0`,
  ];
  await using server = new MillraceProcess(args);
  await server.logged('every well-formed signature');
  assert.deepEqual(readdirSync(directory.path), ['a', 'b']);
  server.kill('SIGTERM');
  const { code, stdout } = await server.ended;
  assert.equal(code, 0);
  const line =
    /^Millrace \S+ listens on c=127\.0\.0\.1:\d+ and a=unix:(\S+) and b=unix:(\S+) \(in memory/.exec(stdout);
  assert.deepEqual(line?.slice(1), [a, b]);
  assert.deepEqual(readdirSync(directory.path), []);
});

test('a request under way holds SIGTERM back, a second signal does not wait', async () => {
  await using server = new MillraceProcess(['--memory', '--port', '0']);
  const { hostname, port } = new URL(await server.ready());
  const client = connect(Number(port), hostname);
  client.on('error', () => {});
  client.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\nExpect: 100-continue\r\n\r\n');
  await new Promise((resolve) => client.once('data', resolve));
  server.kill('SIGTERM');
  // It has heard the signal when it takes no more connections; two at once would be one.
  while (await takesConnections(Number(port), hostname)) await new Promise(setImmediate);
  assert.equal(server.child.exitCode, null);
  server.kill('SIGTERM');
  assert.equal((await server.ended).code, 128 + 15);
  client.destroy();
});

test('a data directory has one server: a second one is refused, and admitted when the first has ended', async () => {
  using directory = temporaryDirectory();
  const data = join(directory.path, 'new', 'data');
  await using first = new MillraceProcess(['--data', data, '--port', '0']);
  await first.ready();
  const second = await MillraceProcess.run(['--data', data, '--port', '0']);
  assert.equal(second.stderr, `millrace: the data directory ${data} is in use by another server\n`);
  assert.notEqual(second.code, 0);
  first.kill('SIGKILL');
  await first.ended;
  await using third = new MillraceProcess(['--data', data, '--port', '0']);
  await third.ready();
  assert.ok(readdirSync(data).length > 0);
});

test('a port in use is refused in one line, before anything is written to stdout', async () => {
  await using first = new MillraceProcess(['--memory', '--port', '0']);
  const { port } = new URL(await first.ready());
  const second = await MillraceProcess.run(['--memory', '--port', port]);
  assert.deepEqual(second, {
    code: 1,
    signal: null,
    stdout: '',
    stderr: `millrace: cannot listen on port ${port} of 127.0.0.1: it is in use\n`,
  });
});

test('options are refused in one line with 2: a bad value, everyone let in on another address', async () => {
  const refused: [string[], string][] = [
    [['--port', 'abc'], "--port must be a number from 0 to 65535, or none, not 'abc'"],
    [
      ['--host', '0.0.0.0', '--memory', '--auth', 'open'],
      '--auth open lets everyone in: on loopback only, not on 0.0.0.0',
    ],
  ];
  for (const [args, line] of refused) {
    const { code, stdout, stderr } = await MillraceProcess.run(args);
    assert.deepEqual({ code, stdout, stderr }, { code: 2, stdout: '', stderr: `millrace: ${line}\n` });
  }
});

test('what cannot be read or written is refused in one line, without a stack', async () => {
  using directory = temporaryDirectory();
  const file = join(directory.path, 'a-file');
  writeFileSync(file, 'x');
  const locked = join(directory.path, 'locked');
  mkdirSync(locked);
  writeFileSync(join(locked, 'lock'), 'garbage '.repeat(100));
  const refused: [string[], RegExp][] = [
    [['--data', file], /^millrace: cannot use the data directory .*a-file: it is not a directory.*\n$/],
    [['--data', locked], /^millrace: .*locked\/lock cannot be locked: it is not a lock file; remove it\n$/],
    ...(process.platform === 'linux'
      ? ([
          [
            ['--data', '/proc/x'],
            /^millrace: cannot use .* \/proc\/x: a directory cannot be made there .*\n$/,
          ],
        ] satisfies [string[], RegExp][])
      : []),
    [['--data', join(file, 'd')], /^millrace: cannot use the data directory .*: it is not a directory.*\n$/],
    [
      ['--memory', '--credentials', join(directory.path, 'none')],
      /^millrace: cannot read the credentials in .*\n$/,
    ],
    [['--config', join(directory.path, 'none')], /^millrace: cannot read the config file .*\n$/],
    [
      ['--memory', '--host', '192.0.2.1', '--credentials', credentialsIn(directory.path)],
      /^millrace: cannot listen on port .*\n$/,
    ],
  ];
  const attempts = refused.map(([args]) => MillraceProcess.run([...args, '--port', '0']));
  for (const [index, attempt] of attempts.entries()) {
    const { code, stdout, stderr } = await attempt;
    const line = refused[index]![1];
    assert.match(stderr, line);
    assert.equal(stdout, '');
    assert.ok(code === 1 || code === 2);
    assert.equal(stderr.split('\n').length, 2);
  }
});

test('a damaged data directory is refused in one line, and left as it is', async () => {
  using directory = temporaryDirectory();
  const args = ['--data', directory.path, '--port', '0'];
  await using server = new MillraceProcess(args);
  await server.ready();
  server.kill('SIGTERM');
  await server.ended;
  const segment = globSync('catalog/**/*.log', { cwd: directory.path })[0]!;
  const path = join(directory.path, segment);
  const damaged = readFileSync(path).fill('X', 4, 20);
  writeFileSync(path, damaged);
  const { code, stdout, stderr } = await MillraceProcess.run(args);
  assert.equal(code, 1);
  assert.equal(stdout, '');
  assert.match(stderr, /^millrace: the data directory .* is damaged: catalog\/.*\n$/);
  assert.deepEqual(readFileSync(path), damaged);
});

test('with credentials the hint about signatures is not there, but one about a mistyped variable', async () => {
  using directory = temporaryDirectory();
  const credentials = credentialsIn(directory.path);
  await using server = new MillraceProcess(['--memory', '--port', '0'], {
    env: { MILLRACE_CREDENTIALS: credentials, MILLRACE_LIMITS: 'none', MILLRACE_LIMIT: 'none' },
  });
  const url = await server.ready();
  server.kill('SIGTERM');
  const { stdout, stderr } = await server.ended;
  assert.equal(
    stdout,
    `Millrace ${version} listens on ${url} (in memory, any region, no limits, console at ${url}/console/)\n`,
  );
  const { level, message } = JSON.parse(stderr);
  const hint = 'the variable MILLRACE_LIMIT is not known (did you mean MILLRACE_LIMITS?)';
  assert.deepEqual({ level, message }, { level: 'warn', message: hint });
});

function credentialsIn(directory: string): string {
  const path = join(directory, 'credentials');
  writeFileSync(path, '[default]\naws_access_key_id = AKIDEXAMPLE\naws_secret_access_key = secret\n');
  chmodSync(path, 0o600);
  return path;
}

function takesConnections(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, host);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
