import assert from 'node:assert/strict';
import { test } from 'node:test';
import { followJournal } from '../../../../src/journal/follow.ts';
import { encodeBatch } from '../../../../src/kinesis/record.ts';
import { NewerFormatError } from '../../../../src/log/log.ts';
import { openMemoryLog } from '../../../../src/log/memory/memory-log.ts';
import {
  editsOfFailure,
  editsOfFunctionGone,
  editsOfMappingGone,
  failuresMax,
} from '../../../../src/services/lambda/state/lambda-edits.ts';
import {
  type AliasRecord,
  type Cursor,
  cursorKeyOf,
  failureKeyOf,
  functionKeyOf,
  type LambdaEdit,
} from '../../../../src/services/lambda/state/lambda-state.ts';
import { lambdaKey, openLambdaJournal } from '../../../../src/services/lambda/state/open-lambda-journal.ts';
import { TestClock } from '../../../log/world.ts';
import { failureOf, functionOf, mappingOf } from './lambda-records.ts';

const say = (key: string, marks: number[], more: Partial<Cursor> = {}): LambdaEdit => ({
  kind: 'said',
  of: 'cursor',
  key,
  value: { marks, ...more },
});
const sayMapping = (uuid: string): LambdaEdit => ({
  kind: 'said',
  of: 'mapping',
  key: uuid,
  value: mappingOf(uuid),
});

test('a mapping begins with its cursors in one commit, and goes with all that is of it', async () => {
  const engine = openMemoryLog(new TestClock());
  const journal = await openLambdaJournal(engine);
  await journal.commit(() => [sayMapping('m'), say('m/s/0', [7]), say('m/s/1', [9], { isFinished: true })]);
  await journal.commit(() => [sayMapping('mm'), say('mm/s/0', [1])]);
  await journal.commit((state) => editsOfFailure(state, state.get('mapping', 'm')!, failureOf()));
  assert.equal(journal.state.get('mapping', 'm')?.nextFailure, 1);
  await assert.rejects(
    journal.commit(() => [{ kind: 'forgotten', of: 'mapping', key: 'm' }]),
    { message: 'a mapping goes with its cursors' },
  );
  await journal.commit((state) => editsOfMappingGone(state, 'm'));
  const { state } = await openLambdaJournal(engine);
  assert.deepEqual(
    [...state.entries('mapping')].map(([key]) => key),
    ['mm'],
  );
  assert.deepEqual(
    [...state.entries('cursor')].map(([key]) => key),
    ['mm/s/0'],
  );
  assert.deepEqual([...state.entries('failure')], []);
});

test('a cursor is of a mapping, and no mark of it goes back', async () => {
  const journal = await openLambdaJournal(openMemoryLog(new TestClock()));
  const key = cursorKeyOf('m', 's', 0);
  const refused = async (edit: LambdaEdit, message: string) => {
    await assert.rejects(
      journal.commit(() => [edit]),
      { name: 'AssertionError', message },
    );
  };
  await refused(say(key, [0]), 'a cursor is of a mapping');
  await journal.commit(() => [sayMapping('m'), say(key, [4, 6])]);
  await refused(say(key, [5, 5]), 'marks do not go back');
  // In other lanes are other records.
  await refused(say(key, [5]), 'marks do not go back');
  await refused(say(key, [6, 6, 5]), 'marks do not go back');
  await refused(say(key, []), 'a shard has a lane at least');
  await refused(say(key, [6, Number.NaN]), 'a mark is an offset');
  await refused(
    say(key, [6, 6], { windows: { 2: { start: 0, end: 1, state: '{}' } } }),
    'a window is of a lane',
  );
  await journal.commit(() => [say(key, [5, 6])]);
  await journal.commit(() => [say(key, [6, 6, 6])]);
  await journal.commit(() => [say(key, [8, 8, 8], { isFinished: true })]);
  await refused(say(key, [8, 8, 8]), 'a shard that is finished stays so');
});

