import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  DamagedError,
  DiskReserveError,
  NewerFormatError,
  OverloadedError,
  UnavailableError,
} from '../../src/log/log.ts';
import { troubleOf } from '../../src/rpc/trouble.ts';
import { systemError } from '../log/fake-disk.ts';

const path = 'streams/1/000000000001.log';
const troubles: [unknown, string][] = [
  [new DiskReserveError(path), 'The disk of the server is full.'],
  [systemError('ENOSPC', path), 'The disk of the server is full.'],
  [systemError('EDQUOT', path), 'The disk of the server is full.'],
  [systemError('EIO', path), 'The server could not use its disk.'],
  [new DamagedError(path), 'The stored data of the stream is damaged.'],
  [new NewerFormatError(path), 'The stored data of the stream was written by a newer Millrace.'],
  [new OverloadedError(path), 'The server is overloaded; try again.'],
  [new UnavailableError(path), 'Too few of the machines that keep this answer; try again.'],
  [new TypeError(path), ''],
];
for (const [error, text] of troubles) {
  test(`of ${String(error)} a caller is told: ${text}`, () => assert.equal(troubleOf(error), text));
}
