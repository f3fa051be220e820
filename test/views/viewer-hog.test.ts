import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { NamedPorts, Worker, WorkerProgram, Workers } from '../../src/env/workers.ts';
import { HogError, Viewer, ViewLostError } from '../../src/views/viewer/viewer.ts';
import type { ViewerPorts } from '../../src/views/viewer/viewer-messages.ts';
import { ThreadsInProcess } from '../delivery/threads-in-process.ts';
import { TestRandom } from '../log/world.ts';
import { ManualClock, settled } from '../services/kinesis/manual-clock.ts';

const spec = {
  kind: 'tail',
  where: undefined,
  isDecoded: true,
  decoding: { decoder: 'auto', deaggregate: true },
} as const;
const go = { slices: [], matchedMax: 1 };

/** Threads that answer what opens a view, and hang at what they are to do with the first one. */
class HangingThreads extends ThreadsInProcess {
  ended = 0;
  isSlow = false;

  override start<Data, Ports extends NamedPorts>(
    _: WorkerProgram<Data, Ports>,
    __: Data,
    ports: Ports,
  ): Worker {
    this.started += 1;
    const { asks } = ports as NamedPorts as ViewerPorts;
    let isHanging = false;
    asks.listen((ask) => {
      isHanging ||= ask.kind === 'go';
      if (!isHanging) asks.post({ kind: 'opened', columns: [] });
    });
    const { promise, resolve } = Promise.withResolvers<Error | undefined>();
    const terminate = async () => {
      this.ended += 1;
      if (!this.isSlow) resolve(undefined);
    };
    return { ended: promise, terminate };
  }
}

function viewerOf(workers: (clock: ManualClock) => Workers) {
  const clock = new ManualClock();
  const ending = new AbortController();
  return {
    clock,
    ending,
    viewer: new Viewer({ clock, workers: workers(clock), ending: async () => ending.signal }),
  };
}

test('what takes longer than ten seconds is ended, and what waits behind it may be asked anew', async () => {
  let threads: HangingThreads | undefined;
  const { clock, viewer } = viewerOf((clock) => {
    threads = new HangingThreads(clock, new TestRandom(1));
    return threads;
  });
  const [hog, other] = [await viewer.open(spec), await viewer.open(spec)];
  const failures = [hog.go(go), other.go(go)].map((going) =>
    going.then(
      () => undefined,
      (error: unknown) => error,
    ),
  );
  await settled();
  await clock.advance(9_999);
  assert.equal(threads?.ended, 0);
  await clock.advance(1);
  const [first, second] = await Promise.all(failures);
  assert.ok(first instanceof HogError);
  assert.equal(first.message, 'what was asked took longer than 10 seconds for one piece');
  assert.ok(second instanceof ViewLostError);
  assert.equal(threads?.ended, 1);
  await viewer.open(spec);
  assert.equal(threads?.started, 2);
});

test('the thread of views begins with the first of them, ends when there was none for a while, and with the server', async () => {
  let threads: ThreadsInProcess | undefined;
  const { clock, viewer, ending } = viewerOf((clock) => {
    threads = new ThreadsInProcess(clock, new TestRandom(1));
    return threads;
  });
  assert.equal(threads?.started, 0);
  const view = await viewer.open(spec);
  view.close();
  await clock.advance(119_000);
  (await viewer.open(spec)).close();
  assert.equal(threads?.started, 1);
  await clock.advance(121_000);
  const last = await viewer.open(spec);
  assert.equal(threads?.started, 2);
  ending.abort();
  await settled();
  await assert.rejects(last.go(go), ViewLostError);
  last.close();
});

test('a view is opened though the thread of before is given up, and still ending, or ends meanwhile', async () => {
  let threads: HangingThreads | undefined;
  const { clock, viewer } = viewerOf((clock) => {
    threads = new HangingThreads(clock, new TestRandom(1));
    // The system takes its time.
    threads.isSlow = true;
    return threads;
  });
  const hog = await viewer.open(spec);
  const failing = assert.rejects(hog.go(go), HogError);
  const behind = viewer.open(spec);
  await settled();
  await clock.advance(10_000);
  await failing;
  await viewer.open(spec);
  await behind;
  assert.equal(threads?.started, 2);
});