test('a function goes with its versions and aliases, and another one whose name begins so does not', async () => {
  const journal = await openLambdaJournal(openMemoryLog(new TestClock()));
  const alias: AliasRecord = { name: 'live', version: '1', description: '', revision: 'r', weights: {} };
  const edits = ['f', 'f2'].flatMap((name): LambdaEdit[] => {
    const value = functionOf(name);
    const key = functionKeyOf(value);
    return [
      {
        kind: 'said',
        of: 'version',
        key: `${key}:1`,
        value: { ...value, version: 1, publishedDescription: '' },
      },
      { kind: 'said', of: 'alias', key: `${key}:live`, value: alias },
      { kind: 'said', of: 'function', key, value },
    ];
  });
  await assert.rejects(
    journal.commit(() => edits.slice(0, 2)),
    { message: 'a version or an alias is of a function' },
  );
  await journal.commit(() => edits);
  const key = functionKeyOf(functionOf('f'));
  await assert.rejects(
    journal.commit(() => [{ kind: 'forgotten', of: 'function', key }]),
    { message: 'a function goes with its versions and aliases' },
  );
  await journal.commit((state) => editsOfFunctionGone(state, functionOf('f')));
  for (const kind of ['function', 'version', 'alias'] as const) {
    assert.equal([...journal.state.entries(kind)].length, 1, kind);
  }
});

test('of the failures of a mapping the latest are listed, and fewer where there is no room', async () => {
  const journal = await openLambdaJournal(openMemoryLog(new TestClock()));
  await journal.commit(() => [
    { kind: 'said', of: 'mapping', key: 'm', value: mappingOf('m', { nextFailure: 5000 }) },
    ...Array.from({ length: failuresMax }, (_, index): LambdaEdit => {
      return { kind: 'said', of: 'failure', key: failureKeyOf('m', 4000 + index), value: failureOf() };
    }),
  ]);
  const numbers = () => [...journal.state.within('failure', 'm/')].map(([key]) => Number(key.slice(2)));
  const add = (bytesMax?: number) =>
    journal.commit((state) => editsOfFailure(state, state.get('mapping', 'm')!, failureOf(), bytesMax));
  await add();
  assert.deepEqual([numbers().length, numbers()[0], numbers().at(-1)], [failuresMax, 4001, 5000]);
  await add(1000);
  assert.deepEqual([numbers().length, numbers()[0], numbers().at(-1)], [failuresMax - 2, 4004, 5001]);
  await journal.commit((state) => {
    const mapping = state.get('mapping', 'm')!;
    return [0, 1, 2].flatMap((nth) => {
      const next = { ...mapping, nextFailure: mapping.nextFailure + nth };
      return editsOfFailure(state, next, failureOf(), 1000);
    });
  });
  assert.deepEqual([numbers().length, numbers()[0], numbers().at(-1)], [failuresMax - 6, 4011, 5004]);
});

test('a full server takes no new function, and its mappings go on', async () => {
  const journal = await openLambdaJournal(openMemoryLog(new TestClock()), { bytesMax: 1000 });
  await journal.commit(() => [sayMapping('m')]);
  const value = functionOf('f', { description: 'x'.repeat(400) });
  await assert.rejects(
    journal.commit(() => [{ kind: 'said', of: 'function', key: functionKeyOf(value), value }]),
    {
      name: 'InvalidParameterValueException',
      status: 400,
      message: /^This server has room for 1000 bytes of functions and mappings\. It has \d+, /,
    },
  );
  await journal.commit(() => [
    say(
      'm/s/0',
      Array.from({ length: 100 }, () => 1_000_000),
    ),
  ]);
  await journal.commit((state) => editsOfFailure(state, state.get('mapping', 'm')!, failureOf()));
  assert.ok(journal.state.bytes > 1000);
});

test('what another process has written shows, and a kind of a newer program stops the journal', async () => {
  const engine = Object.assign(openMemoryLog(new TestClock()), { writer: 'one' });
  const journal = await openLambdaJournal(engine);
  const panicked = Promise.withResolvers<unknown>();
  const panic = (_: string, error: unknown) => panicked.resolve(error);
  await using _following = followJournal(journal, engine, lambdaKey, { clock: new TestClock(), panic });
  const other = await openLambdaJournal(engine);
  const changed = journal.changed(AbortSignal.timeout(60_000));
  await other.commit(() => [sayMapping('m')]);
  await changed;
  assert.equal(journal.state.get('mapping', 'm')?.uuid, 'm');
  const text = '{"format":1,"after":1,"edits":[{"kind":"said","of":"delivery","key":"d","value":1}]}';
  await engine.append(lambdaKey, encodeBatch([{ partitionKey: undefined, data: Buffer.from(text) }]));
  assert.ok((await panicked.promise) instanceof NewerFormatError);
  await assert.rejects(journal.current(), NewerFormatError);
  await assert.rejects(openLambdaJournal(engine), /a fact of the kind delivery/);
});
