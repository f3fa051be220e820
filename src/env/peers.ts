import type { Port } from './workers.ts';

/** Connections between the gateways of a cluster: each end knows that the other belongs to it. */
export interface PeerNetwork {
  /**
   * How a gateway proves that it belongs to a cluster, by a secret of 32 bytes that all gateways of the
   * cluster have. Each call of what this answers answers the identity to show then: another one when it was
   * renewed.
   */
  identity(secret: Buffer, member: string): () => Promise<PeerIdentity>;
  /**
   * Takes connections of other gateways; `accept` is given the channel and the id that the other end says it
   * has. Rejects with the system's error, for example EADDRINUSE. `address` is `host:port`; port 0 asks for
   * any free one.
   */
  listen(
    address: string,
    identity: PeerIdentity,
    accept: (port: Port, member: string) => void,
  ): Promise<PeerListening>;
  /**
   * A channel to a gateway, open at once: what is posted waits until there is a connection. `ready` is told
   * the id of the other end once there is one. The channel closes when there can be none, when the other end
   * is not of this cluster or speaks another version, and when the connection ends; then nobody knows what of
   * the posted has arrived.
   */
  connect(address: string, identity: PeerIdentity, ready?: (member: string) => void): Port;
}

export interface PeerListening {
  /** The address really bound. */
  readonly address: string;
  /** Shows another certificate to those that connect from now on. */
  renew(identity: PeerIdentity): void;
  /** Ends the connections that were taken, too. */
  close(): Promise<void>;
}

/** What proves that a gateway belongs to a cluster: a certificate of the cluster's own authority, in PEM. */
export type PeerIdentity = {
  /** The gateway's id, which the other end is told. */
  readonly member: string;
  readonly key: string;
  readonly certificate: string;
  readonly authority: string;
};
