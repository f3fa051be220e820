import { constants } from 'node:crypto';
import type { Http2Session, IncomingHttpHeaders, OutgoingHttpHeaders, SecureServerOptions } from 'node:http2';
import type { PeerIdentity } from '../../env/peers.ts';

/**
 * What gateways say to each other. A change to the messages (`gateway/requests.ts`), or to their form, that
 * older gateways do not understand makes it another one.
 */
export const protocolVersion = '1';

/** The one request of a connection: a stream of messages each way. */
export function helloHeaders({ member }: PeerIdentity): OutgoingHttpHeaders {
  return { ':method': 'POST', ':path': path, [versionHeader]: protocolVersion, [memberHeader]: member };
}

/** The answer that begins the other way. */
export function welcomeHeaders({ member }: PeerIdentity): OutgoingHttpHeaders {
  return { ':status': 200, [versionHeader]: protocolVersion, [memberHeader]: member };
}

/** The answer to another version, for whoever upgrades gateways to read. */
export function refusalHeaders(): OutgoingHttpHeaders {
  return { ':status': 426, [versionHeader]: protocolVersion };
}

/** The id of the other end, or why it cannot be talked to. */
export function helloOf(
  headers: IncomingHttpHeaders,
): { readonly member: string } | { readonly refusal: string } {
  const { [versionHeader]: version, [memberHeader]: member, ':path': asked = path } = headers;
  if (asked !== path || version === undefined) return { refusal: 'it is no gateway' };
  if (version !== protocolVersion) {
    return {
      refusal: `it speaks version ${shown(version)} of the protocol between gateways, this one speaks ${protocolVersion}: upgrade the older of the two`,
    };
  }
  if (typeof member !== 'string' || !isMemberId.test(member)) return { refusal: 'it does not say who it is' };
  return { member };
}

/**
 * TLS 1.3 alone, with the certificate of this end, and trust in nothing but the cluster's authority. A
 * session that is resumed would show no certificate, so none is.
 */
export function tlsOf({ key, certificate: cert, authority: ca }: PeerIdentity): SecureServerOptions {
  const secureOptions = constants.SSL_OP_NO_TICKET;
  return { key, cert, ca, minVersion: 'TLSv1.3', rejectUnauthorized: true, secureOptions };
}

/**
 * The host that the certificates of all gateways are for: addresses change, and who belongs to a cluster is
 * not told to strangers.
 */
export const peerName = 'peer.millrace';

/** A window of 64 KiB, the default, would stop a page for many round trips. */
const windowBytes = { stream: 16 * 1024 * 1024, session: 16 * 1024 * 1024 };

/** For a session that has just begun. One may be over by then: the event that it began comes all the same. */
export function widenWindow(session: Http2Session): void {
  if (!session.destroyed) session.setLocalWindowSize(windowBytes.session);
}

/** What Node lets a session hold is too little for a page by default: as much as may be unsent, and more. */
export const sessionMiBMax = 512;

export const sessionSettings = {
  enablePush: false,
  initialWindowSize: windowBytes.stream,
  maxFrameSize: 256 * 1024,
  maxHeaderListSize: 4096,
};

const path = '/peers';
const versionHeader = 'millrace-peers';
const memberHeader = 'millrace-member';
const isMemberId = /^[\w.:-]{1,255}$/;

function shown(version: string | string[]): string {
  return String(version).slice(0, 32);
}
