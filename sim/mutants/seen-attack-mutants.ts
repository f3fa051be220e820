import type { Mutant } from './mutant.ts';

/** Defences of what is seen, taken away. */
export const seenAttackMutants: readonly Mutant[] = [
  {
    name: 'views-in-our-process',
    sentence: 'What people type is computed in the process of the server, whose heap one long text may end.',
    edits: [
      {
        file: 'src/env/node-workers.ts',
        find: 'if (program.isApart === true)',
        replace: 'if (program.isApart !== true && program.name === program.module.href)',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/env/apart.test.ts',
      test: 'a program apart has a process of its own without secrets, and copies of what it is told',
    },
  },
  {
    name: 'views-know-secrets',
    sentence: 'The process that computes what people type has the secrets of the server in its environment.',
    edits: [
      {
        file: 'src/env/node-apart.ts',
        find: 'Object.entries(process.env).filter(([name]) => isNodes.test(name))',
        replace: 'Object.entries(process.env).filter(([name]) => name !== isNodes.source)',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/env/apart.test.ts',
      test: 'a program apart has a process of its own without secrets, and copies of what it is told',
    },
  },
  {
    name: 'tail-outlives-its-permission',
    sentence: 'A tail goes on for as long as its client wants, whoever has taken its permission away.',
    edits: [
      {
        file: 'src/services/millrace/tail/tail.ts',
        find: '        this.#subject.recheck();\n',
        replace: '',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/services/millrace/withdrawn.test.ts',
      test: 'a tail ends, without another record, when a caller has lost its permission',
    },
  },
  {
    name: 'tail-outlives-its-key',
    sentence: 'A tail asks again what its caller may, but not whether its access key is still one.',
    edits: [
      {
        file: 'src/rpc/carry-out.ts',
        find: 'call.identifyAgain?.() ?? caller',
        replace: 'caller',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/services/millrace/withdrawn.test.ts',
      test: 'a tail ends, without another record, when a caller has lost its access key',
    },
  },
  {
    name: 'hot-keys-for-everybody',
    sentence: 'Partition keys that come often are shown to whoever may see that a stream is there.',
    edits: [
      {
        file: 'src/services/millrace/operations/get-stream-sight.ts',
        find: 'isRead ? (heat?.hotKeys ?? []) : []',
        replace: 'isRead || heat !== undefined ? (heat?.hotKeys ?? []) : []',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/services/millrace/permissions.test.ts',
      test: 'partition keys that come often are shown only to who may read them',
    },
  },
  {
    name: 'images-of-metrics',
    sentence: 'A page of elsewhere has an open server gather its metrics, as an image that cannot be shown.',
    edits: [
      {
        file: 'src/rpc/dispatch.ts',
        find: ' || isStrangeLoad(request, headers, browsers);',
        replace: ' || (request.method === "" && isStrangeLoad(request, headers, browsers));',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/http/browser.test.ts',
      test: 'a page of elsewhere loads no page of a server without credentials, and a link leads to one',
    },
  },
  {
    name: 'names-move-terminals',
    sentence: 'A table shows what a server says as it says it, escape sequences among it.',
    edits: [
      {
        file: 'src/cli/table.ts',
        find: "return printable(typeof cell === 'string' ? cell : cell.text);",
        replace: "return typeof cell === 'string' ? cell : printable('').concat(cell.text);",
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/cli/hostile-text.test.ts',
      test: 'nothing that a server or a record says moves the terminal, in lines, tables and JSON',
    },
  },
  {
    name: 'formulas-in-sheets',
    sentence: 'What a record says begins a formula in the CSV that is saved of it.',
    edits: [
      {
        file: 'console/pages/query/csv-text.ts',
        find: "typeof value === 'string' && isFormula(plain)",
        replace: "typeof value === 'bigint' && isFormula(plain)",
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/console/pages/query/query-result.test.ts',
      test: 'no text of a record is a formula in a sheet, and numbers stay numbers',
    },
  },
];
