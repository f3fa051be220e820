import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { World } from '../../sim/world.ts';
import { nodeWorkers } from '../../src/env/node-workers.ts';
import type { Workers } from '../../src/env/workers.ts';
import { echoProgram, type Told } from './echo-program.ts';

/** Threads of the machine, or of a simulated process, in which time passes while something is waited for. */
type Implementation = { readonly workers: Workers; readonly wait: <T>(work: Promise<T>) => Promise<T> };

function simulated(): Implementation {
  const world = new World(1);
  return { workers: world.boot().env.workers, wait: (work) => world.scheduler.run(work) };
}

const implementations: Readonly<Record<string, () => Implementation>> = {
  node: () => ({ workers: nodeWorkers, wait: (work) => work }),
  simulated,
};

/** Two ports, and what arrived at the second until so many messages had. */
function connected({ workers, wait }: Implementation) {
  const [port, other] = workers.channel<unknown, unknown>();
  const arrived: unknown[] = [];
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  let told = () => {};
  const listen = () => {
    other.listen((message) => {
      arrived.push(message);
      told();
    }, end);
  };
  const get = (count: number) =>
    wait(
      new Promise<readonly unknown[]>((resolve) => {
        told = () => {
          if (arrived.length >= count) resolve(arrived);
        };
        told();
      }),
    );
  return { port, other, listen, get, arrived, ended: () => wait(ended) };
}

/** A thread that says what it is told to. */
function echoing({ workers, wait }: Implementation, data: unknown) {
  const [port, ofThread] = workers.channel<Told, unknown>();
  const { promise: closed, resolve: close } = Promise.withResolvers<void>();
  const waiting: ((message: unknown) => void)[] = [];
  const early: unknown[] = [];
  port.listen((message) => {
    const next = waiting.shift();
    if (next === undefined) early.push(message);
    else next(message);
  }, close);
  const worker = workers.start(echoProgram, data, { port: ofThread });
  const hear = () =>
    wait(
      new Promise<unknown>((resolve) => {
        if (early.length > 0) resolve(early.shift());
        else waiting.push(resolve);
      }),
    );
  return { port, worker, hear, ended: () => wait(worker.ended), closed: () => wait(closed) };
}

for (const [name, make] of Object.entries(implementations)) {
  suite(`ports: ${name}`, () => {
    test('messages arrive in order, each once, also those from before anything listened', async () => {
      const { port, listen, get } = connected(make());
      for (let nth = 0; nth < 20; nth++) port.post(nth);
      listen();
      for (let nth = 20; nth < 40; nth++) port.post(nth);
      assert.deepEqual(
        await get(40),
        Array.from({ length: 40 }, (_, nth) => nth),
      );
      port.close();
    });

    test('a message is a copy, and memory that is handed over is gone', async () => {
      const { port, listen, get } = connected(make());
      listen();
      const kept = new Uint8Array([1, 2, 3]);
      const given = new Uint8Array([4, 5, 6]);
      port.post({ kept, given }, [given.buffer]);
      kept[0] = 0;
      assert.equal(given.length, 0);
      assert.deepEqual(await get(1), [{ kept: new Uint8Array([1, 2, 3]), given: new Uint8Array([4, 5, 6]) }]);
      port.close();
    });

    test('shared memory is seen at both ends', async () => {
      const { port, listen, get } = connected(make());
      listen();
      const shared = new Int32Array(new SharedArrayBuffer(4));
      port.post(shared);
      const [seen] = (await get(1)) as [Int32Array];
      Atomics.store(shared, 0, 7);
      assert.equal(Atomics.load(seen, 0), 7);
      port.close();
    });

    test('a message that was posted can be taken at once, and does not arrive again', async () => {
      const { port, other, listen, get } = connected(make());
      listen();
      port.post('taken');
      port.post('arrives');
      assert.deepEqual(other.take(), { message: 'taken' });
      assert.deepEqual(await get(1), ['arrives']);
      assert.equal(other.take(), undefined);
      port.close();
    });

    test('the end is heard after what was posted before it, and what is posted after it is gone', async () => {
      const { port, listen, arrived, ended } = connected(make());
      listen();
      port.post('last');
      port.close();
      port.post('late');
      await ended();
      assert.deepEqual(arrived, ['last']);
    });
  });

  suite(`threads: ${name}`, () => {
    test('a thread runs its program on a copy of its data until that is over', async () => {
      const { port, hear, ended, closed } = echoing(make(), { given: new Uint8Array([1]) });
      assert.deepEqual(await hear(), { given: new Uint8Array([1]) });
      port.post({ say: 'again' });
      assert.equal(await hear(), 'again');
      port.post('end');
      assert.equal(await ended(), undefined);
      await closed();
    });

    test('a thread whose program fails ends with the error, and its ports with it', async () => {
      const { port, hear, ended, closed } = echoing(make(), 'data');
      await hear();
      port.post('fail');
      assert.equal((await ended())?.message, 'as it was told');
      await closed();
    });

    test('what is thrown at a message ends the thread as well', async () => {
      const { port, hear, ended } = echoing(make(), 'data');
      await hear();
      port.post('throw');
      assert.equal((await ended())?.message, 'as it was told');
    });

    test('a thread that is terminated ends where it is, and says no more', async () => {
      const implementation = make();
      const { port, worker, hear, ended, closed } = echoing(implementation, 'data');
      await hear();
      await implementation.wait(worker.terminate());
      port.post({ say: 'too late' });
      assert.equal(await ended(), undefined);
      await closed();
    });
  });
}
