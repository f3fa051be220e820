import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { test } from 'node:test';
import { openKeys } from '../../../src/access/keys/keys.ts';
import { rootKeyOf } from '../../../src/access/keys/root-key.ts';
import { ServiceKeys } from '../../../src/access/keys/service-keys.ts';
import { checkData, isDataDamaged } from '../../../src/cli/offline/data-check.ts';
import { repairData } from '../../../src/cli/offline/data-repair.ts';
import { reportOf, reportText } from '../../../src/cli/offline/report.ts';
import { silentLogger } from '../../../src/env/logger.ts';
import { encodeBatch } from '../../../src/kinesis/record.ts';
import { openEmbeddedLog } from '../../../src/log/embedded/embedded-log.ts';
import { EncryptedEngine } from '../../../src/log/encrypted-engine.ts';
import { type Engine, NewerFormatError } from '../../../src/log/log.ts';
import { controlLogOptions, servicesDirectory, servicesLogOptions } from '../../../src/server/storage.ts';
import { openCodeStore } from '../../../src/services/lambda/code/stored-code.ts';
import { failuresKey } from '../../../src/services/lambda/failures/failure-log.ts';
import { openFailureStore } from '../../../src/services/lambda/failures/logged-failures.ts';
import { editsOfFailure } from '../../../src/services/lambda/state/lambda-edits.ts';
import {
  cursorKeyOf,
  functionKeyOf,
  type LambdaState,
} from '../../../src/services/lambda/state/lambda-state.ts';
import { lambdaKey, openLambdaJournal } from '../../../src/services/lambda/state/open-lambda-journal.ts';
import { FakeDisk } from '../../log/fake-disk.ts';
import { TestClock, TestRandom } from '../../log/world.ts';
import { failureOf, functionOf, mappingOf } from '../../services/lambda/state/lambda-records.ts';

function envOf(disk: FakeDisk) {
  const panic = (reason: string) => assert.fail(reason);
  return { disk, clock: new TestClock(), random: new TestRandom(7), logger: silentLogger, panic };
}

const root = rootKeyOf([Buffer.alloc(32, 'a root key')], new TestRandom(1));
const unlocked = { root, random: new TestRandom(3) };

/** The log of the services, as a server opens it. */
async function withServices<T>(disk: FakeDisk, work: (engine: Engine) => Promise<T>): Promise<T> {
  const control = await openEmbeddedLog(envOf(disk), 'catalog', controlLogOptions);
  const services = await openEmbeddedLog(envOf(disk), servicesDirectory, {
    ...servicesLogOptions,
    segmentBytes: 4000,
  });
  const keys = new ServiceKeys({ keys: await openKeys(control), ...unlocked });
  const answer = await work(new EncryptedEngine(services, keys));
  await services.close();
  await control.close();
  return answer;
}

const zip = Buffer.alloc(9000, 'a zip');
const sha256 = hash('sha256', zip);

/** A function from a zip, a mapping with two cursors of which one was written often, and a failure. */
async function filledDisk(): Promise<FakeDisk> {
  const disk = new FakeDisk();
  disk.isHasty = true;
  await disk.createDirectory('streams');
  await withServices(disk, async (engine) => {
    const world = envOf(disk);
    const journal = await openLambdaJournal(engine, { slackBytes: 8000 });
    const store = openCodeStore(engine, { ...world, journal });
    await store.put(sha256, zip);
    const value = functionOf('f', { code: { kind: 'zip', sha256, bytes: zip.length } });
    const mapping = mappingOf('m');
    await journal.commit(() => [
      { kind: 'said', of: 'function', key: functionKeyOf(value), value },
      { kind: 'said', of: 'mapping', key: 'm', value: mapping },
      { kind: 'said', of: 'cursor', key: cursorKeyOf('m', 's', 1), value: { marks: [3] } },
    ]);
    const failures = openFailureStore(engine, world);
    const kept = { sequenceNumber: '1', partitionKey: 'k', arrival: 1, data: Buffer.from('x') };
    const data = await failures.keep('m', [kept]);
    await journal.commit((state) => editsOfFailure(state, mapping, failureOf({ data })));
    for (let nth = 0; nth < 150; nth++) {
      const key = cursorKeyOf('m', 's', 0);
      await journal.commit(() => [{ kind: 'said', of: 'cursor', key, value: { marks: [nth] } }]);
    }
  });
  return disk;
}

function stateIn(disk: FakeDisk): Promise<LambdaState> {
  return withServices(disk, async (engine) => (await openLambdaJournal(engine)).state);
}

async function segmentsOf(disk: FakeDisk, log: string): Promise<string[]> {
  const directory = `${servicesDirectory}/${log}`;
  return (await disk.list(directory)).sort().map((name) => `${directory}/${name}`);
}

async function codeLogOf(disk: FakeDisk): Promise<string> {
  return (await disk.list(servicesDirectory)).find((name) => name.startsWith('lambda-code-'))!;
}

/** What a check with the root key finds that is not as it was written. */
async function damageIn(disk: FakeDisk): Promise<string[]> {
  const check = await checkData(disk, undefined, unlocked);
  const all = [check, ...[check.lambda, ...check.others].map(({ log }) => log)].flatMap(
    ({ findings }) => findings,
  );
  assert.equal(isDataDamaged(check), all.length > 0);
  return all.map(({ path, message }) => `${path}: ${message}`);
}

