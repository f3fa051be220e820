import assert from 'node:assert/strict';
import type { Codec } from '../../src/wire/codec.ts';
import { ServiceError } from '../../src/wire/service-error.ts';
import { blob, integer, list, map, string, structure, timestamp } from '../../src/wire/shape.ts';

/** Something of each kind that requests have. */
export const sampleShape = structure('Sample', {
  Text: string(),
  Count: integer(),
  Time: timestamp(),
  Data: blob(),
  Tags: map(string()),
  Entries: list(structure('Entry', { Data: blob(), Key: string() })),
});

export const sampleNames = ['Text', 'Count', 'Time', 'Data', 'Tags', 'Entries', 'Key'];

/** A value as another reader sees it: maps as `Map`, and what a codec must refuse as undefined at the top. */
export type Seen = string | number | boolean | null | Buffer | Seen[] | Map<string, Seen>;

/**
 * What a codec makes of a body must be what another reader saw in it. `seen` is undefined for what is no
 * object in this encoding.
 */
export function compareDecoding(codec: Codec, body: Buffer, seen: Seen | undefined): string {
  const isObject = seen instanceof Map;
  assert.equal(codec.wellFormed(body), isObject, isObject ? 'refused as malformed' : 'taken for an object');
  let value: object;
  try {
    value = codec.decode(body, sampleShape);
  } catch (error) {
    assert(error instanceof ServiceError && error.type === 'SerializationException');
    assert.equal(error.message === '', !isObject, 'only malformed bodies are refused without a text');
    return isObject ? `wrong: ${error.message.replace(/[^A-Za-z ].*/s, '')}` : 'malformed';
  }
  assert(isObject);
  assert.deepEqual(plain(value), plain(expected(seen)));
  return `read: ${Object.keys(value).sort()}`;
}

/** The members of the sample, of which nulls and unknown ones are left out. */
function expected(seen: Map<string, Seen>): Record<string, unknown> {
  const value: Record<string, unknown> = {};
  for (const name of ['Text', 'Count', 'Time', 'Data', 'Tags', 'Entries'] as const) {
    const member = seen.get(name);
    if (member !== null && member !== undefined) value[name] = expectedMember(name, member);
  }
  return value;
}

function expectedMember(name: string, member: Seen): unknown {
  if (name === 'Data') return typeof member === 'string' ? Buffer.from(member, 'base64') : member;
  if (name === 'Entries') {
    return (member as Seen[]).map((item) => {
      if (item === null) return undefined;
      const entry = expected(new Map([['Data', (item as Map<string, Seen>).get('Data') ?? null]]));
      const key = (item as Map<string, Seen>).get('Key') ?? null;
      return key === null ? entry : { ...entry, Key: key };
    });
  }
  if (name === 'Tags') return new Map([...(member as Map<string, Seen>)].filter(([, item]) => item !== null));
  return member;
}

/** In one form, whatever the prototypes and the order of members; how far numbers go is not compared. */
function plain(value: unknown): unknown {
  if (typeof value === 'number') return 'a number';
  if (typeof value !== 'object' || value === null || Buffer.isBuffer(value)) return value;
  if (Array.isArray(value)) return value.map(plain);
  const entries = value instanceof Map ? [...value] : Object.entries(value);
  return entries
    .map(([name, member]) => [name, plain(member)] as const)
    .sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0));
}
