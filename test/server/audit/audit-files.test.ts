import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readFile } from '../../../src/env/disk.ts';
import { type LogFields, silentLogger } from '../../../src/env/logger.ts';
import { AuditFiles } from '../../../src/server/audit/audit-files.ts';
import { FakeDisk } from '../../log/fake-disk.ts';
import { ManualClock } from '../../services/kinesis/manual-clock.ts';

const small = { fileBytesMax: 100, filesMax: 3, waitingCharsMax: 1_000 };

class World {
  disk = hasty(new FakeDisk());
  readonly clock = new ManualClock();
  readonly errors: [string, LogFields][] = [];

  open(sizes = small): AuditFiles {
    const error = (message: string, fields: LogFields = {}) => void this.errors.push([message, fields]);
    const { disk, clock } = this;
    return new AuditFiles({ disk, clock, logger: { ...silentLogger, error } }, 'audit', 'calls', sizes);
  }

  /** Writes each line before the next one comes. */
  async write(files: AuditFiles, lines: readonly string[]): Promise<void> {
    for (const line of lines) {
      files.add(line);
      await this.clock.advance(100);
    }
  }

  names(): Promise<string[]> {
    return this.disk.list('audit');
  }

  async lines(): Promise<string[]> {
    const texts = await Promise.all((await this.names()).map((name) => readFile(this.disk, `audit/${name}`)));
    return String(Buffer.concat(texts)).split('\n').slice(0, -1);
  }
}

/** Its calls are done before the clock's next step. */
function hasty(disk: FakeDisk): FakeDisk {
  disk.isHasty = true;
  return disk;
}

test('lines are in the file in their order, and those of the next start follow them', async () => {
  const world = new World();
  const files = world.open();
  files.add('one');
  files.add('two');
  await world.clock.advance(100);
  assert.deepEqual(await world.lines(), ['one', 'two']);
  await files.close();
  const next = world.open();
  next.add('three');
  await next.close();
  assert.deepEqual(await world.lines(), ['one', 'two', 'three']);
  assert.deepEqual(await world.names(), ['calls-20231114T221320Z-000001.jsonl']);
  assert.equal(world.disk.openFiles, 0);
});

test('what waits at a proper end is written', async () => {
  const world = new World();
  const files = world.open();
  files.add('one');
  await files.close();
  assert.deepEqual(await world.lines(), ['one']);
});

test('a full file is followed by another, the oldest go, and no line is lost in between', async () => {
  const world = new World();
  const files = world.open();
  const lines = Array.from({ length: 30 }, (_, nth) => `line ${nth} ${'x'.repeat(20)}`);
  await world.write(files, lines);
  await files.close();
  assert.deepEqual(
    (await world.names()).map((name) => name.slice(-12, -6)),
    ['000008', '000009', '000010'],
  );
  assert.deepEqual(await world.lines(), lines.slice(-9));
  assert.equal(world.disk.openFiles, 0);
});

test('files are told apart by their numbers, whatever the clock said', async () => {
  const world = new World();
  const files = world.open();
  await world.write(files, ['x'.repeat(90), 'y'.repeat(90)]);
  await files.close();
  world.clock.jump(-86_400_000);
  const next = world.open();
  await world.write(next, ['z'.repeat(90)]);
  await next.close();
  assert.deepEqual(
    (await world.names()).map((name) => name.slice(6)),
    ['20231113T221320Z-000003.jsonl', '20231114T221320Z-000001.jsonl', '20231114T221320Z-000002.jsonl'],
  );
});

test('a write that fails is tried again at its place, and the log tells', async () => {
  const world = new World();
  const files = world.open();
  await world.write(files, ['one']);
  world.disk.fate = ({ kind }) => (kind === 'write' ? 'EIO' : undefined);
  await world.write(files, ['two', 'three']);
  assert.deepEqual(await world.lines(), ['one']);
  world.disk.fate = () => undefined;
  await world.clock.advance(6_000);
  assert.deepEqual(await world.lines(), ['one', 'two', 'three']);
  assert.match(world.errors[0]![0], /could not be written/);
  await files.close();
  assert.equal(files.lost, 0);
});

for (const kind of ['create', 'syncDirectory', 'remove', 'sync'] as const) {
  test(`no line is lost, and no file stays open, when a ${kind} fails as files change`, async () => {
    const world = new World();
    const files = world.open();
    let isFailing = true;
    world.disk.fate = (call) => (call.kind === kind && isFailing ? 'EIO' : undefined);
    const lines = Array.from({ length: 12 }, (_, nth) => `line ${nth} ${'x'.repeat(20)}`);
    await world.write(files, lines);
    isFailing = false;
    await world.clock.advance(30_000);
    await files.close();
    assert.deepEqual((await world.lines()).slice(-6), lines.slice(-6));
    assert.equal(files.lost, 0);
    assert.equal(world.disk.openFiles, 0);
  });
}

test('the last of the disk is left to the control plane', async () => {
  const world = new World();
  world.disk.freeBytes = 32 * 1024 * 1024;
  const files = world.open();
  await world.write(files, ['one']);
  assert.equal(world.errors.length, 1);
  world.disk.freeBytes *= 2;
  await world.clock.advance(6_000);
  assert.deepEqual(await world.lines(), ['one']);
  await files.close();
});

test('what there is no room for is left out and counted, and an end does not wait for a dead disk', async () => {
  const world = new World();
  world.disk.fate = () => 'EIO';
  const files = world.open();
  for (let nth = 0; nth < 30; nth++) files.add('x'.repeat(100));
  assert.equal(files.lost, 20);
  await files.close();
  assert.equal(files.lost, 30);
  assert.deepEqual(world.errors.at(-1), ['audit records were left out', { kind: 'calls', leftOut: 30 }]);
});

test('a part of a line that a crash left is ended before the next one', async () => {
  const world = new World();
  const files = world.open();
  await world.write(files, ['one']);
  const file = await world.disk.open(`audit/${(await world.names())[0]}`, 'write');
  await file.write([Buffer.from('{"half')], 4);
  await file.close();
  world.disk = hasty(world.disk.nextProcess());
  const next = world.open();
  await world.write(next, ['two']);
  await next.close();
  assert.deepEqual(await world.lines(), ['one', '{"half', 'two']);
});
