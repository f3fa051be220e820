import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Caller } from '../../src/access/caller.ts';
import type { SessionHolder } from '../../src/access/session.ts';
import type { ClientCertificate, Peer } from '../../src/env/network.ts';
import { HeaderFields } from '../../src/http/headers.ts';
import { TestRandom } from '../log/world.ts';
import { controlPlane } from '../server/control-plane.ts';
import { ManualClock } from '../services/kinesis/manual-clock.ts';
import { type Order, sign } from './sigv4/signer.ts';

const account = '000000000000';
const peer: Peer = { address: '127.0.0.1', secure: true, listener: '127.0.0.1:4567' };

/** The gate of a server whose clock a test turns, with a user in it. */
class Bench {
  readonly clock = new ManualClock();
  readonly plane: Awaited<ReturnType<typeof controlPlane>>;

  private constructor(plane: Awaited<ReturnType<typeof controlPlane>>, clock: ManualClock) {
    this.plane = plane;
    this.clock = clock;
  }

  static async start(auth: 'required' | 'open' = 'required', seed = 1): Promise<Bench> {
    const clock = new ManualClock();
    const bench = new Bench(await controlPlane({ clock, random: new TestRandom(seed) }, { auth }), clock);
    const user = { id: 'AIDAANNA', name: 'Anna', path: '/team/', createdAt: 0, tags: [], boundary: null };
    await bench.plane.control.identity.commit(() => [
      { kind: 'user-changed', account, user: { ...user, inline: [], attached: [], groups: [] } },
    ]);
    return bench;
  }

  /** Temporary credentials of a holder, for a quarter of an hour. */
  issue(holder: SessionHolder, isProved = true) {
    const issuedAt = this.clock.now();
    const session = { account, holder, policies: [], policyArns: [], tags: [], issuedAt, isProved };
    return this.plane.security.sessions().issue({ ...session, expiresAt: issuedAt + 900_000 })!;
  }

  async caller(order: Order, certificate?: ClientCertificate): Promise<Caller> {
    const request = await sign({ at: this.clock.now(), ...order });
    const { authenticate } = this.plane.security.gate;
    const from = certificate === undefined ? peer : { ...peer, certificate };
    const headers = new HeaderFields(request.rawHeaders);
    return authenticate({ ...request, peer: from }, headers, this.clock.now(), ['kinesis']);
  }
}

type Issued = ReturnType<Bench['issue']>;

function orderOf({ accessKeyId, secretAccessKey, sessionToken }: Issued): Order {
  return { accessKeyId, key: { secretAccessKey, sessionToken } };
}

const anna: SessionHolder = { kind: 'user', id: 'AIDAANNA', name: 'Anna' };
const invalid = { type: 'UnrecognizedClientException' };

test('a session is good until it expires, and then says so', async () => {
  const bench = await Bench.start();
  const order = orderOf(bench.issue(anna));
  await bench.clock.advance(899_999);
  assert.equal((await bench.caller(order)).arn, `arn:aws:iam::${account}:user/team/Anna`);
  await bench.clock.advance(1);
  await assert.rejects(bench.caller(order), { type: 'ExpiredTokenException' });
});

test('a session of another server, whose secret is another, is none', async () => {
  const [bench, other] = [await Bench.start(), await Bench.start('required', 2)];
  await assert.rejects(bench.caller(orderOf(other.issue(anna))), invalid);
});

test('every single bit of a session token counts, and so does the key that it belongs to', async () => {
  const bench = await Bench.start();
  const issued = bench.issue(anna);
  const bytes = Buffer.from(issued.sessionToken, 'base64');
  const { security } = bench.plane;
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const changed = Buffer.from(bytes);
    changed[bit >> 3]! ^= 1 << (bit & 7);
    assert.equal(security.sessions().open(issued.accessKeyId, changed.toString('base64')), undefined);
  }
  const swapped = { ...issued, accessKeyId: bench.issue(anna).accessKeyId };
  await assert.rejects(bench.caller(orderOf(swapped)), invalid);
});

test('a session that was made where nobody proves who they are does not count where one has to', async () => {
  const bench = await Bench.start();
  await assert.rejects(bench.caller(orderOf(bench.issue(anna, false))), invalid);
});

test('a session ends with its user, and one that was made again under the name is another', async () => {
  const bench = await Bench.start();
  const { identity } = bench.plane.control;
  const order = orderOf(bench.issue(anna));
  await bench.caller(order);
  const user = identity.state.accounts.get(account)!.users.get('anna')!;
  await identity.commit(() => [{ kind: 'user-deleted', account, name: 'Anna' }]);
  await assert.rejects(bench.caller(order), invalid);
  await identity.commit(() => [{ kind: 'user-changed', account, user: { ...user, id: 'AIDAOTHER' } }]);
  await assert.rejects(bench.caller(order), invalid);
});

test('where signatures are not verified, an expired session says so, and one that cannot be read is anyone', async () => {
  const bench = await Bench.start('open');
  const issued = bench.issue(anna, false);
  assert.equal((await bench.caller(orderOf(issued))).principal.kind, 'user');
  const unread = { ...issued, sessionToken: `${issued.sessionToken.slice(0, -4)}AAAA` };
  assert.equal((await bench.caller(orderOf(unread))).principal.kind, 'anyone');
  await bench.clock.advance(900_000);
  await assert.rejects(bench.caller(orderOf(issued)), { type: 'ExpiredTokenException' });
});

const nobody: ClientCertificate = { subject: 'nobody', uris: [], fingerprint: '00' };
const byArn = { ...nobody, uris: [`arn:aws:iam::${account}:user/team/Anna`] };
const byName = { ...nobody, subject: 'Anna' };
const stranger: Order = { accessKeyId: 'STRANGER', key: { secretAccessKey: 'whatever' } };

test('a certificate that names a user lets it in with a signature that nobody can verify', async () => {
  const bench = await Bench.start();
  for (const certificate of [byArn, byName]) {
    const caller = await bench.caller(stranger, certificate);
    assert.deepEqual(caller.principal, { kind: 'user', id: 'AIDAANNA', name: 'Anna' });
    assert.equal(caller, await bench.caller(stranger, certificate));
  }
});

test('a certificate that names no user, or several, lets nobody in', async () => {
  const bench = await Bench.start();
  const several = { ...byArn, uris: [...byArn.uris, `arn:aws:iam::${account}:user/team/Ben`] };
  const wrongPath = { ...nobody, uris: [`arn:aws:iam::${account}:user/Anna`] };
  for (const certificate of [
    nobody,
    several,
    wrongPath,
    { ...nobody, subject: 'anna' },
    { ...nobody, subject: '' },
  ]) {
    await assert.rejects(bench.caller(stranger, certificate), invalid);
  }
});

test('with a certificate, a signature by a known key is verified, and has to be of the same user', async () => {
  const bench = await Bench.start();
  const order = orderOf(bench.issue(anna));
  assert.equal((await bench.caller(order, byArn)).principal.kind, 'user');
  const forged = { ...order, key: { ...order.key!, secretAccessKey: 'whatever' } };
  await assert.rejects(bench.caller(forged, byArn), { type: 'InvalidSignatureException' });
  const root = bench.plane.rootUser!;
  const ofRoot = { accessKeyId: root.accessKeyId, key: { secretAccessKey: root.secretAccessKey } };
  assert.equal((await bench.caller(ofRoot, nobody)).principal.kind, 'root');
  await assert.rejects(bench.caller(ofRoot, byArn), { type: 'AccessDeniedException' });
});
