import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { test } from 'node:test';
import { MillraceProcess } from '../server/process.ts';

const args = ['--memory', '--port', '0', '--log-level', 'warn'];

for (const workers of ['0', '2']) {
  test(`SIGUSR1, SIGUSR2 and SIGHUP end nothing and open no debugger, with ${workers} workers`, async () => {
    await using server = new MillraceProcess([...args, '--workers', workers]);
    const url = await server.ready();
    for (const signal of ['SIGUSR1', 'SIGUSR2', 'SIGHUP'] as const) {
      server.kill(signal);
      // Signals are obeyed between two turns: after two answers it has been.
      for (let calls = 0; calls < 2; calls++) assert.equal((await fetch(`${url}/health`)).status, 200);
    }
    server.kill('SIGTERM');
    const { code, stderr } = await server.ended;
    // Node says on stderr that a debugger listens.
    assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
  });
}

const table = [
  { signals: ['SIGQUIT'], code: 131 },
  { signals: ['SIGTERM', 'SIGINT'], code: 130 },
] as const;
for (const { signals, code } of table) {
  test(`${signals.join(' and then ')} ends it with ${code}, as docs/operating.md has it`, async () => {
    await using server = new MillraceProcess(args);
    const { hostname, port } = new URL(await server.ready());
    const client = connect(Number(port), hostname);
    client.on('error', () => {});
    if (signals.length > 1) await requestUnderWay(client);
    for (const signal of signals) {
      server.kill(signal);
      // A port that is closed says that the first one was obeyed; nothing does of the last one but the end.
      if (signal !== signals.at(-1)) await refuses(hostname, Number(port));
    }
    assert.equal((await server.ended).code, code);
    client.destroy();
    assert.ok(documented().includes(code), `docs/operating.md has the exit code ${code}`);
  });
}

test('the other exit codes are documented, too', () => {
  for (const code of [0, 1, 2, 74, 78, 129, 143]) assert.ok(documented().includes(code), String(code));
});

/** The exit codes in the first table of them in docs/operating.md. */
function documented(): number[] {
  const [, start] = readFileSync('docs/operating.md', 'utf8').split('| exit code | |\n|---|---|\n', 2);
  const rows = start!.slice(0, start!.indexOf('\n\n')).split('\n');
  return rows.flatMap((row) => row.split('|')[1]!.split(',').map(Number));
}

/** Resolves when the server waits for the rest of a request. */
async function requestUnderWay(client: ReturnType<typeof connect>): Promise<void> {
  client.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\nExpect: 100-continue\r\n\r\n');
  await once(client, 'data');
}

/** Resolves when nothing listens there any more. */
async function refuses(host: string, port: number): Promise<void> {
  for (;;) {
    const probe = connect(port, host);
    try {
      await once(probe, 'connect');
    } catch {
      return;
    } finally {
      probe.destroy();
    }
  }
}
