import assert from 'node:assert/strict';
import { constants } from 'node:os';
import { test } from 'node:test';
import { failureLine } from '../../src/cli/failure.ts';
import { StartError } from '../../src/env/start-error.ts';
import { DamagedError, NewerFormatError } from '../../src/log/log.ts';
import { defaultOptions } from '../../src/server/options.ts';

function failed(code: string, syscall: string, path?: string): Error {
  return Object.assign(new Error(`${code}: ${syscall}`), { code, syscall, ...(path && { path }) });
}

const lines: [unknown, string][] = [
  [new StartError('one\ntwo'), 'one two'],
  [new DamagedError('segment 3 at 17'), 'the data directory ./millrace-data is damaged: segment 3 at 17'],
  [
    new NewerFormatError('catalog/catalog/000000000003.log was written by a newer Millrace.'),
    'cannot use the data directory ./millrace-data: catalog/catalog/000000000003.log was written by a newer Millrace.',
  ],
  [failed('EADDRINUSE', 'listen'), 'cannot listen on port 4567 of 127.0.0.1: it is in use'],
  [failed('EACCES', 'listen'), 'cannot listen on port 4567 of 127.0.0.1: permission denied'],
  [
    Object.assign(failed('EADDRINUSE', 'listen'), { address: '10.0.0.1', port: 4568 }),
    'cannot listen on port 4568 of 10.0.0.1: it is in use',
  ],
  [
    Object.assign(failed('EACCES', 'listen'), { address: '/run/x', port: -1 }),
    'cannot listen on the Unix socket /run/x: permission denied',
  ],
  [failed('ENOTFOUND', 'getaddrinfo'), 'cannot listen on 127.0.0.1: no such host'],
  [
    failed('EACCES', 'mkdir', '/none'),
    `cannot use the data directory ./millrace-data: permission denied (/none): / is of user 0, and this is user ${process.geteuid?.()}`,
  ],
  [
    Object.assign(failed('Unknown system error -122', 'write'), { errno: -constants.errno.EDQUOT }),
    'cannot use the data directory ./millrace-data: the disk quota is used up',
  ],
  [
    failed('ENOENT', 'mkdir', '/proc/x'),
    'cannot use the data directory ./millrace-data: a directory cannot be made there (/proc/x)',
  ],
  [failed('ENOSPC', 'write'), 'cannot use the data directory ./millrace-data: the disk is full'],
  [failed('EIO', 'read'), 'cannot use the data directory ./millrace-data: EIO: read'],
  [new Error('odd'), 'odd'],
  ['odder', 'odder'],
];
for (const [error, line] of lines) {
  test(`said in one line: ${line}`, () => {
    assert.equal(failureLine(error, defaultOptions), line);
  });
}
