import { createECDH, createHash, hkdfSync, type webcrypto, X509Certificate } from 'node:crypto';
import type { Millis } from '../../env/clock.ts';
import type { Env } from '../../env/env.ts';
import type { PeerIdentity } from '../../env/peers.ts';
import { peerName } from '../peers/peer-hello.ts';

/**
 * The authority of a cluster's gateways, in one of them. Its key is derived from a secret that all of them
 * have, so it is the same in each, and needs to be kept nowhere. Each gateway certifies itself.
 */
export class ClusterAuthority {
  readonly #secret: Buffer;
  readonly #member: string;
  readonly #world: World;
  #issued: Promise<PeerIdentity> | undefined;
  #renewAt: Millis = Number.NEGATIVE_INFINITY;

  /** `secret` is 32 bytes of the control plane, and `member` the id of this gateway. */
  constructor(secret: Buffer, member: string, world: World) {
    this.#secret = secret;
    this.#member = member;
    this.#world = world;
  }

  /** What this gateway shows from now on; another one when it is time, once for all callers meanwhile. */
  identity(): Promise<PeerIdentity> {
    if (this.#issued === undefined || this.#world.clock.now() >= this.#renewAt) {
      this.#renewAt = this.#world.clock.now() + renewEveryMs;
      this.#issued = this.#issue().catch((error: unknown) => {
        this.#issued = undefined;
        throw error;
      });
    }
    return this.#issued;
  }

  async #issue(): Promise<PeerIdentity> {
    // Only gateways of a cluster pay for loading it.
    const { certify, sharedAuthority } = await import('./certificate.ts');
    const { random } = this.#world;
    const now = this.#world.clock.now();
    const { name, jwk } = derived(this.#secret);
    const authority = await sharedAuthority(name, jwk, validityFrom(now, authorityLifeMs), random);
    const issued = await certify([peerName], authority, validityFrom(now, lifeMs), random, {
      alsoClient: true,
    });
    return { member: this.#member, ...issued, authority: authority.certificate };
  }
}

/** When what a gateway shows ends. */
export function endOf({ certificate }: PeerIdentity): Millis {
  return new X509Certificate(certificate).validToDate.getTime();
}

type World = Pick<Env, 'clock' | 'random'>;

/** The name and the private key of an authority (FIPS 186-5 §A.2.1: 64 bits more than the key has). */
function derived(secret: Buffer): { readonly name: string; readonly jwk: webcrypto.JsonWebKey } {
  const bits = Buffer.from(hkdfSync('sha256', secret, '', 'millrace peers authority', 40));
  const scalar = (BigInt(`0x${bits.toString('hex')}`) % (order - 1n)) + 1n;
  const d = Buffer.from(scalar.toString(16).padStart(64, '0'), 'hex');
  const ecdh = createECDH('prime256v1');
  ecdh.setPrivateKey(d);
  // 0x04, and both coordinates (SEC 1 §2.3.3).
  const point = ecdh.getPublicKey();
  const text = (bytes: Buffer) => bytes.toString('base64url');
  const jwk = {
    kty: 'EC',
    crv: 'P-256',
    d: text(d),
    x: text(point.subarray(1, 33)),
    y: text(point.subarray(33)),
  };
  const name = `Millrace cluster ${createHash('sha256').update(point).digest('hex').slice(0, 8)}`;
  return { name, jwk };
}

/** The order of P-256's base point (FIPS 186-5, SP 800-186 §3.2.1.3). */
const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

const dayMs: Millis = 24 * 3_600_000;

/** A gateway that is shut out has no more than that; one that is up renews each day. */
const lifeMs = 7 * dayMs;
const renewEveryMs = dayMs;

/** Each gateway makes its own, and it is shown to nobody. */
const authorityLifeMs = 30 * dayMs;

/** Gateways whose clocks are behind accept it, too. */
function validityFrom(now: Millis, life: Millis) {
  return { from: now - dayMs, until: now + life };
}
