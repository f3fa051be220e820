import type { Mutant } from './mutant.ts';

/** Bugs of the console's serving, and of what it does before it calls. */
export const seenShellMutants: readonly Mutant[] = [
  {
    name: 'console-page-of-any-scheme',
    sentence: 'A page that came without TLS acts with the certificate that the browser shows to the server.',
    edits: [
      {
        file: 'src/rpc/cors.ts',
        find: '(!isSecure && origin ===',
        replace: '(origin ===',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/rpc/strange-page.test.ts',
      test: 'the own page of a server may use it under every name that a signed server has',
    },
  },
  {
    name: 'console-in-the-clear',
    sentence: 'Where a server answers over TLS only, its console is shown without TLS, and can call nothing.',
    edits: [
      {
        file: 'src/rpc/tls-only.ts',
        find: "return page.runs === 'here' && page.isOverTls ? moved(request) : await handle(request);",
        replace: 'return await handle(request);',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/server/console/console.test.ts',
      test: 'where a server answers over TLS only, a browser without it is sent there',
    },
  },
  {
    name: 'console-keeps-old-page',
    sentence: 'Browsers keep the page itself for a year, and ask for scripts that no new version has.',
    edits: [
      {
        file: 'src/server/console/console-answers.ts',
        find: "return fileAnswer(index, headers, 'no-cache');",
        replace: 'return fileAnswer(index, headers, forever);',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/server/console/console.test.ts',
      test: 'every path that is no file is the page, which is asked for each time',
    },
  },
  {
    name: 'console-escapes-too-little',
    sentence: 'The browser signs a query with brackets or quotes in it as no server reads it.',
    edits: [
      {
        file: 'console/api/sigv4.ts',
        find: "replace(/[!'()*]/g, byPercent)",
        replace: "replace(/[!'*]/g, byPercent)",
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/console/api/escaped.test.ts',
      test: 'what encodeURIComponent leaves as it is, and a signature does not, is escaped, too',
    },
  },
  {
    name: 'console-read-only-by-letters',
    sentence: 'A read-only console calls whatever begins like a read, such as Listen or Getaway.',
    edits: [
      {
        file: 'console/api/reading.ts',
        find: '(?=[A-Z]|$)/',
        replace: '/',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/console/api/reading.test.ts',
      test: 'a read-only console calls what reads, and nothing else',
    },
  },
];
