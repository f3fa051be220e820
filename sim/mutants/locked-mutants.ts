import type { Mutant, Proof } from './mutant.ts';

const authorizer = 'test/access/policy/policy-authorizer.test.ts';
const token = 'test/stream/token.test.ts';

/** Defences that docs/security.md counts on, taken away one by one. */
export const lockedMutants: readonly Mutant[] = [
  {
    name: 'encrypted-in-name-only',
    sentence: 'A stream says that it is encrypted, and its records are stored as they came.',
    edits: [
      {
        file: 'src/log/encrypted-records.ts',
        find: 'return this.#appendEncrypted(shard, batch, current);',
        replace: 'return this.#records.append(shard, batch);',
      },
    ],
    proof: stolen(),
  },
  {
    name: 'key-beside-its-wrapping',
    sentence: 'A data key is the salt of its own wrapping, and so lies in clear beside it.',
    edits: [
      {
        file: 'src/access/keys/key-cipher.ts',
        find: 'headOf(key.id, version.number, this.#random.bytes(saltBytes))',
        replace:
          'headOf(key.id, version.number, plaintext.length === saltBytes ? plaintext : this.#random.bytes(saltBytes))',
      },
    ],
    proof: stolen(),
  },
  {
    name: 'forged-session',
    sentence: 'A session token is read whether its seal is whole or not.',
    edits: [
      {
        file: 'src/access/session.ts',
        find: '      decipher.final();\n',
        replace: '',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/access/gate.test.ts',
      test: 'every single bit of a session token counts, and so does the key that it belongs to',
    },
  },
  {
    name: 'forged-iterator',
    sentence: 'An iterator or a page token is read whether its seal is whole or not.',
    edits: [
      {
        file: 'src/stream/token.ts',
        find: 'Buffer.concat([decipher.update(bytes.subarray(sealedAt)), decipher.final()])',
        replace: 'Buffer.concat([decipher.update(bytes.subarray(sealedAt))])',
      },
    ],
    proof: {
      kind: 'test',
      file: token,
      test: 'a token with any character changed, or something added, means nothing',
    },
  },
  {
    name: 'token-for-any-purpose',
    sentence: 'A token that was sealed for one purpose is taken for another.',
    edits: [
      {
        file: 'src/stream/token.ts',
        find: 'return sealedFor === purpose ? value : undefined;',
        replace: 'return sealedFor === undefined ? undefined : value;',
      },
    ],
    proof: { kind: 'test', file: token, test: 'a token sealed for another purpose means nothing' },
  },
  {
    name: 'session-sheds-its-policy',
    sentence: 'A session may do all that its role may, whatever policy it was given.',
    edits: [
      {
        file: 'src/access/policy/caller-policies.ts',
        find: 'session: sessionOf(principal, compile, managed),',
        replace: 'session: undefined,',
      },
    ],
    proof: { kind: 'test', file: authorizer, test: 'session policies are those of the session that calls' },
  },
  {
    name: 'any-version-of-a-policy',
    sentence: 'Of a managed policy the version that was made last counts, and not the one that was chosen.',
    edits: [
      {
        file: 'src/access/policy/caller-policies.ts',
        find: 'return versions.find(({ id }) => id === defaultVersion)?.document;',
        replace: 'return versions.find(({ id }) => id === defaultVersion) && versions.at(-1)?.document;',
      },
    ],
    proof: {
      kind: 'test',
      file: authorizer,
      test: 'of a managed policy the version counts that was chosen, from the next call on, and no other',
    },
  },
  {
    name: 'policies-go-back',
    sentence: 'An older snapshot of users and policies takes the place of what is known by now.',
    edits: [
      { file: 'src/journal/advance.ts', find: 'if (revision.version <= version) continue;', replace: '' },
    ],
    proof: {
      kind: 'test',
      file: 'test/journal/advance.test.ts',
      test: 'a snapshot of a version that is known says nothing new',
    },
  },
  {
    name: 'fast-put-past-the-policy',
    sentence: 'A PutRecord that takes the fast path is not asked about the policy of its stream.',
    edits: [
      {
        file: 'src/services/kinesis/operations/put-record.ts',
        find: '      facts: stream,',
        replace: '      facts: { policy: null, tags: stream.tags },',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/services/kinesis/policies.test.ts',
      test: 'a denial in the policy of a stream is for its owner, too, who can take it back',
    },
  },
];

/** What a thief of the disk finds, who has not the root key. */
function stolen(): Proof {
  return {
    kind: 'test',
    file: 'test/server/encrypted-directory.test.ts',
    test: 'a directory of encrypted streams holds no plaintext, partition key or key, and every nonce once',
  };
}
