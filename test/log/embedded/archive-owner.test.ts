import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StartError } from '../../../src/env/start-error.ts';
import { ArchiveOwner } from '../../../src/log/embedded/archive/archive-owner.ts';
import { settled } from '../world.ts';
import { ArchivedLog } from './archived-log.ts';
import { FakeStore } from './fake-store.ts';
import { EngineOnFakeDisk } from './on-fake-disk.ts';

type Put = FakeStore['put'];

/** A directory whose server is started and killed, over and over. */
class Starts {
  readonly #archived: ArchivedLog;

  constructor(archived: ArchivedLog) {
    this.#archived = archived;
  }

  owner(): ArchiveOwner {
    const { parts } = this.#archived.log;
    return new ArchiveOwner(parts, parts.store!);
  }

  /** A start that is killed once its request has left; answers what has it arrive. */
  async killed(): Promise<() => Promise<void>> {
    let arrive: (() => Promise<void>) | undefined;
    this.#nextPut((put, ...call) => {
      arrive = async () => void (await put(...call));
      return new Promise(() => {});
    });
    const taking = this.owner().take();
    taking.catch(() => {});
    while (arrive === undefined) await settled();
    return arrive;
  }

  /** A start between whose look and whose request something else arrives. */
  async takeAfter(arrive: () => Promise<void>): Promise<ArchiveOwner> {
    this.#nextPut(async (put, ...call) => {
      await arrive();
      return put(...call);
    });
    const owner = this.owner();
    await owner.take();
    return owner;
  }

  #nextPut(instead: (put: Put, ...call: Parameters<Put>) => ReturnType<Put>): void {
    const { store } = this.#archived;
    const put = store.put.bind(store);
    store.put = (...call) => {
      store.put = put;
      return instead(put, ...call);
    };
  }
}

for (const before of [0, 1]) {
  for (const arrives of [0, 1, 2]) {
    test(`of three starts that were killed the request of number ${arrives} comes late, after ${before} that had the archive`, async () => {
      const starts = new Starts(await new ArchivedLog().open());
      for (let nth = 0; nth < before; nth++) await starts.owner().take();
      const late = [await starts.killed(), await starts.killed(), await starts.killed()];
      const owner = await starts.takeAfter(late[arrives]!);
      await owner.require();
      // Conditions of the others hold no more.
      for (const arrive of late) await assert.rejects(arrive(), { code: 'PreconditionFailed' });
      await owner.require();
      await starts.owner().take();
      await assert.rejects(owner.require(), StartError);
    });
  }
}

test('a start whose request comes after its successor was killed, too, is remembered', async () => {
  const starts = new Starts(await new ArchivedLog().open());
  await starts.owner().take();
  const late = await starts.killed();
  await starts.killed();
  await late();
  const owner = starts.owner();
  await owner.take();
  await owner.require();
});

test('another directory that comes in between is found out', async () => {
  const archived = await new ArchivedLog().open();
  const engine = new EngineOnFakeDisk();
  engine.random.bytes(100);
  const other = new Starts(await new ArchivedLog(engine, new FakeStore(archived.store.objects)).open());
  const starts = new Starts(archived);
  await assert.rejects(
    starts.takeAfter(() => other.owner().take()),
    StartError,
  );
  await assert.rejects(starts.owner().take(), StartError);
});
