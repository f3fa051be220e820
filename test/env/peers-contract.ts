import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, test } from 'node:test';
import type { PeerIdentity, PeerNetwork } from '../../src/env/peers.ts';
import type { Port } from '../../src/env/workers.ts';

/** The network between gateways, as its suite needs it: what two hosts have, and what two clusters show. */
export type PeersUnderTest = {
  readonly one: PeerNetwork;
  readonly other: PeerNetwork;
  readonly address: string;
  identity(cluster: 'ours' | 'theirs', member: string): Promise<PeerIdentity>;
};

/** What every network between gateways keeps. */
export function peersContract(name: string, start: () => Promise<PeersUnderTest>): void {
  describe(`${name} keeps the contract of networks between gateways`, () => {
    test('messages go both ways, in order, each once, and both ends know each other', async () => {
      await using pair = await joined(await start());
      const { near, far } = pair;
      assert.deepEqual([pair.farMember, await pair.ready], ['one', 'other']);
      const sent = Array.from({ length: 200 }, (_, nth) => ({ nth, bytes: Buffer.from(`bytes ${nth}`) }));
      for (const message of sent) near.port.post(message);
      for (const message of sent.toReversed()) far.port.post(message);
      await Promise.all([far.until(200), near.until(200)]);
      assert.deepEqual(plain(far.received), plain(sent));
      assert.deepEqual(plain(near.received), plain(sent.toReversed()));
    });

    test('what is posted before there is a connection arrives', async () => {
      await using pair = await joined(await start(), ['early', 'birds']);
      await pair.far.until(2);
      assert.deepEqual(pair.far.received, ['early', 'birds']);
    });

    test('large memory is handed over, and arrives as it was', async () => {
      await using pair = await joined(await start());
      const bytes = Buffer.alloc(10 * 1024 * 1024, 'millrace');
      const copy = Buffer.from(bytes);
      pair.near.port.post([1, bytes], [bytes.buffer]);
      await pair.far.until(1);
      const [[, received]] = pair.far.received as [[number, Uint8Array]];
      assert.ok(copy.equals(received));
    });

    test('what was posted before an end was closed arrives, and then the other end hears it', async () => {
      await using pair = await joined(await start());
      for (let nth = 0; nth < 100; nth++) pair.near.port.post(nth);
      pair.near.port.close();
      await pair.far.closed;
      assert.equal(pair.far.received.length, 100);
      await pair.near.closed;
    });

    test('a listener that closes ends its connections', async () => {
      await using pair = await joined(await start());
      await pair.listening.close();
      await Promise.all([pair.near.closed, pair.far.closed]);
    });

    test('where nobody listens there is no connection', async () => {
      const { one, other, address, identity } = await start();
      const listening = await other.listen(address, await identity('ours', 'other'), () => {});
      await listening.close();
      const end = new End(one.connect(listening.address, await identity('ours', 'one'), strangerTaken));
      await end.closed;
      end.port.post('nobody hears this');
    });

    test('a gateway of another cluster is not talked to, whoever of the two connects', async () => {
      const { one, other, address, identity } = await start();
      for (const clusters of [['ours', 'theirs'] as const, ['theirs', 'ours'] as const]) {
        const listening = await other.listen(address, await identity(clusters[0], 'other'), strangerTaken);
        const end = new End(
          one.connect(listening.address, await identity(clusters[1], 'one'), strangerTaken),
        );
        end.port.post('a secret');
        await end.closed;
        assert.deepEqual(end.received, []);
        await listening.close();
      }
    });
  });
}

function strangerTaken(): never {
  assert.fail('there is a connection');
}

async function joined({ one, other, address, identity }: PeersUnderTest, early: readonly unknown[] = []) {
  const accepted = Promise.withResolvers<{ port: Port; member: string }>();
  const listening = await other.listen(address, await identity('ours', 'other'), (port, member) =>
    accepted.resolve({ port, member }),
  );
  const ready = Promise.withResolvers<string>();
  const near = new End(one.connect(listening.address, await identity('ours', 'one'), ready.resolve));
  for (const message of early) near.port.post(message);
  const { port, member } = await accepted.promise;
  const far = new End(port);
  const close = async () => {
    near.port.close();
    await listening.close();
  };
  return { near, far, farMember: member, ready: ready.promise, listening, [Symbol.asyncDispose]: close };
}

/** An end that keeps what it hears. */
class End {
  readonly port: Port;
  readonly received: unknown[] = [];
  readonly closed: Promise<void>;
  readonly #heard = new EventTarget();

  constructor(port: Port) {
    this.port = port;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.closed = promise;
    port.listen((message) => {
      this.received.push(message);
      this.#heard.dispatchEvent(new Event('message'));
    }, resolve);
  }

  async until(count: number): Promise<void> {
    while (this.received.length < count) await once(this.#heard, 'message');
  }
}

/** Bytes of one kind are those of another. */
function plain(messages: readonly unknown[]): unknown {
  return (messages as readonly { nth: number; bytes: Uint8Array }[]).map(
    ({ nth, bytes }) => `${nth} ${Buffer.from(bytes)}`,
  );
}
