import type { Mutant } from './mutant.ts';

const gate = 'test/access/gate.test.ts';
const knownKeys = 'src/access/known-keys.ts';

/** Bugs in who is let in, and in what secrets are wrapped with. */
export const gateMutants: readonly Mutant[] = [
  {
    name: 'session-token-of-another',
    sentence: 'A session token is taken together with the access key of another session.',
    edits: [
      {
        file: 'src/access/session.ts',
        find: 'return known.accessKeyId === accessKeyId ? known.session : undefined;',
        replace: 'return known.session;',
      },
    ],
    proof: {
      kind: 'test',
      file: gate,
      test: 'every single bit of a session token counts, and so does the key that it belongs to',
    },
  },
  {
    name: 'session-never-expires',
    sentence: 'A session lasts for ever.',
    edits: [
      {
        file: knownKeys,
        find: 'known = { secretAccessKey, sessionToken, expiresAt, callerOf };',
        replace: 'known = { secretAccessKey, sessionToken, callerOf };',
      },
      {
        file: knownKeys,
        find: 'const { secretAccessKey, expiresAt } = session;',
        replace: 'const { secretAccessKey } = session;',
      },
    ],
    proof: { kind: 'test', file: gate, test: 'a session is good until it expires, and then says so' },
  },
  {
    name: 'session-of-an-open-server',
    sentence: 'A session that anyone could have made is taken where callers have to prove who they are.',
    edits: [{ file: knownKeys, find: '!session.isProved || ', replace: '' }],
    proof: {
      kind: 'test',
      file: gate,
      test: 'a session that was made where nobody proves who they are does not count where one has to',
    },
  },
  {
    name: 'inactive-key-signs',
    sentence: 'An access key that is inactive still signs.',
    edits: [
      {
        file: knownKeys,
        find: 'if (key === undefined || !key.isActive) return undefined;',
        replace: 'if (key === undefined) return undefined;',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/server/users.test.ts',
      test: 'an access key is good in every thread once it is made, and of no use once it is inactive: 0 workers',
    },
  },
  {
    name: 'certificate-beside-signature',
    sentence: 'A signature by one user is taken on the connection of another.',
    edits: [
      {
        file: 'src/access/gate.ts',
        find: "if (caller.principal.kind === 'user' && caller.principal.id === named.user.id) return caller;",
        replace: "if (caller.principal.kind !== 'anyone') return caller;",
      },
    ],
    proof: {
      kind: 'test',
      file: gate,
      test: 'with a certificate, a signature by a known key is verified, and has to be of the same user',
    },
  },
  {
    name: 'rewrap-leaves-keys',
    sentence:
      'A new root key does not take over the secrets of access keys, which are lost with the old one.',
    edits: [
      {
        file: 'src/server/secrets.ts',
        find: 'if (secret !== key.secret) edits.push(',
        replace: "if (secret === '') edits.push(",
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/server/secrets.test.ts',
      test: 'a new root key before the old one takes over: keys and sessions stay good, and the old is of no use',
    },
  },
  {
    name: 'root-key-not-durable',
    sentence: 'Secrets are wrapped with a root key whose file a power cut can take.',
    edits: [
      {
        file: 'src/server/secrets.ts',
        find: "if (isOwn) await disk.syncDirectory('.');",
        replace: '',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/server/first-start.test.ts',
      test: 'whatever call of the disk fails or is the last of a first start, the next starts serve',
    },
  },
];
