import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, suite, test } from 'node:test';
import { takenPorts } from '../../harness/brokers/broker-ports.ts';
import { brokerSettings, propertiesText } from '../../harness/brokers/broker-settings.ts';
import { findJava } from '../../harness/brokers/jars.ts';

suite('what real brokers need', () => {
  let folder = '';
  const { PATH, JAVA_HOME } = process.env;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'brokers-test-'));
    process.env['PATH'] = folder;
    delete process.env['JAVA_HOME'];
  });
  afterEach(() => {
    process.env['PATH'] = PATH;
    if (JAVA_HOME !== undefined) process.env['JAVA_HOME'] = JAVA_HOME;
    rmSync(folder, { recursive: true });
  });

  /** A program of this name that does what these lines of the shell do. */
  function program(name: string, lines: string): void {
    writeFileSync(join(folder, name), `#!/bin/sh\n${lines}\n`);
    chmodSync(join(folder, name), 0o755);
  }
  const find = () => findJava({ secondsMax: 60, tell: () => {}, cache: join(folder, 'cache') });

  test('without Java, one line says so', async () => {
    const message = "Java 17 is not installed: Kafka's brokers need it";
    await assert.rejects(find(), { name: 'NoBrokersError', message });
  });

  test('an older Java is told from one that will do', async () => {
    program('java', `echo 'openjdk version "11.0.2" 2019-01-15' >&2`);
    await assert.rejects(find(), { message: /need Java 17 or later, java is openjdk version "11.0.2"/ });
  });

  test('without Maven, one line says so', async () => {
    program('java', `echo 'openjdk version "21.0.1" 2023-10-17' >&2`);
    const message = "Maven is not installed: it fetches the jars of Kafka's brokers";
    await assert.rejects(find(), { name: 'NoBrokersError', message });
  });

  test('what Maven cannot resolve is said as Maven says it', async () => {
    program('java', `echo 'openjdk version "17.0.1" 2023-10-17' >&2`);
    program('mvn', `printf '\\033[0m[ERROR] Could not find artifact\\n'; exit 1`);
    await assert.rejects(find(), {
      message: 'Maven cannot resolve the jars of Kafka: [ERROR] Could not find artifact',
    });
  });

  test('Maven is asked once, and again when a jar is gone', async () => {
    const [jar, other] = [join(folder, 'a.jar'), join(folder, 'b.jar')];
    for (const each of [jar, other]) writeFileSync(each, '');
    program('java', `echo 'openjdk version "17.0.1" 2023-10-17' >&2`);
    const answer = `${jar}${delimiter}${other}`;
    const maven = `for word; do case $word in -Dmdep.outputFile=*) printf '${answer}' > \${word#*=};; esac; done`;
    program('mvn', maven);
    assert.deepEqual(await find(), { program: 'java', classPath: answer });
    program('mvn', 'exit 1');
    assert.deepEqual(await find(), { program: 'java', classPath: answer });
    rmSync(jar);
    await assert.rejects(find(), { name: 'NoBrokersError' });
  });
});

suite('npm run kafka', () => {
  test('says in one line what it cannot do, and ends with 1', async () => {
    for (const [words, said] of [
      [['fly'], /^npm run kafka -- up .*\n$/],
      [['kill'], /^npm run kafka -- up .*\n$/],
      [['up', '--any-ports', 'more'], /^npm run kafka -- up .*\n$/],
    ] as const) {
      const { code, printed } = await command(words);
      assert.equal(code, 1, words.join(' '));
      assert.match(printed, said);
    }
  });

  test('sees that somebody listens on a port', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    assert.deepEqual(await takenPorts([port]), [port]);
    await once(server.close(), 'close');
    assert.deepEqual(await takenPorts([port]), []);
  });

  test('settings go into a file of Java’s properties as they are', () => {
    const text = propertiesText({ path: 'C:\\data', pem: 'a\nb', name: 'ü' });
    assert.equal(text, 'path=C:\\\\data\npem=a\\u000ab\nname=\\u00fc\n');
  });

  test('a cluster of one asks for no more copies than it has', () => {
    const settings = brokerSettings({ ports: [{ clients: 1, quorum: 2 }], extra: {} }, 1, '/data');
    assert.equal(settings['default.replication.factor'], '1');
    assert.equal(settings['min.insync.replicas'], '1');
  });
});

function command(words: readonly string[]): Promise<{ code: number; printed: string }> {
  const { promise, resolve } = Promise.withResolvers<{ code: number; printed: string }>();
  execFile(process.execPath, ['scripts/kafka/main.ts', ...words], (error, _out, printed) => {
    resolve({ code: Number(error?.code ?? 0), printed });
  });
  return promise;
}