test('what Lambda keeps is checked to its last byte and copied as it is', async () => {
  const disk = await filledDisk();
  assert.ok(
    !(await segmentsOf(disk, 'lambda')).some((path) => path.endsWith('/000000000001.log')),
    'it was trimmed',
  );
  assert.deepEqual(await damageIn(disk), []);
  const check = await checkData(disk, undefined, unlocked);
  const text = reportText('data', reportOf(check));
  assert.match(
    text,
    /^functions and mappings of Lambda: .*\n {2}(\d+) of \1 encrypted frames can be decrypted$/m,
  );
  assert.match(text, /^services\/lambda-failures: /m);
  const copy = new FakeDisk();
  copy.isHasty = true;
  await repairData(disk, envOf(copy), await checkData(disk));
  await withServices(copy, async (engine) => {
    const journal = await openLambdaJournal(engine);
    const { state } = journal;
    assert.deepEqual(state.get('cursor', cursorKeyOf('m', 's', 0)), { marks: [149] });
    const store = openCodeStore(engine, { ...envOf(copy), journal });
    assert.ok(zip.equals(await store.get(sha256)));
    const [, failure] = [...state.within('failure', 'm/')][0]!;
    const found = await openFailureStore(engine, envOf(copy)).read(failure.data!);
    assert.equal(String(found?.[0]?.data), 'x');
  });
});

test('of a damaged journal of Lambda a copy has what can be read, in a log that a server starts from', async () => {
  const disk = await filledDisk();
  const segments = await segmentsOf(disk, 'lambda');
  let withMapping = 0;
  for (const path of segments) {
    const damaged = disk.nextProcess();
    const { bytes } = damaged.file(path);
    bytes[Math.floor(bytes.length / 2)]! ^= 1;
    assert.ok((await damageIn(damaged)).length > 0, path);
    await assert.rejects(repairData(damaged, envOf(new FakeDisk()), await checkData(damaged)), {
      name: 'StartError',
      message: /^the log of functions and mappings is damaged and encrypted: .* takes its root key/,
    });
    const copy = new FakeDisk();
    copy.isHasty = true;
    await repairData(
      damaged,
      envOf(copy),
      await checkData(damaged, undefined, unlocked),
      undefined,
      unlocked,
    );
    assert.deepEqual(
      (await damageIn(copy)).filter((text) => !text.includes('is missing')),
      [],
      path,
    );
    const state = await stateIn(copy);
    const mark = state.get('cursor', cursorKeyOf('m', 's', 0))?.marks[0];
    const hasMapping = state.get('mapping', 'm') !== undefined;
    if (path !== segments.at(-1)) assert.equal(mark, hasMapping ? 149 : undefined, path);
    if (hasMapping) withMapping += 1;
  }
  assert.ok(withMapping > 0 && segments.length > 2, `${withMapping} of ${segments.length}`);
});

test('code that is not what was put, is missing, or was dropped, is told apart', async () => {
  const disk = await filledDisk();
  const log = await codeLogOf(disk);
  await withServices(disk, (engine) =>
    engine.append(
      { stream: log, shard: 0 },
      encodeBatch([{ partitionKey: undefined, data: Buffer.from('x') }]),
    ),
  );
  assert.deepEqual(await damageIn(disk), [
    `services/${log}: this is not the code with the hash ${sha256}, which was put there.`,
  ]);
  // Whoever has no root key cannot know.
  assert.equal(isDataDamaged(await checkData(disk)), false);
  await disk.rename(`${servicesDirectory}/${log}`, `${servicesDirectory}/${log}.dropped`);
  assert.match(
    (await damageIn(disk)).join('\n'),
    new RegExp(`services/${log}: the code with the hash ${sha256} is missing\\.`),
  );
});

test('records that a mapping gave up and that nobody can decode are damage, or of a newer program', async () => {
  const disk = await filledDisk();
  const append = (byte: number) =>
    withServices(disk, (engine) =>
      engine.append(failuresKey, encodeBatch([{ partitionKey: undefined, data: Buffer.alloc(40, byte) }])),
    );
  await append(0);
  assert.deepEqual(await damageIn(disk), [
    'services/lambda-failures: record 1: records that a mapping gave up cannot be decoded.',
  ]);
  await append(9);
  await assert.rejects(checkData(disk, undefined, unlocked), NewerFormatError);
});

test('a cursor without its mapping is damage that no copy has', async () => {
  const disk = await filledDisk();
  const text = '{"format":1,"after":AFTER,"edits":[{"kind":"forgotten","of":"mapping","key":"m"}]}';
  await withServices(disk, async (engine) => {
    const { state } = await openLambdaJournal(engine);
    const data = Buffer.from(text.replace('AFTER', String(state.version)));
    await engine.append(lambdaKey, encodeBatch([{ partitionKey: undefined, data }]));
  });
  const messages = await damageIn(disk);
  assert.equal(
    messages.filter((message) => /^services\/lambda: the mapping of .* is missing\.$/.test(message)).length,
    3,
  );
  const copy = new FakeDisk();
  copy.isHasty = true;
  await repairData(disk, envOf(copy), await checkData(disk, undefined, unlocked), undefined, unlocked);
  assert.deepEqual(await damageIn(copy), []);
  const state = await stateIn(copy);
  assert.equal([...state.entries('function')].length, 1);
  assert.equal([...state.entries('cursor')].length, 0);
});
