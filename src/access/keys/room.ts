import { lackOfRoom, type Measure, sum } from '../../journal/room.ts';
import { ServiceError } from '../../wire/service-error.ts';
import type { KeyEdit } from './edit.ts';
import { aliasKeyOf, type KeySettings, type KeysState } from './state.ts';

/** LimitExceededException when the state has no room for what comes of the edits. */
export function requireRoom(state: KeysState, edits: readonly KeyEdit[]): void {
  const lack = lackOfRoom(measures, state, edits);
  if (lack !== undefined) throw new ServiceError('LimitExceededException', lack);
}

/** What fits into the memory of each thread, and into one snapshot. */
export const keysRoom = {
  /** AWS: 100,000 in an account and a region (KMS developer guide, "Resource quotas"). */
  keysMax: 10_000,
  aliasesMax: 20_000,
  /** Of the keys' material. */
  versionsMax: 40_000,
  /** Of policies, descriptions and tags: a snapshot is one string, as the catalog's (kinesis/limits.ts). */
  charactersMax: 32 * 1024 * 1024,
};

const measures: readonly Measure<KeysState, KeyEdit>[] = [
  {
    things: 'KMS keys',
    max: keysRoom.keysMax,
    held: ({ keys }) => keys.size,
    added: (_, { kind }) => (kind === 'key-created' ? 1 : 0),
  },
  {
    things: 'aliases of KMS keys',
    max: keysRoom.aliasesMax,
    held: ({ aliases }) => aliases.size,
    added: ({ aliases }, edit) => (edit.kind === 'alias-set' && !aliases.has(aliasKeyOf(edit.alias)) ? 1 : 0),
  },
  {
    things: 'versions of KMS keys',
    max: keysRoom.versionsMax,
    held: ({ keys }) => sum(keys.values(), ({ versions }) => versions.length),
    added: (_, { kind }) => (kind === 'key-created' || kind === 'key-rotated' ? 1 : 0),
  },
  {
    things: 'characters of policies, descriptions and tags of KMS keys',
    max: keysRoom.charactersMax,
    held: ({ keys }) => sum(keys.values(), charactersIn),
    added: ({ keys }, edit) => {
      if (edit.kind === 'key-created') return charactersIn(edit.key);
      const key = edit.kind === 'key-changed' ? keys.get(edit.id) : undefined;
      if (key === undefined || edit.kind !== 'key-changed') return 0;
      return charactersIn({ ...key, ...edit.settings }) - charactersIn(key);
    },
  },
];

function charactersIn({ policy, description, tags }: Pick<KeySettings, 'policy' | 'description' | 'tags'>) {
  return policy.length + description.length + sum(tags, ({ key, value }) => key.length + value.length);
}
