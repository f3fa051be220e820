import type { Mutant } from './mutant.ts';

/** Bugs in what is seen of streams, of who reads them, and of the audit log. */
export const seenSightsMutants: readonly Mutant[] = [
  {
    name: 'list-shows-what-may-not-be-seen',
    sentence: 'A list of streams has those, too, that its caller has no permission to see.',
    edits: [
      {
        file: 'src/services/millrace/operations/list-stream-sights.ts',
        find: '        if (!maySee(stream)) continue;\n',
        replace: '',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/services/millrace/permissions.test.ts',
      test: 'who has no permission for a stream sees it in no list, and not by its name',
    },
  },
  {
    name: 'lag-of-what-was-processed',
    sentence: 'An application lags from the record on that it processed last, so it is never at the tip.',
    edits: [
      {
        file: 'src/server/millrace/application-streams.ts',
        find: 'return number === undefined ? undefined : offsetOf(number) + 1;',
        replace: 'return number === undefined ? undefined : offsetOf(number);',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/server/millrace/application-streams.test.ts',
      test: 'a worker goes on behind the record of its checkpoint',
    },
  },
  {
    name: 'leases-of-a-stream-of-old',
    sentence:
      'Leases that name a stream which was deleted count as readers of the one that has its name now.',
    edits: [
      {
        file: 'src/server/millrace/application-streams.ts',
        find: 'if (second === undefined || Number(second) === secondOf(stream.createdAt)) return',
        replace: 'if (second === undefined || Number(second) > 0) return',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/services/millrace/kcl-readers.test.ts',
      test: 'leases of several streams name theirs; locks, metrics of workers and other tables are no applications',
    },
  },
  {
    name: 'audit-log-of-all-accounts',
    sentence: "Whoever may read the audit log is shown other accounts' records.",
    edits: [
      {
        file: 'src/server/audit/logged-trail.ts',
        find: '  if (owner !== asked.account && callersAccount !== asked.account) return false;\n',
        replace: '',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/server/audit/logged-trail.test.ts',
      test: 'nobody is shown records of another account or region',
    },
  },
  {
    name: 'audit-page-skips-a-record',
    sentence: 'The next page of the audit log goes on before a record that no page had.',
    edits: [
      {
        file: 'src/server/audit/backward-lines.ts',
        find: 'if (next !== undefined) return { number: next.number, end: next.end };',
        replace: 'if (next !== undefined) return { number: next.number, end: next.start };',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/server/audit/logged-trail.test.ts',
      test: 'records of all files and both kinds come newest first, each once, whatever the pages are',
    },
  },
];
