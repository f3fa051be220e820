import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { catalogMachine } from '../../src/catalog/catalog.ts';
import type { Edit } from '../../src/catalog/edit.ts';
import { decodeRevision, encodeRevision, type Revision } from '../../src/journal/revision.ts';
import { DamagedError, NewerFormatError } from '../../src/log/log.ts';
import { arbitraryEdit } from '../catalog/arbitrary-edit.ts';
import { sampleStream, sampleTime } from '../kinesis/sample.ts';

function decoded(record: string | Buffer): Revision<Edit> {
  return decodeRevision(catalogMachine, { offset: 7, data: Buffer.from(record) });
}

test('a commit comes out of the log as it went in', () => {
  fc.assert(
    fc.property(fc.array(arbitraryEdit, { maxLength: 3 }), (edits) => {
      const commit = { after: 12, edits };
      assert.deepEqual(decoded(encodeRevision(commit)), commit);
    }),
  );
});

test('so does a snapshot', () => {
  const edit: Edit = {
    kind: 'snapshot',
    secret: 'ab',
    nextStream: 3,
    streams: [sampleStream(2), sampleStream(1)],
    accounts: [['000000000000/us-east-1', { committedAt: 5 }]],
  };
  const snapshot = { version: 12, edits: [edit] };
  assert.deepEqual(decoded(encodeRevision(snapshot)), snapshot);
});

test('a hash key in the log is readable by eye', () => {
  const change = { kind: 'split', since: 1, shard: 0, at: 12n } as const;
  assert.equal(
    String(encodeRevision({ after: 4, edits: [{ kind: 'change-begun', key: 'k', change }] })),
    '{"format":1,"after":4,"edits":[{"kind":"change-begun","key":"k","change":{"kind":"split","since":1,"shard":0,"at":{"bigint":"12"}}}]}',
  );
});

test('a tag that looks like a hash key is a tag', () => {
  const tags = [{ key: 'bigint', value: '{"bigint":"1"}' }];
  const commit = { after: 0, edits: [{ kind: 'settings-changed' as const, key: 'k', settings: { tags } }] };
  assert.deepEqual(decoded(encodeRevision(commit)), commit);
});

const unknownChange = { kind: 'fold', since: sampleTime };
const unknownThings: Record<string, object> = {
  'a format': { format: 3, anything: true },
  'an edit': { format: 1, after: 3, edits: [{ kind: 'secret-made', secret: '' }, { kind: 'stream-frozen' }] },
  'an edit that is called as something that all objects have': {
    format: 1,
    after: 3,
    edits: [{ kind: 'toString' }],
  },
  'a change of a stream': {
    format: 1,
    after: 3,
    edits: [{ kind: 'change-begun', key: 'k', change: unknownChange }],
  },
  'a change in a snapshot': {
    format: 1,
    version: 3,
    edits: [{ kind: 'snapshot', streams: [{ change: unknownChange }] }],
  },
};

for (const [what, record] of Object.entries(unknownThings)) {
  test(`${what} that is not known was written by a newer Millrace, in one sentence`, () => {
    assert.throws(
      () => decoded(JSON.stringify(record)),
      (error) =>
        error instanceof NewerFormatError &&
        /^record 7 in the journal of the control plane was written by a newer Millrace \(.+\)$/.test(
          error.message,
        ),
    );
  });
}

test('what is no revision at all is damage', () => {
  const records = [
    '{"format":1,"after":3,"edits":[{"ki',
    'null',
    '"text"',
    '{}',
    '{"format":1,"after":3}',
    '{"format":1,"after":3,"version":4,"edits":[]}',
    '{"format":1,"edits":[]}',
    '{"format":2,"after":3,"edits":[]}',
    '{"format":2,"after":3,"version":5,"edits":[]}',
    '{"format":1,"after":3,"edits":[null]}',
    '{"format":1,"after":3,"edits":[{"kind":{"toString":1}}]}',
  ];
  for (const record of records) {
    assert.throws(() => decoded(record), DamagedError, record);
  }
});
