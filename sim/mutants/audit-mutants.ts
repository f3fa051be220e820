import type { Mutant } from './mutant.ts';

/** Bugs in what is told about requests: to the audit log, and to the log. */
export const auditMutants: readonly Mutant[] = [
  {
    name: 'denial-not-recorded',
    sentence: 'A denial is not recorded where the call, allowed, would not be.',
    edits: [
      {
        file: 'src/rpc/audit.ts',
        find: 'if (!isRecorded(attempt.call.operation) && !denials.has(error.type)) return;',
        replace: 'if (!isRecorded(attempt.call.operation)) return;',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/rpc/audit.test.ts',
      test: 'a call with records is recorded when it is denied, whichever way it went, and only then',
    },
  },
  {
    name: 'secret-in-the-audit-log',
    sentence: 'The record of a call that makes an access key shows its secret.',
    edits: [
      {
        file: 'src/rpc/audit-values.ts',
        find: 'return secretName.test(name) ? hidden : String(value);',
        replace: 'return String(value);',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/rpc/audit-values.test.ts',
      test: 'blobs, sensitive members and texts that are named as secrets are hidden, at any depth',
    },
  },
  {
    name: 'strangers-fill-the-audit-log',
    sentence: 'Each refused request has its own record, however many a stranger sends.',
    edits: [
      {
        file: 'src/server/audit/recorder.ts',
        find: "if (kind === 'call' || this.#limit.admits(error?.type ?? '', sayLeftOut)) this.#say(event);",
        replace: 'this.#say(event);',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/server/audit/recorder.test.ts',
      test: 'refusals that anyone can cause are counted when they are many, and calls are all recorded',
    },
  },
  {
    name: 'full-audit-file-loses-records',
    sentence: 'The audit records that find their file full are in neither the old one nor the new one.',
    edits: [
      {
        file: 'src/server/audit/audit-files.ts',
        find: 'this.#open = await this.#create(number);',
        replace: 'this.#open = await this.#create(number); this.#batch = Buffer.alloc(0);',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/server/audit/audit-files.test.ts',
      test: 'a full file is followed by another, the oldest go, and no line is lost in between',
    },
  },
  {
    name: 'refused-signature-logged',
    sentence: 'The log has the Authorization header of a request that is refused.',
    edits: [
      {
        file: 'src/rpc/dispatch.ts',
        find: "logger.debug('a request was refused', refusalOf(operation.name, request, headers, error));",
        replace:
          "logger.debug('a request was refused', { authorization: headers.get('authorization'), target: request.target });",
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/harness/canaries.test.ts',
      test: 'a server logs nothing of a request that it refuses, whatever is wrong with it',
    },
  },
];
