import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as s from '../../src/wire/shape.ts';

const entry = s.structure('Entry', {
  Data: s.required(s.blob({ max: 10 })),
  ExplicitHashKey: s.string({ pattern: '0|([1-9]\\d{0,38})' }),
  Mode: s.required(s.string({ values: ['A', 'B'] })),
});
const input = s.structure('Input', {
  Records: s.required(s.list(entry, { min: 1, max: 500 })),
  Tags: s.map(s.string({ max: 256 }), { keyMin: 1, keyMax: 128 }),
  At: s.timestamp(),
  Limit: s.integer({ min: 1 }),
  DryRun: s.boolean(),
});

/** Holds only when the two types are the same; a mismatch does not compile. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

test('the type of a structure has its required members and, optionally, the others', () => {
  type Expected = {
    Records: { Data: Buffer; Mode: 'A' | 'B'; ExplicitHashKey?: string }[];
    Tags?: Record<string, string>;
    At?: number;
    Limit?: number;
    DryRun?: boolean;
  };
  const same: Same<s.TypeOf<typeof input>, Expected> = true;
  assert.ok(same);
});

test('a value to encode may say undefined for an optional member', () => {
  const value: s.OutputOf<typeof entry> = { Data: new Uint8Array(1), Mode: 'A', ExplicitHashKey: undefined };
  assert.equal(value.ExplicitHashKey, undefined);
});

test('a decoded value is a value to encode', () => {
  const decoded: s.TypeOf<typeof entry> = { Data: Buffer.alloc(1), Mode: 'A' };
  const output: s.OutputOf<typeof entry> = decoded;
  assert.equal(output.Mode, 'A');
});

test('shapes are plain data that says its constraints', () => {
  assert.deepEqual(entry.names, ['Data', 'ExplicitHashKey', 'Mode']);
  assert.equal(entry.members.Data.required, true);
  assert.equal(entry.members.ExplicitHashKey.pattern?.text, '0|([1-9]\\d{0,38})');
});
