import type { Mutant } from './mutant.ts';

const cipher = 'src/access/keys/key-cipher.ts';
const keysTest = 'test/access/keys/keys.test.ts';
const lifeTest = 'test/services/kms/life-of-a-key.test.ts';

/** Bugs in what keeps secrets: root keys, KMS keys, their material and what they encrypt. */
export const keysMutants: readonly Mutant[] = [
  {
    name: 'context-unchecked',
    sentence: 'A ciphertext decrypts whatever the encryption context that is given.',
    edits: [
      {
        file: cipher,
        find: 'return Buffer.concat(entries.flatMap(([key, value]) => [lengthOf(key), key, lengthOf(value), value]));',
        replace: 'return Buffer.concat(entries.map(() => Buffer.alloc(0)));',
      },
    ],
    proof: {
      kind: 'test',
      file: lifeTest,
      test: 'what is encrypted comes back with its context, and with no other',
    },
  },
  {
    name: 'context-run-together',
    sentence: 'Texts of an encryption context are authenticated without what separates them.',
    edits: [
      {
        file: cipher,
        find: '[lengthOf(key), key, lengthOf(value), value]',
        replace: '[key, value]',
      },
    ],
    proof: { kind: 'test', file: keysTest, test: 'texts of a context cannot trade places' },
  },
  {
    name: 'disabled-key-decrypts',
    sentence: 'A disabled key still encrypts and decrypts.',
    edits: [
      {
        file: 'src/services/kms/parts/key-status.ts',
        find: "  if (key.status === 'Disabled') throw kmsError",
        replace: "  if (key.id === '' && key.status === 'Disabled') throw kmsError",
      },
    ],
    proof: {
      kind: 'test',
      file: lifeTest,
      test: 'a disabled key is of no use, and whatever is no use of it goes on',
    },
  },
  {
    name: 'disabled-key-serves-streams',
    sentence: 'Streams go on with a key that is disabled.',
    edits: [
      {
        file: 'src/access/keys/local-keys.ts',
        find: "  if (key.status === 'Disabled') return new KeyError",
        replace: "  if (key.id === '' && key.status === 'Disabled') return new KeyError",
      },
    ],
    proof: { kind: 'test', file: keysTest, test: 'streams are told by a code why a key is not to be had' },
  },
  {
    name: 'material-in-clear',
    sentence: 'The material of a key is journalled as it is.',
    edits: [
      {
        file: cipher,
        find: 'this.#root.wrap(this.#random.bytes(keyBytes), purposeOf(id, number))',
        replace: "this.#random.bytes(keyBytes).toString('hex')",
      },
      {
        file: cipher,
        find: 'this.#root.unwrap(version.wrapped, purposeOf(id, version.number))',
        replace: "Buffer.from(version.wrapped, 'hex')",
      },
    ],
    proof: { kind: 'test', file: keysTest, test: 'the journal holds no material in clear' },
  },
  {
    name: 'rotation-forgets',
    sentence: 'A rotation leaves a key nothing but its new material.',
    edits: [
      {
        file: 'src/access/keys/apply.ts',
        find: 'versions: [...key.versions, edit.version] };',
        replace: 'versions: [{ ...edit.version, number: 1 }] };',
      },
    ],
    proof: {
      kind: 'test',
      file: lifeTest,
      test: 'a rotated key has new material, and decrypts what the old has encrypted',
    },
  },
  {
    name: 'rotation-without-effect',
    sentence: 'A rotated key goes on encrypting with its first material.',
    edits: [
      {
        file: cipher,
        find: 'const version = key.versions.at(-1)!;',
        replace: 'const version = key.versions[0]!;',
      },
    ],
    proof: {
      kind: 'test',
      file: lifeTest,
      test: 'a rotated key has new material, and decrypts what the old has encrypted',
    },
  },
  {
    name: 'salt-reused',
    sentence: 'Every ciphertext of a key is made with the same key and nonce.',
    edits: [
      {
        file: cipher,
        find: 'headOf(key.id, version.number, this.#random.bytes(saltBytes))',
        replace: 'headOf(key.id, version.number, Buffer.alloc(saltBytes))',
      },
    ],
    proof: { kind: 'test', file: keysTest, test: 'the same words are never encrypted alike' },
  },
  {
    name: 'key-of-another-account',
    sentence: 'A change of a key reaches the key of another account that shares it.',
    edits: [
      {
        file: 'src/services/kms/parts/key-target.ts',
        find: 'return target.name.account === caller.account ? target : { ...target, key: undefined };',
        replace: 'return target;',
      },
      {
        file: 'src/services/kms/parts/key-target.ts',
        find: 'function presentKey(state: KeysState, id: string, { account, region }: Caller): KmsKey {',
        replace:
          'function presentKey(state: KeysState, id: string, caller: Caller): KmsKey {\n  const { account, region } = state.keys.get(id) ?? caller;',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/services/kms/permissions.test.ts',
      test: 'another account uses a key that its policy shares, by its ARN, and cannot do more with it',
    },
  },
  {
    name: 'root-key-open',
    sentence: 'A root key that other users can read is taken.',
    edits: [
      {
        file: 'src/env/user-file.ts',
        find: 'if (!(await disk.isOpenToOthers(basename(absolute)))) return String(bytes);',
        replace: 'if (bytes.length > 0) return String(bytes);',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/access/keys/root-key.test.ts',
      test: 'keys come from a file, a variable or a command, in hex or in base64',
    },
  },
];
