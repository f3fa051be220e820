import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OneShard } from '../../../harness/one-shard.ts';
import { batchOf, textsOf } from '../../../harness/shard-text.ts';
import { ArchiveStore } from '../../../src/log/embedded/archive/archive-store.ts';
import { Archiver } from '../../../src/log/embedded/archive/archiver.ts';
import { Generations, lastGenerations } from '../../../src/log/embedded/archive/generations.ts';
import { type EmbeddedEngine, openEmbeddedLog } from '../../../src/log/embedded/embedded-log.ts';
import { archiving, place } from './archived-log.ts';
import { FakeStore, type StoreFate } from './fake-store.ts';
import { EngineOnFakeDisk } from './on-fake-disk.ts';

const { signal } = new AbortController();
const fates: readonly StoreFate[] = ['lost', 'crash after', 'crash'];

/** Logs of a control plane, and what keeps generations of them. */
class Control {
  readonly engine = new EngineOnFakeDisk();
  readonly store: FakeStore;
  log!: EmbeddedEngine;
  generations!: Generations;

  constructor(store = new FakeStore()) {
    this.store = store;
    this.engine.disk.isHasty = true;
  }

  async open(): Promise<this> {
    const { clock, logger, random, disk } = this.engine;
    const world = { clock, logger, random, disk, panic: (reason: string) => assert.fail(reason) };
    this.log = await openEmbeddedLog(world, 'catalog', { segmentBytes: 600 });
    const records = await this.engine.open(archiving(this.store));
    const { owner } = new Archiver(records.parts);
    await owner.take();
    this.generations = new Generations(new ArchiveStore({ store: this.store, place }), {
      disk,
      clock,
      owner,
    });
    return this;
  }

  shard(stream: string): OneShard {
    return new OneShard(this.log, { stream, shard: 0 });
  }

  pass(): Promise<void> {
    return this.generations.pass([this.log], signal);
  }
}

/** The texts of a log, as a disk would have them on which a generation was written. */
async function textsIn(store: FakeStore, nth: number, stream: string): Promise<string[]> {
  const archive = new ArchiveStore({ store, place });
  const { files } = (await lastGenerations(archive)).at(nth)!;
  const engine = new EngineOnFakeDisk();
  for (const { path, object, bytes } of files) {
    await engine.disk.createDirectory(path.slice(0, path.lastIndexOf('/')));
    const file = await engine.disk.open(path, 'create');
    const body = (await archive.get(object))!.body;
    assert.equal(body.length, bytes);
    await file.write([body], 0);
    await file.sync();
  }
  const { clock, logger, random, disk } = engine;
  const panic = (reason: string) => assert.fail(reason);
  const log = await openEmbeddedLog({ clock, logger, random, disk, panic }, 'catalog');
  return textsOf(new OneShard(log, { stream, shard: 0 }));
}

test('a generation has every log as it was when it was made', async () => {
  const control = await new Control().open();
  const said: string[] = [];
  for (let nth = 0; nth < 12; nth++) {
    const text = `commit ${nth}`.padEnd(150, '.');
    await control.shard('one').append(batchOf(text));
    await control.shard('two').append(batchOf(text, text));
    said.push(text);
    await control.pass();
    assert.deepEqual(await textsIn(control.store, -1, 'one'), said);
    if (nth > 0) assert.deepEqual(await textsIn(control.store, -2, 'two'), twice(said.slice(0, -1)));
  }
  await control.shard('one').trim(9);
  await control.pass();
  assert.deepEqual((await textsIn(control.store, -1, 'one')).at(-1), said.at(-1));
});

test('nothing is put while nothing changes, and the last two generations stay', async () => {
  const control = await new Control().open();
  for (let nth = 0; nth < 5; nth++) {
    await control.shard('one').append(batchOf(`commit ${nth}`.padEnd(300, '.')));
    await control.pass();
  }
  const { keys } = control.store;
  await control.pass();
  assert.deepEqual(control.store.keys, keys);
  const generations = keys.filter((key) => /control\/\d+\.json$/.test(key));
  assert.deepEqual(
    generations.map((key) => Number(/(\d+)\.json/.exec(key)![1])),
    [4, 5],
  );
  const named = new Set(
    (await lastGenerations(new ArchiveStore({ store: control.store, place }))).flatMap(({ files }) =>
      files.map(({ object }) => `millrace/${object}`),
    ),
  );
  assert.deepEqual(
    keys.filter((key) => key.includes('control/files/')),
    [...named].sort(),
  );
});

test('whatever becomes of a call of the store, the newest generation is whole', async () => {
  const whole = await new Control().open();
  const before = whole.store.calls;
  await play(whole);
  const { calls } = whole.store;
  for (let call = before; call < calls; call++) {
    const fate = fates[call % fates.length];
    const control = await new Control().open();
    control.store.fate = ({ index }) => (index === call ? fate : undefined);
    await Promise.race([play(control).catch(() => {}), control.store.crashed]);
    const left = control.store.nextProcess();
    const found = await lastGenerations(new ArchiveStore({ store: left, place }));
    const texts = found.length === 0 ? [] : await textsIn(left, -1, 'one');
    assert.deepEqual(
      texts.map((text) => text.slice(0, 8)),
      ['commit 0', 'commit 1', 'commit 2', 'commit 3'].slice(0, texts.length),
      `call ${call}: ${fate}`,
    );
    assert.ok(texts.length >= found.length);
  }
});

async function play(control: Control): Promise<void> {
  for (let nth = 0; nth < 4; nth++) {
    await control.shard('one').append(batchOf(`commit ${nth}`.padEnd(200, '.')));
    await control.pass();
  }
}

function twice(texts: readonly string[]): string[] {
  return texts.flatMap((text) => [text, text]);
}

test('a generation whose answer was lost does not hold up the next one', async () => {
  const control = await new Control().open();
  await control.shard('one').append(batchOf('first'));
  control.store.fate = ({ kind, key }) => (kind === 'put' && key.endsWith('.json') ? 'lost' : undefined);
  await assert.rejects(control.pass(), { code: 'Unreachable' });
  control.store.fate = () => undefined;
  await control.shard('one').append(batchOf('second'));
  await control.pass();
  assert.deepEqual(await textsIn(control.store, -1, 'one'), ['first', 'second']);
});

test('what an earlier run put too late, and lacks files, is not built upon', async () => {
  const control = await new Control().open();
  await control.shard('one').append(batchOf('first'));
  await control.pass();
  const objects = control.store.keys.filter((key) => key.includes('control/files/'));
  for (const key of objects) control.store.objects.delete(key);
  await control.open();
  await control.pass();
  assert.deepEqual(await textsIn(control.store, -1, 'one'), ['first']);
});
