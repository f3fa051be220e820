import { strict as assert } from 'node:assert';
import { factMachine } from '../../../journal/fact-machine.ts';
import type { FactsState } from '../../../journal/held-facts.ts';
import type { StateMachine } from '../../../journal/state-machine.ts';
import { ServiceError } from '../../../wire/service-error.ts';
import type { Cursor, LambdaEdit, LambdaKinds, LambdaState, MappingRecord } from './lambda-state.ts';

/** Of all but zips and failed records, in bytes of JSON. This limit is ours: all of it is in memory. */
export const stateBytesMax = 64 * 1024 * 1024;

/** What Lambda keeps as a state that is replayed from a log. */
export function lambdaMachine(bytesMax = stateBytesMax): StateMachine<FactsState<LambdaKinds>, LambdaEdit> {
  return factMachine<LambdaKinds>({
    name: 'functions and mappings',
    kinds: {
      function: true,
      version: true,
      alias: true,
      mapping: true,
      cursor: true,
      failure: true,
      code: true,
    },
    room: {
      bytesMax,
      isExempt,
      refusal: (message) => new ServiceError('InvalidParameterValueException', message),
    },
    requireSound,
  });
}

/** A mapping that there is goes on, however full it is: it changes its state, and notes how far it came. */
function isExempt({ of, key }: LambdaEdit, before: LambdaState): boolean {
  if (of === 'cursor' || of === 'failure' || of === 'code') return true;
  return of === 'mapping' && before.get('mapping', key) !== undefined;
}

function requireSound(before: LambdaState, after: LambdaState, edits: readonly LambdaEdit[]): void {
  for (const edit of edits) requireSoundAt(edit, before, after);
}

function requireSoundAt(edit: LambdaEdit, before: LambdaState, after: LambdaState): void {
  const { of, key } = edit;
  switch (of) {
    case 'function': {
      if (after.get(of, key) !== undefined) return;
      const left = [after.within('version', `${key}:`), after.within('alias', `${key}:`)];
      assert(left.every(isEmpty), 'a function goes with its versions and aliases');
      return;
    }
    case 'version':
    case 'alias': {
      if (after.get(of, key) === undefined) return;
      const ofFunction = after.get('function', key.slice(0, key.lastIndexOf(':')));
      assert(ofFunction !== undefined, 'a version or an alias is of a function');
      return;
    }
    case 'mapping':
      requireMapping(before.get(of, key), after.get(of, key));
      if (after.get(of, key) !== undefined) return;
      assert(isEmpty(after.within('cursor', `${key}/`)), 'a mapping goes with its cursors');
      assert(isEmpty(after.within('failure', `${key}/`)), 'a mapping goes with its failures');
      return;
    case 'cursor':
      if (after.get(of, key) === undefined) return;
      assert(after.get('mapping', mappingIn(key)) !== undefined, 'a cursor is of a mapping');
      requireCursor(before.get(of, key), after.get(of, key)!);
      return;
    case 'failure': {
      if (after.get(of, key) === undefined) return;
      const mapping = after.get('mapping', mappingIn(key));
      assert(mapping !== undefined, 'a failure is of a mapping');
      assert(
        Number(key.slice(key.indexOf('/') + 1)) < mapping.nextFailure,
        'failures have numbers that were given',
      );
      return;
    }
    case 'code':
  }
}

function requireMapping(before: MappingRecord | undefined, after: MappingRecord | undefined): void {
  if (before === undefined || after === undefined) return;
  assert(after.nextFailure >= before.nextFailure, 'the numbers of failures go up');
  assert(after.source === before.source, 'a mapping stays with its source');
  assert(
    before.state !== 'Deleting' || after.state === 'Deleting',
    'what is being deleted does not come back',
  );
}

/** What was done is never run again: neither in a lane, nor where the lanes are other ones. */
function requireCursor(before: Cursor | undefined, { marks, isFinished, windows = {} }: Cursor): void {
  assert(marks.length > 0, 'a shard has a lane at least');
  assert(
    marks.every((mark) => Number.isSafeInteger(mark) && mark >= 0),
    'a mark is an offset',
  );
  assert(
    Object.keys(windows).every((lane) => Number(lane) < marks.length),
    'a window is of a lane',
  );
  if (before === undefined) return;
  assert(before.isFinished !== true || isFinished === true, 'a shard that is finished stays so');
  const highest = Math.max(...before.marks);
  const isBack = (mark: number, lane: number) =>
    mark < (marks.length === before.marks.length ? before.marks[lane]! : highest);
  assert(!marks.some(isBack), 'marks do not go back');
}

/** The mapping's UUID in the key of a cursor or of a failure. */
export function mappingIn(key: string): string {
  return key.slice(0, key.indexOf('/'));
}

function isEmpty(all: Iterable<unknown>): boolean {
  for (const _ of all) return false;
  return true;
}
