import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { plainBatch } from '../../harness/kafka/plain-batch.ts';
import {
  type BrokerAddress,
  KafkaConnectionError,
  type KafkaSasl,
  type KafkaTls,
  type PartitionOf,
} from '../../src/env/kafka.ts';
import { openPlatformaticKafka } from '../../src/env/platformatic-kafka.ts';
import { timeoutMs } from './adapter-suite.ts';
import type { RealCluster } from './real-cluster.ts';
import { proofMs, type Secured, user } from './secured-broker.ts';

/** Who is let in, and who is not. */
export function securedSuite(cluster: RealCluster): void {
  suite('a broker that asks for credentials', () => credentials(cluster));
  suite('a broker that speaks TLS', () => encryption(cluster.secured));
}

const refused = { name: 'KafkaError', code: 58 };
const unreachable = { name: 'KafkaConnectionError' };

function credentials(cluster: RealCluster): void {
  const { listeners } = cluster.secured;
  for (const mechanism of ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'] as const) {
    test(`${mechanism} lets in who has the password, and nobody else`, async () => {
      const sasl = (password: string): KafkaSasl => ({
        mechanism,
        user: user.name,
        password: async () => password,
      });
      await works(listeners.sasl, { sasl: sasl(user.password) });
      await assert.rejects(works(listeners.sasl, { sasl: sasl('wrong') }), refused);
      await assert.rejects(
        works(listeners.sasl, { sasl: { ...sasl('x'), user: 'nobody' } as KafkaSasl }),
        refused,
      );
    });
  }

  test('OAUTHBEARER asks for a token at each connection, and an old one is refused', async () => {
    let asked = 0;
    const sasl = (expiresInSeconds: number): KafkaSasl => ({
      mechanism: 'OAUTHBEARER',
      token: async () => {
        asked += 1;
        return unsecuredToken(expiresInSeconds);
      },
    });
    await works(listeners.sasl, { sasl: sasl(3600) });
    await works(listeners.sasl, { sasl: sasl(3600) });
    assert.equal(asked, 2);
    await assert.rejects(works(listeners.sasl, { sasl: sasl(-3600) }), refused);
  });

  test('a secret that cannot be had is nothing that the broker said', async () => {
    const token = () => Promise.reject(new Error('no such file'));
    const without = works(listeners.sasl, { sasl: { mechanism: 'OAUTHBEARER', token } });
    await assert.rejects(without, { ...unreachable, message: /the token cannot be had: no such file/ });
  });

  test('who comes without credentials gets no answer', async () => {
    await assert.rejects(works(listeners.sasl, {}), unreachable);
  });

  test('a connection proves again who it is, and no request fails meanwhile', async () => {
    const topic = await cluster.makeTopic(3);
    const partition = await ledBy(cluster, topic, 1);
    // A machine that is busy may be late with a proof: then another connection shows it.
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await proveAgain(listeners.sasl, { topic, partition });
      } catch (error) {
        if (!(error instanceof KafkaConnectionError) || attempt === attemptsMax) throw error;
      }
    }
  });
}

const attemptsMax = 10;

/** Puts by a connection for longer than the broker would bear from one that has not proved it again. */
async function proveAgain(broker: BrokerAddress, of: PartitionOf): Promise<void> {
  let proofs = 0;
  const password = async () => {
    proofs += 1;
    return user.password;
  };
  const kafka = await open({ sasl: { mechanism: 'PLAIN', user: user.name, password } });
  const connection = await kafka.connect(broker);
  const endOf = async () => (await connection.listOffsets([{ ...of, time: 'latest' }]))[0]!.offset;
  const start = await endOf();
  const until = performance.now() + 3 * proofMs;
  let sent = 0;
  for (; performance.now() < until || proofs < 3; sent += 2) {
    const batches = [{ ...of, bytes: plainBatch({ values: ['x'] }) }];
    const both = await Promise.all([0, 1].map(() => connection.produce({ timeoutMs, batches })));
    assert.deepEqual(
      both.flat().map(({ error }) => error),
      [0, 0],
    );
  }
  assert.equal((await endOf()) - start, sent);
  connection.close();
}

/** Of three partitions of a topic that is new, each broker leads one. */
async function ledBy(cluster: RealCluster, topic: string, id: number): Promise<number> {
  const leaders = await Promise.all([0, 1, 2].map((partition) => cluster.leaderOf(topic, partition)));
  return leaders.indexOf(id);
}

function encryption({ authority, client, listeners }: Secured): void {
  const trusting = { authorities: authority, own: undefined };
  const plain: KafkaSasl = { mechanism: 'PLAIN', user: user.name, password: async () => user.password };

  test('credentials go over TLS to a broker whose authority is known', async () => {
    await works(listeners.both, { tls: trusting, sasl: plain });
    await assert.rejects(
      works(listeners.both, { tls: { ...trusting, authorities: undefined }, sasl: plain }),
      {
        ...unreachable,
        message: /certificate/,
      },
    );
  });

  test('a certificate of its own says who a client is', async () => {
    await works(listeners.tls, { tls: { ...trusting, own: client } });
    await assert.rejects(works(listeners.tls, { tls: trusting }), unreachable);
  });

  test('who speaks TLS to a broker that does not, or the other way round, is not answered', async () => {
    await assert.rejects(works(listeners.sasl, { tls: trusting }), unreachable);
    await assert.rejects(works(listeners.tls, {}), unreachable);
  });
}

type Ways = { readonly sasl?: KafkaSasl; readonly tls?: KafkaTls };

function open({ sasl, tls }: Ways) {
  return openPlatformaticKafka({ clientId: 'test', sasl, tls });
}

/** Resolves when a broker answers who comes this way. */
async function works(broker: BrokerAddress, ways: Ways): Promise<void> {
  const connection = await (await open(ways)).connect(broker);
  try {
    // Only brokers that have this listener are named to who comes by it.
    assert.deepEqual(
      (await connection.metadata([])).brokers.map(({ id }) => id),
      [1],
    );
  } finally {
    connection.close();
  }
}

/** A JSON Web Token that nobody has signed (RFC 7519, section 6), as Kafka takes it for development. */
function unsecuredToken(expiresInSeconds: number): string {
  const now = Math.floor(Date.now() / 1000);
  const claims = { sub: 'reader', iat: now - 7200, exp: now + expiresInSeconds };
  const [header, body] = [{ alg: 'none' }, claims].map((part) =>
    Buffer.from(JSON.stringify(part)).toString('base64url'),
  );
  return `${header}.${body}.`;
}
