import { ServiceError } from '../../wire/service-error.ts';
import type { KeyEdit } from './edit.ts';
import { aliasKeyOf, type KeySettings, type KeysState } from './state.ts';

/** LimitExceededException when the state has no room for what comes of the edits. */
export function requireRoom(state: KeysState, edits: readonly KeyEdit[]): void {
  for (const { things, max, held, added } of measures) {
    let more = 0;
    for (const edit of edits) more += added(state, edit);
    if (more <= 0) continue;
    const has = held(state);
    if (has + more <= max) continue;
    throw new ServiceError(
      'LimitExceededException',
      `This server has room for ${max} ${things}. It has ${has}, and this request may add ${more}.`,
    );
  }
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

/** Something of which the state may hold only so many. */
type Measure = {
  readonly things: string;
  readonly max: number;
  readonly held: (state: KeysState) => number;
  /** How many more an edit makes; negative when it makes fewer. */
  readonly added: (state: KeysState, edit: KeyEdit) => number;
};

const measures: readonly Measure[] = [
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

function sum<Item>(items: Iterable<Item>, numberOf: (item: Item) => number): number {
  let total = 0;
  for (const item of items) total += numberOf(item);
  return total;
}
