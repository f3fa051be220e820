import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileDatePattern } from '../../../src/delivery/names/date-pattern.ts';
import type { NameContext } from '../../../src/delivery/names/name-context.ts';
import { namesOf } from '../../../src/delivery/names/object-names.ts';
import { patternsByJava } from './patterns-by-java.ts';

const context: NameContext = {
  owner: { name: 'logs', number: '3' },
  streamName: 'flights',
  oldest: Date.UTC(2018, 7, 27, 10, 30, 5, 678),
  random: '5f',
  index: 0,
  extension: '.gz',
};

test('a prefix without expressions gets the hour behind it, and errors get their type before that', () => {
  assert.match(nameOf(''), /^2018\/08\/27\/10\/logs-3-2018-08-27-10-30-05-[0-9a-f-]{36}\.gz$/);
  assert.match(nameOf('my'), /^my2018\/08\/27\/10\/logs-3-/);
  const failed = { ...context, errorType: 'processing-failed' } as const;
  assert.match(nameOf('my/', failed), /^my\/processing-failed\/2018\/08\/27\/10\/logs-3-/);
});

test('expressions are evaluated, and nothing is put behind them', () => {
  const prefix = "my/!{timestamp:yyyy'-}-'MM}/!{firehose:random-string}/!{firehose:random-string}/x";
  const [, first, second] =
    /^my\/2018-}-08\/([0-9A-Za-z]{11})\/([0-9A-Za-z]{11})\/xlogs-3-2018/.exec(nameOf(prefix)) ?? [];
  assert.ok(first !== undefined && second !== undefined && first !== second);
  const failed = { ...context, errorType: 'http-endpoint-failed' } as const;
  assert.match(nameOf('e/!{firehose:error-output-type}/', failed), /^e\/http-endpoint-failed\/logs-3-/);
});

test('partition keys are in the name, by where they come from', () => {
  const prefix = 'c=!{partitionKeyFromQuery:id}/d=!{partitionKeyFromLambda:id}/!{partitionKeyFromQuery:id}/';
  const names = namesOf({ kind: 'firehose', prefix, extension: undefined, timeZone: 'UTC' });
  assert.deepEqual(names.keys, [
    { from: 'query', name: 'id', times: 2 },
    { from: 'lambda', name: 'id', times: 1 },
  ]);
  assert.equal(names.keyBytesMax, 512 - 'c=/d=//'.length);
  const name = names.nameOf({ ...context, queryKeys: { id: 'q' }, partitionKeys: { id: 'l' } });
  assert.match(name, /^c=q\/d=l\/q\/logs-3-/);
});

test('a time zone, and an extension that is given, show in names; an empty one is none', () => {
  const tokyo = { kind: 'firehose', prefix: '', extension: '.json.gz', timeZone: 'Asia/Tokyo' } as const;
  assert.match(namesOf(tokyo).nameOf(context), /^2018\/08\/27\/19\/logs-3-2018-08-27-19-30-05-.*\.json\.gz$/);
  assert.match(namesOf({ ...tokyo, extension: '' }).nameOf(context), /[0-9a-f]\.gz$/);
});

test('the same context gives the same name, and another object or chunk another one', () => {
  for (const template of ['!{yyyy}/x', '!{yyyy}/x!{extension}', 'p/']) {
    const { nameOf } = namesOf({ kind: 'channel', template });
    const named = [context, { ...context, index: 1 }, { ...context, random: '60' }, context].map(nameOf);
    assert.equal(new Set(named).size, 3);
    assert.equal(named[0], named[3]);
  }
  for (const prefix of ['', '!{firehose:random-string}/']) {
    assert.notEqual(nameOf(prefix), nameOf(prefix, { ...context, index: 1 }));
    assert.notEqual(nameOf(prefix), nameOf(prefix, { ...context, random: '60' }));
    assert.equal(nameOf(prefix), nameOf(prefix));
  }
});

test('a channel names by its template, with a suffix that no other object has before the extension', () => {
  const template =
    'kinesis-channel/!{channel-name}/!{channel-id}/!{yyyy}/!{MM}/!{dd}/!{HH}/!{channel-name}-!{mm}!{extension}';
  const { nameOf } = namesOf({ kind: 'channel', template });
  assert.match(
    nameOf(context),
    /^kinesis-channel\/logs\/3\/2018\/08\/27\/10\/logs-30-000000-[0-9a-z]{11}\.gz$/,
  );
  const given = namesOf({ kind: 'channel', template: 'a/!{stream-name}-!{yy}!{extension:.json.gz}' });
  assert.match(given.nameOf(context), /^a\/flights-18-000000-[0-9a-z]{11}\.json\.gz$/);
  const errors = namesOf({ kind: 'channel', template: 'errors/logs/3/' });
  assert.match(errors.nameOf(context), /^errors\/logs\/3\/logs-3-000000-[0-9a-z]{11}\.gz$/);
});

test('what is no expression is refused when names are compiled', () => {
  for (const prefix of ['!{', '!{a}', '!{timestamp}', '!{timestamp:}', '!{firehose:x}', "!{timestamp:'}"]) {
    assert.throws(() => nameOf(prefix), { name: 'NamesError' }, prefix);
  }
  for (const prefix of [
    '!{timestamp:yyyy]}',
    '!{timestamp:t}',
    '!{partitionKeyFromQuery:}',
    '!{constructor:x}',
  ]) {
    assert.throws(() => nameOf(prefix), { name: 'NamesError' }, prefix);
  }
  assert.throws(() => nameOf('x'.repeat(513)), { name: 'NamesError' });
  assert.match(nameOf('x'.repeat(512)), /^x{512}2018/);
  for (const template of ['!{constructor}', '!{yyy}', 'a!{yyyy', '!{}']) {
    assert.throws(() => namesOf({ kind: 'channel', template }), { name: 'NamesError' }, template);
  }
  for (const timeZone of ['Mars/Olympus', '+09:00', 'EST', '', 'Asia/']) {
    assert.throws(() => namesOf({ kind: 'firehose', prefix: '', extension: undefined, timeZone }), {
      name: 'NamesError',
      message: `Invalid CustomTimeZone: ${timeZone}`,
    });
  }
});

test('patterns write what DateTimeFormatter of Java writes for them', () => {
  for (const [pattern, timeZone, at, text] of patternsByJava) {
    assert.equal(
      compileDatePattern(pattern, timeZone)(at * 1000),
      text,
      `${pattern} in ${timeZone} at ${at}`,
    );
  }
  assert.throws(() => compileDatePattern('z', 'Asia/Tokyo'), { name: 'NamesError' });
});

function nameOf(prefix: string, of: NameContext = context): string {
  return namesOf({ kind: 'firehose', prefix, extension: undefined, timeZone: 'UTC' }).nameOf(of);
}
