import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OpenEvents, StreamEvent } from '../../../../console/pages/records/resumed-events.ts';
import { TailBuffer } from '../../../../console/pages/records/tail-buffer.ts';
import { TailSession } from '../../../../console/pages/records/tail-session.ts';

test('a full buffer lets the oldest go, and says how many', () => {
  const buffer = new TailBuffer({ recordsMax: 3, charactersMax: 1000 });
  for (let index = 0; index < 50; index++) buffer.push(String(index), false);
  assert.equal(buffer.received, 50);
  assert.equal(buffer.first, 47);
  assert.deepEqual(heldBy(buffer), ['47', '48', '49']);
  assert.equal(buffer.at(46), undefined);
});

test('long records fill a buffer as well, and the newest is kept however long it is', () => {
  const buffer = new TailBuffer({ recordsMax: 100, charactersMax: 10 });
  for (const text of ['aaaa', 'bbbb', 'cccc', 'd'.repeat(20)]) buffer.push(text, false);
  assert.deepEqual(heldBy(buffer), ['d'.repeat(20)]);
  assert.equal(buffer.first, 3);
});

test('a connection that breaks loses no record and shows none twice', async () => {
  const server = new Source(1000, 7);
  server.breaksAfter = [5, 19, 33, 1, 100];
  const { session, buffer } = tailOf(server, 10_000);
  await session.run();
  assert.deepEqual(heldBy(buffer), server.all);
  assert.equal(session.state, 'ended');
  assert.equal(server.opened, 6);
});

test('while it is paused nothing is let go, and it reads on where the full buffer stopped', async () => {
  const server = new Source(200, 8);
  const { session, buffer, until } = tailOf(server, 50);
  session.follow(false);
  const done = session.run();
  await until(() => session.state === 'held');
  // It stops with the flush that fills it: 56 is the first multiple of 8 from 50 on.
  assert.deepEqual(heldBy(buffer), server.all.slice(0, 56));
  assert.equal(server.isOpen, false);
  session.follow(true);
  await done;
  assert.equal(buffer.received, 200);
  assert.deepEqual(heldBy(buffer), server.all.slice(150));
});

test('a refusal ends the tail with its reason', async () => {
  const { session } = tailOf(new Source(1, 1), 10, () => Promise.reject(new Error('refused')));
  await session.run();
  assert.equal(session.state, 'refused');
  assert.match(String(session.error), /refused/);
});

test('what the server says of a shard is told, and a stream that is deleted ends the tail', async () => {
  const { session } = tailOf(new Source(0, 1), 10, async function* () {
    yield { event: 'status', data: '{"records":5,"matched":1,"lagMs":20}' };
    yield { event: 'trouble', data: '{"type":"RecordsLost","message":"3 records were gone."}' };
    yield { event: 'end', data: '{"reason":"deleted"}' };
  });
  await session.run();
  assert.deepEqual(session.status, { records: 5, lagMs: 0 });
  assert.equal(session.trouble?.type, 'RecordsLost');
  assert.equal(session.state, 'refused');
});

test('a tail that is stopped while it is held comes to its end', async () => {
  const { session, until } = tailOf(new Source(100, 5), 10);
  session.follow(false);
  const done = session.run();
  await until(() => session.state === 'held');
  session.stop();
  await done;
});

/** A server with so many records that are there already, whose answers have an id with every so manieth. */
class Source {
  readonly all: string[];
  readonly #flush: number;
  breaksAfter: number[] = [];
  opened = 0;
  isOpen = false;

  constructor(count: number, flush: number) {
    this.all = Array.from({ length: count }, (_, index) => `record ${index}`);
    this.#flush = flush;
  }

  async *open(lastEventId: string | undefined): AsyncGenerator<StreamEvent> {
    this.opened++;
    this.isOpen = true;
    try {
      const breaksAfter = this.breaksAfter.shift() ?? Number.POSITIVE_INFINITY;
      const from = lastEventId === undefined ? 0 : Number(lastEventId);
      let id = lastEventId ?? '';
      for (let place = from; place < this.all.length; place++) {
        if (place - from >= breaksAfter) throw new TypeError('network error');
        const next = place + 1;
        const hasId = next % this.#flush === 0 || next === this.all.length;
        if (hasId) id = String(next);
        yield { event: 'record', data: this.all[place]!, id };
      }
      yield { event: 'end', data: '{"reason":"until"}' };
    } finally {
      this.isOpen = false;
    }
  }
}

function tailOf(server: Source, recordsMax: number, open?: OpenEvents) {
  const buffer = new TailBuffer({ recordsMax, charactersMax: 1e6 });
  const waiting = new Set<() => void>();
  const session = new TailSession(buffer, {
    open: open ?? ((id) => server.open(id)),
    canRetry: (error) => error instanceof TypeError,
    pause: () => Promise.resolve(),
    onChange: () => {
      for (const look of waiting) look();
    },
  });
  const until = (isTrue: () => boolean) =>
    new Promise<void>((resolve) => {
      const look = () => {
        if (isTrue()) resolve();
      };
      waiting.add(look);
      look();
    });
  return { session, buffer, until };
}

function heldBy(buffer: TailBuffer): (string | undefined)[] {
  return Array.from({ length: buffer.end - buffer.first }, (_, index) => buffer.at(buffer.first + index));
}
