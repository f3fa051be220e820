import type { Mutant } from './mutant.ts';

const peer = 'src/http/peer.ts';
const acceptor = 'src/http/tls/tls-acceptor.ts';
const certificate = 'src/http/tls/client-certificate.ts';
const keyPair = 'src/http/tls/key-pair.ts';
const cors = 'src/rpc/cors.ts';
const gateway = 'src/server/gateway.ts';
const unixSocket = 'src/env/node-unix-socket.ts';
const certificates = 'test/http/tls/client-certificate.test.ts';
const pages = 'test/http/browser.test.ts';
const listeners = 'test/server/listeners.test.ts';
const sockets = 'test/env/node-unix-socket.test.ts';

/** Bugs in who reaches the server, and as whom. */
export const privateMutants: readonly Mutant[] = [
  {
    name: 'listener-forgets-its-name',
    sentence: 'A request that came to a named listener counts as one that came to the default one.',
    edits: [{ file: peer, find: '...(name !== undefined && { vpce: name })', replace: '' }],
    proof: {
      kind: 'test',
      file: 'test/http/peer.test.ts',
      test: 'a request says by which listener it came, where that has a name: plain',
    },
  },
  {
    name: 'first-listener-for-all',
    sentence: 'Workers take all ports for the first one, its name included.',
    edits: [
      {
        file: 'src/server/workers/workers.ts',
        find: '({ ...asked[index]!, port })',
        replace: '({ ...asked[index * 0]!, port })',
      },
    ],
    proof: {
      kind: 'test',
      file: listeners,
      test: 'threads and Unix sockets say by which listener a request came: 2 workers',
    },
  },
  {
    name: 'bad-certificate-is-no-certificate',
    sentence: 'A client whose certificate does not verify is served as if it had shown none.',
    edits: [
      {
        file: acceptor,
        find: 'certificate was refused", { error });\n    inside.destroy();',
        replace: 'certificate was refused", { error });',
      },
    ],
    proof: {
      kind: 'test',
      file: certificates,
      test: 'no request is heard of a client whose certificate is of another authority, required or not',
    },
  },
  {
    name: 'any-certificate-is-verified',
    sentence: 'A certificate counts as verified because it was shown.',
    edits: [
      { file: acceptor, find: 'if (error === null || error === undefined) {', replace: 'if (error !== 0) {' },
    ],
    proof: {
      kind: 'test',
      file: certificates,
      test: 'no request is heard of a client whose certificate is past its end, required or not',
    },
  },
  {
    name: 'revocation-not-read',
    sentence: 'The revocation lists beside the authorities are not looked at.',
    edits: [
      { file: keyPair, find: '...(crl.length > 0 && { crl })', replace: '...(crl.length < 0 && { crl })' },
    ],
    proof: {
      kind: 'test',
      file: certificates,
      test: 'several authorities may certify, and a certificate that was taken back is refused',
    },
  },
  {
    name: 'two-names-in-one',
    sentence: 'A certificate with two common names is of somebody.',
    edits: [{ file: certificate, find: "typeof name === 'string' ? name : ''", replace: 'String(name)' }],
    proof: { kind: 'test', file: certificates, test: 'of two common names none counts' },
  },
  {
    name: 'require-tls-forgets-http2',
    sentence: 'A request over HTTP/2 counts as one over TLS.',
    edits: [
      {
        file: 'src/http/http2.ts',
        find: 'const peer = peerOf(session.socket, context.origin());',
        replace: 'const peer = { ...peerOf(session.socket, context.origin()), secure: true };',
      },
    ],
    proof: {
      kind: 'test',
      file: listeners,
      test: '--require-tls refuses what comes over a port in the clear: 0 workers',
    },
  },
  {
    name: 'certificates-but-not-in-the-clear',
    sentence: 'Where every client has to show a certificate, one that speaks no TLS is served.',
    edits: [
      {
        file: 'src/server/tls-identity.ts',
        find: "return requireTls || (clientCa !== undefined && clientCertificates !== 'optional');",
        replace: "return requireTls || (clientCa === '' && clientCertificates !== 'optional');",
      },
    ],
    proof: {
      kind: 'test',
      file: listeners,
      test: 'clients show certificates, and new authorities are taken over: 0 workers',
    },
  },
  {
    name: 'named-ports-in-the-clear',
    sentence: '--require-tls is kept to at Unix sockets, and not at ports.',
    edits: [
      { file: gateway, find: "'path' in place ? this.handle", replace: "'port' in place ? this.handle" },
    ],
    proof: {
      kind: 'test',
      file: listeners,
      test: '--require-tls refuses what comes over a port in the clear: 0 workers',
    },
  },
  {
    name: 'rebound-name-is-ours',
    sentence: 'A server without credentials answers under any name that is pointed at it.',
    edits: [
      {
        file: cors,
        find: 'if (host === undefined || loopbackHost.test(host)) return undefined;',
        replace: 'if (host === undefined || loopbackHost.test(host) || host !== "") return undefined;',
      },
    ],
    proof: {
      kind: 'test',
      file: pages,
      test: 'a server without credentials shows its pages under its own names only',
    },
  },
  {
    name: 'certificate-for-every-page',
    sentence: 'A foreign page acts with the certificate that the browser shows for it.',
    edits: [
      {
        file: cors,
        find: 'if (!rule.isOpenToAll && certificate === undefined) return undefined;',
        replace: 'if (!rule.isOpenToAll) return undefined;',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/rpc/strange-page.test.ts',
      test: 'a browser that shows a certificate for every page does not act for those that are not listed',
    },
  },
  {
    name: 'image-is-a-call',
    sentence: 'A GET that a foreign page has a browser send, without an origin, is a call.',
    edits: [{ file: cors, find: "return site !== 'same-origin';", replace: "return site === 'not-a-site';" }],
    proof: {
      kind: 'test',
      file: pages,
      test: 'a GET that a page causes is no call without credentials, and one of a program is',
    },
  },
  {
    name: 'live-socket-replaced',
    sentence: 'A Unix socket on which another server listens is taken over.',
    edits: [
      {
        file: unixSocket,
        find: '  } finally {\n    socket.destroy();\n  }\n  throw isTaken(path);',
        replace: '  } finally {\n    socket.destroy();\n  }\n  unlinkSync(path);',
      },
    ],
    proof: {
      kind: 'test',
      file: sockets,
      test: 'a socket on which another server listens is left alone, and so is what is no socket',
    },
  },
  {
    name: 'socket-open-to-all',
    sentence: 'Whoever may write into its directory may connect to a Unix socket.',
    edits: [{ file: unixSocket, find: 'process.umask(0o177)', replace: 'process.umask()' }],
    proof: {
      kind: 'test',
      file: sockets,
      test: 'only the user of the process may connect, and the socket goes with the server',
    },
  },
];
