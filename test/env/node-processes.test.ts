import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { nodeProcesses } from '../../src/env/node-processes.ts';
import type { Isolation, ProcessEnd, Processes, Program } from '../../src/env/processes.ts';

const user = { uid: 30_777, gid: 30_777 };

const here: Isolation = await (async () => {
  await using processes = await nodeProcesses(process.env);
  return processes.isolation;
})();

const cannotIsolate =
  here === 'none' &&
  'programs cannot be kept apart here: that takes root, and setpriv and unshare of util-linux';

for (const isolation of ['none', 'user', 'namespaces'] as const) {
  const skip = isolation === 'none' ? false : cannotIsolate;

  test(`with isolation ${isolation}, a program has its folder, its environment and its code of exit, and both streams in order`, {
    skip,
  }, async () => {
    await using processes = await nodeProcesses(process.env, isolation);
    const folder = await processes.folderWith([fileOf('in/it.txt', 'a file')], { user });
    const script = 'echo "$ODD"; echo error >&2; cat in/it.txt; test "$HOME" = "" && exit 3';
    const environment = { ODD: 'a\'b\n$(c) "d"' };
    const { end, text } = await run(processes, { args: ['-c', script], folder: folder.path, environment });
    assert.deepEqual(end, { code: 3 });
    assert.equal(text, 'a\'b\n$(c) "d"\nerror\na file');
  });

  test(`with isolation ${isolation}, a program ends with all that it has started`, { skip }, async () => {
    await using processes = await nodeProcesses(process.env, isolation);
    const folder = await processes.folderWith([], { user, isWritable: true });
    const begun = Promise.withResolvers<void>();
    const program = start(processes, { args: ['-c', growing('grown')], folder: folder.path }, () =>
      begun.resolve(),
    );
    await begun.promise;
    assert.ok((await program.memoryBytes())! > 100_000);
    program.kill();
    program.kill();
    assert.deepEqual(await program.ended, { signal: 'SIGKILL' });
    assert.equal(await program.memoryBytes(), undefined);
    await stopsGrowing(join(folder.path, 'grown'));
  });

  test(`with isolation ${isolation}, nothing that a killed process had started outlives it`, {
    skip,
  }, async (t) => {
    const folder = scratch(t);
    writeFileSync(join(folder, 'parent.mjs'), parent(isolation));
    const parentProcess = spawn(process.execPath, [join(folder, 'parent.mjs')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [told] = await once(parentProcess.stdout, 'data');
    const made = String(told).trim();
    assert.ok(existsSync(made));
    parentProcess.kill('SIGKILL');
    await once(parentProcess, 'close');
    // The root of temporary folders goes, and with it what the programs could write to.
    while (existsSync(made)) await pause(20);
    await stopsGrowing(join(folder, 'grown'));
  });
}

test('a program runs as another user, who sees no other processes and has no rights of this one', {
  skip:
    here === 'namespaces' ? false : cannotIsolate || 'the kernel does not let this process make namespaces',
}, async () => {
  await using processes = await nodeProcesses(process.env);
  const folder = await processes.folderWith([fileOf('code', 'x')], { user });
  const script = 'id -u; id -G; ls /proc | grep -c "^[0-9]"; grep CapBnd /proc/self/status; echo y > code';
  const { text } = await run(processes, { args: ['-c', script], folder: folder.path });
  const [uid, groups, seen, rights] = text.split('\n');
  assert.deepEqual([uid, groups], ['30777', '30777']);
  assert.ok(Number(seen) <= 4, `it sees ${seen} processes`);
  assert.match(rights!, /CapBnd:\s+0+$/);
  assert.equal(readFileSync(join(folder.path, 'code'), 'utf8'), 'x');
});

test('nothing that a function says of its environment is done as this user', {
  skip: cannotIsolate,
}, async () => {
  await using processes = await nodeProcesses(process.env);
  const evil = '#!/bin/sh\nid -u > "$0.ran"; exit 9\n';
  const tools = ['setpriv', 'unshare', 'cat', 'sh'].map((name) => fileOf(name, evil, true));
  const folder = await processes.folderWith(tools, { user, isWritable: true });
  const { end, text } = await run(processes, {
    command: '/bin/echo',
    args: ['hello'],
    folder: folder.path,
    environment: { PATH: folder.path, LD_PRELOAD: join(folder.path, 'sh') },
  });
  assert.deepEqual(end, { code: 0 });
  assert.match(text, /hello\n$/);
  assert.ok(!existsSync(join(folder.path, 'setpriv.ran')) && !existsSync(join(folder.path, 'unshare.ran')));
});

test('a program that is not there, and one in no folder, have ended and say why', async () => {
  await using processes = await nodeProcesses(process.env, 'none');
  const { end, text } = await run(processes, { command: 'no-such-program', args: [], folder: tmpdir() });
  assert.deepEqual(end, { code: 127 });
  assert.match(text, /not found/);
  const nowhere = await run(processes, { args: [], folder: '/no/such/folder' });
  assert.match(String(nowhere.end.error), /ENOENT/);
});

test('a file that would leave its folder is refused, and nothing of the folder stays', async () => {
  await using processes = await nodeProcesses(process.env, 'none');
  const { path } = await processes.folderWith([]);
  await assert.rejects(processes.folderWith([fileOf('ok', ''), fileOf('../out', '')]), /not within/);
  assert.ok(!existsSync(join(path, '../out')) && !existsSync(join(path, '../2')));
  assert.equal(statSync(path).mode & 0o077, 0);
});

test('changes in a folder and in those made in it later are told once for many, those of node_modules not', async (t) => {
  const folder = scratch(t);
  mkdirSync(join(folder, 'node_modules'));
  await using processes = await nodeProcesses(process.env, 'none');
  let told = 0;
  using _watch = await processes.watch(folder, () => {
    told += 1;
  });
  const untilTold = async (times: number) => {
    while (told < times) await pause(10);
  };
  writeFileSync(join(folder, 'node_modules', 'a'), '');
  writeFileSync(join(folder, 'a'), '1');
  writeFileSync(join(folder, 'a'), '2');
  await untilTold(1);
  mkdirSync(join(folder, 'deep'));
  await untilTold(2);
  // Its watch is set up right after: what is written before that is missed, and told with what comes next.
  while (told < 3) {
    writeFileSync(join(folder, 'deep', 'b'), String(told));
    await pause(150);
  }
  await assert.rejects(
    processes.watch(join(folder, 'not there'), () => {}),
    { code: 'ENOENT' },
  );
});

function scratch(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'millrace-processes-'));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

function fileOf(path: string, text: string, isExecutable = false) {
  return { path, bytes: Buffer.from(text), isExecutable };
}

function start(processes: Processes, of: Partial<Program>, output: (piece: Buffer) => void) {
  return processes.start({ command: 'sh', args: [], folder: '/', environment: {}, user, output, ...of });
}

async function run(processes: Processes, of: Partial<Program>): Promise<{ end: ProcessEnd; text: string }> {
  const pieces: Buffer[] = [];
  const end = await start(processes, of, (piece) => pieces.push(piece)).ended;
  return { end, text: Buffer.concat(pieces).toString() };
}

/** Shell text that leaves a process behind which writes to a file without end, says so, and waits for it. */
function growing(file: string): string {
  return `(while :; do echo x >> ${file}; sleep 0.05; done) & while ! test -s ${file}; do sleep 0.01; done; echo begun; wait`;
}

/** Whoever wrote to a file has ended soon: it does not grow over many of the writer's turns. */
async function stopsGrowing(file: string): Promise<void> {
  const size = () => statSync(file).size;
  assert.ok(size() > 0);
  for (let looks = 0, still = 0, last = size(); still < 10; still++) {
    await pause(50);
    if (size() !== last) still = -1;
    last = size();
    looks += 1;
    assert.ok(looks < 1_000, 'it is still written to');
  }
}

/** A program that starts another one, which has a child of its own, and says where its folders are. */
function parent(isolation: Isolation): string {
  const module = new URL('../../src/env/node-processes.ts', import.meta.url).href;
  return `
    import { chmodSync } from 'node:fs';
    import { nodeProcesses } from ${JSON.stringify(module)};
    chmodSync(import.meta.dirname, 0o777);
    const processes = await nodeProcesses(process.env, ${JSON.stringify(isolation)});
    const folder = await processes.folderWith([]);
    processes.start({
      command: 'sh',
      args: ['-c', ${JSON.stringify(growing('grown'))}],
      folder: import.meta.dirname,
      environment: {},
      user: ${JSON.stringify(user)},
      output: () => console.log(folder.path),
    });
    setInterval(() => {}, 1000);
  `;
}
