import type { Port } from './workers.ts';

/** Connections between the gateways of a cluster: each end knows that the other belongs to it. */
export interface PeerNetwork {
  /**
   * Takes connections of other gateways. Rejects with the system's error, for example EADDRINUSE. `address` is
   * `host:port`; port 0 asks for any free one.
   */
  listen(
    address: string,
    identity: PeerIdentity,
    accept: (port: Port) => void,
  ): Promise<{ readonly address: string; close(): Promise<void> }>;
  /**
   * A channel to a gateway, open at once: what is posted waits until there is a connection. It closes when
   * there can be none, when the other end is not of this cluster, and when the connection ends; then nobody
   * knows what of the posted has arrived.
   */
  connect(address: string, identity: PeerIdentity): Port;
}

/** What proves that a gateway belongs to a cluster: a certificate of the cluster's own authority, in PEM. */
export type PeerIdentity = { readonly key: string; readonly certificate: string; readonly authority: string };
