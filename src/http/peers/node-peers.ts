import { connect } from 'node:http2';
import type { Millis } from '../../env/clock.ts';
import { detached, unthinkable } from '../../env/detached.ts';
import type { Env } from '../../env/env.ts';
import type { PeerIdentity, PeerNetwork } from '../../env/peers.ts';
import type { Port } from '../../env/workers.ts';
import { ClusterAuthority } from '../tls/cluster-authority.ts';
import {
  helloHeaders,
  helloOf,
  peerName,
  sessionMiBMax,
  sessionSettings,
  tlsOf,
  widenWindow,
} from './peer-hello.ts';
import { PeerListener } from './peer-listener.ts';
import { PeerPort, type PeerWorld } from './peer-port.ts';

/**
 * Gateways on this machine's network: HTTP/2 over TLS 1.3, with certificates on both sides of a connection.
 */
export function nodePeers(world: PeerWorld & Pick<Env, 'random'>): PeerNetwork {
  return {
    identity(secret, member) {
      const authority = new ClusterAuthority(secret, member, world);
      return () => authority.identity();
    },
    async listen(address, identity, accept) {
      const listener = new PeerListener(identity, accept, world);
      await listener.listen(address);
      return listener;
    },
    connect: (address, identity, ready) => connected(address, identity, ready ?? ignore, world),
  };
}

function connected(
  address: string,
  identity: PeerIdentity,
  ready: (member: string) => void,
  world: PeerWorld,
): Port {
  const { clock, logger } = world;
  const session = connect(`https://${address}`, {
    ...tlsOf(identity),
    ...{ servername: peerName, ALPNProtocols: ['h2'] },
    ...{ settings: sessionSettings, maxSessionMemory: sessionMiBMax },
  });
  session.on('error', (error) => logger.debug('a gateway cannot be reached', { address, error }));
  session.once('connect', () => widenWindow(session));
  const stream = session.request(helloHeaders(identity), { endStream: false });
  const port = new PeerPort(session, stream, world);
  const greeted = new AbortController();
  stream.once('close', () => greeted.abort());
  stream.once('response', (headers) => {
    greeted.abort();
    const hello = helloOf(headers);
    if ('member' in hello) return ready(hello.member);
    logger.error('another gateway cannot be talked to', { address, reason: hello.refusal });
    port.abandon(hello.refusal);
  });
  detached(abandonIfSilent(), unthinkable);
  return port;

  async function abandonIfSilent(): Promise<void> {
    await clock.sleep(connectMsMax, greeted.signal);
    if (!greeted.signal.aborted) port.abandon('it does not answer');
  }
}

function ignore(): void {}

/** Gateways of a cluster are near to each other. */
const connectMsMax: Millis = 5_000;
