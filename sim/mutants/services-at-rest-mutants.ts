import type { Mutant } from './mutant.ts';

const atRest = {
  kind: 'test',
  file: 'test/server/services-at-rest.test.ts',
  test: 'tables and metrics lie on the disk encrypted, running, killed, closed and under another root key',
} as const;

/** Bugs in how the disk keeps what services besides Kinesis hold. */
export const servicesAtRestMutants: readonly Mutant[] = [
  {
    name: 'services-in-plain',
    sentence: 'What services besides Kinesis hold goes to the disk as it is.',
    edits: [
      {
        file: 'src/server/served-data.ts',
        find: 'settings.memory ? engine : encrypted(engine, world)',
        replace: 'settings.memory || !settings.memory ? engine : encrypted(engine, world)',
      },
    ],
    proof: atRest,
  },
  {
    name: 'service-nonce-comes-again',
    sentence: 'The data key of a service counts its nonces from the beginning with each record.',
    edits: [
      {
        file: 'src/access/keys/service-keys.ts',
        find: 'if (known !== undefined && !known.isSpent) return known;',
        replace: 'if (known !== undefined && !known.isSpent) return new EncryptingKey(known.key);',
      },
    ],
    proof: atRest,
  },
  {
    name: 'services-need-the-old-root-key',
    sentence: 'The key of the services stays as a former root key has wrapped it.',
    edits: [
      {
        file: 'src/access/keys/keys.ts',
        find: 'if (servicesKey === undefined || root.isCurrent(servicesKey)) return edits;',
        replace: 'if (servicesKey === undefined || servicesKey.length > 0) return edits;',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/server/services-at-rest.test.ts',
      test: 'whichever call of the disk the power goes at while the root key changes, one start more needs the old one no more',
    },
  },
  {
    name: 'plain-record-of-a-service',
    sentence: 'A record that somebody writes in plain into the log of a service is taken for one of its own.',
    edits: [
      {
        file: 'src/log/encrypted-engine.ts',
        find: 'if (plain !== undefined) throw inPlain(plain, key);',
        replace: 'if (plain !== undefined && plain.count === 0) throw inPlain(plain, key);',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/log/encrypted-engine.test.ts',
      test: 'a record in plain, changed, elsewhere or of another log is damage',
    },
  },
  {
    name: 'data-key-of-any-service',
    sentence: 'A data key of one service’s log opens for that of another.',
    edits: [
      {
        file: 'src/access/keys/service-keys.ts',
        find: 'function purposeOf(log: string): string {',
        replace: "function purposeOf(_log: string, log = 'any'): string {",
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/access/keys/service-keys.test.ts',
      test: 'each start encrypts with another data key, and opens those of before, each for its log alone',
    },
  },
  {
    name: 'key-of-the-services-forgotten',
    sentence: 'A snapshot of the keys is without the key of the services.',
    edits: [
      {
        file: 'src/access/keys/keys.ts',
        find: '...(servicesKey === undefined ? [] : [servicesKeyWrapped(servicesKey)]),',
        replace: "...(servicesKey === undefined ? [servicesKeyWrapped('')].slice(1) : []),",
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/access/keys/service-keys.test.ts',
      test: 'a snapshot of the keys has the key of the services',
    },
  },
];
