import type { Mutant } from './mutant.ts';

const both = {
  kind: 'test',
  file: 'test/iceberg/rest-catalog.test.ts',
  test: 'whatever a catalog and a store leave unanswered, and whoever works on the table besides: all is there once',
} as const;

const twoWriters = {
  kind: 'test',
  file: 'test/iceberg/two-writers.test.ts',
  test: 'two writers of a table in a bucket lose nothing of each other, whatever the store leaves unanswered',
} as const;

/** Bugs of commits to tables: files that are there twice, or that another writer has lost. */
export const deliveryIcebergMutants: readonly Mutant[] = [
  {
    name: 'iceberg-commit-not-looked-up',
    sentence: 'An append that nobody answered is done again, although the table says that it is there.',
    edits: [
      {
        file: 'src/iceberg/commit/append.ts',
        find: '    if (said === marks) return true;',
        replace: '    if (said === marks) return this.#manifest === undefined;',
      },
      {
        file: 'src/iceberg/commit/append.ts',
        find: '    if (said === before) return false;',
        replace: '    if (said === before || said === marks) return false;',
      },
    ],
    proof: both,
  },
  {
    name: 'iceberg-branch-not-asserted',
    sentence:
      'A commit to a REST catalog does not say which snapshot it comes after, and takes the place of others.',
    edits: [
      {
        file: 'src/iceberg/rest/rest-table.ts',
        find: "      { type: 'assert-ref-snapshot-id', ref: 'main', 'snapshot-id': current },\n",
        replace: '',
      },
      {
        file: 'src/iceberg/rest/rest-table.ts',
        find: "  const current = currentSnapshotOf(metadata)?.['snapshot-id'] ?? null;\n",
        replace: '',
      },
    ],
    proof: both,
  },
  {
    name: 'iceberg-manifest-forgotten-in-doubt',
    sentence: 'A manifest is removed although the commit that nobody answered has a snapshot list it.',
    edits: [
      {
        file: 'src/iceberg/commit/append.ts',
        find: '    if (this.#isInDoubt) return;\n',
        replace: '',
      },
    ],
    proof: both,
  },
  {
    name: 'iceberg-version-put-over',
    sentence: "The next version of a bucket's table is put over one that another writer has put.",
    edits: [
      {
        file: 'src/iceberg/bucket/table-folder.ts',
        find: "{ ifNone: true, contentType: 'application/json' }",
        replace: "{ contentType: 'application/json' }",
      },
    ],
    proof: twoWriters,
  },
  {
    name: 'iceberg-merge-of-what-is-gone',
    sentence:
      'Manifests that were made one are listed as that, although others have made something else of them.',
    edits: [
      {
        file: 'src/iceberg/commit/append.ts',
        find: '  if (listed.length - others.length < merged.replaces.size) return listed;\n',
        replace: '',
      },
    ],
    proof: both,
  },
  {
    name: 'iceberg-hint-believed',
    sentence: "A hint that a slow writer put back is taken for the newest version of a bucket's table.",
    edits: [
      {
        file: 'src/iceberg/bucket/table-folder.ts',
        find: '      newest = found;',
        replace: '      newest ??= found;',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/iceberg/bucket-catalog.test.ts',
      test: 'a hint that is behind, wrong or gone hides no version',
    },
  },
  {
    name: 'iceberg-expired-too-far',
    sentence: 'Snapshots go behind which another writer has replaced files, which then nobody removes.',
    edits: [
      {
        file: 'src/iceberg/bucket/expired-snapshots.ts',
        find: 'const own = foreign < 0 ? history.length : foreign;',
        replace: 'const own = foreign < 0 ? history.length : foreign + 1;',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/iceberg/expired-snapshots.test.ts',
      test: 'snapshots stay that others may need: behind those of others, beside branches, and in a table that keeps them',
    },
  },
];
