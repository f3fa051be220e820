import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { operations } from '../../src/services/millrace/operations.ts';
import type { Shape, StructureShape } from '../../src/wire/shape.ts';

// The service has no model of AWS's: what it answers is what sights.ts says, which the console reads.

const text = readFileSync(join(import.meta.dirname, '../../src/services/millrace/sights.ts'), 'utf8');

/**
 * The members of a type that is exported there, `?` behind those that may be absent; not those within them.
 */
function membersSaid(type: string): string[] {
  const [, body] = new RegExp(`^export type ${type} = \\{\\n(.*?)^\\};`, 'ms').exec(text) ?? [];
  assert.ok(body !== undefined, `sights.ts has no type ${type}`);
  return [...body.matchAll(/^ {2}readonly (\w+\??):/gm)].map(([, name]) => name!);
}

function membersOf(shape: StructureShape): string[] {
  return Object.entries(shape.members).map(([name, { required }]) => (required ? name : `${name}?`));
}

function structuresIn(shape: Shape): StructureShape[] {
  if (shape.kind === 'list') return structuresIn(shape.item);
  if (shape.kind !== 'structure') return [];
  return [shape, ...shape.shapes.flatMap(structuresIn)];
}

const looking = [
  'ListStreamSights',
  'GetStreamSight',
  'ListReaders',
  'GetServerSight',
  'ListAuditRecords',
].map((name) => operations.get(name)!);

test('each operation that looks answers the members of its type, in its order', () => {
  for (const { name, output } of looking) {
    assert.ok(output?.kind === 'structure');
    assert.deepEqual(membersOf(output), membersSaid(`${name}Answer`), name);
  }
});

test('each structure within has the members of the type of its name', () => {
  const shapes = looking.flatMap(({ output }) => structuresIn(output as StructureShape));
  const named = shapes.filter(({ name }) => text.includes(`export type ${name} =`));
  for (const shape of named) assert.deepEqual(membersOf(shape), membersSaid(shape.name), shape.name);
  const names = new Set(named.map(({ name }) => name));
  assert.deepEqual([...names].sort(), [
    'AuditSight',
    'CountsSight',
    'HotKeySight',
    'OperationSight',
    'ReaderShardSight',
    'ReaderSight',
    'ShardSight',
    'StreamSight',
  ]);
});

test('none of them is news for the audit log, but for a look at the audit log itself', () => {
  assert.deepEqual(
    looking.map(({ audit }) => audit),
    ['data', 'data', 'data', 'data', undefined],
  );
});
