import assert from 'node:assert/strict';
import { test } from 'node:test';
import { troubleOfTemplate } from '../../../../src/services/kinesis/parts/key-template.ts';

const known = { channelName: 'my-channel', channelId: 'a1b2', streamName: 'my-stream' };

/**
 * The examples of the developer guide, "S3 output key template for Amazon S3 delivery", and more of each
 * kind.
 */
const valid = [
  '!{channel-name}/!{yyyy}/!{MM}/!{dd}/!{HH}/records!{extension}',
  'data/stream=!{stream-name}/!{yyyy}-!{MM}-!{dd}/!{HH}!{mm}!{extension:.json}',
  'data/!{yyyy}/!{MM}/!{dd}/!{HH}/!{extension}',
  "it's/(a)*_b!/!{yy}!{extension:.json.gz}",
];

const invalid: readonly (readonly [template: string, trouble: RegExp])[] = [
  ['/data/!{channel-name}!{extension}', /begins with a slash/],
  ['data/../!{channel-name}!{extension}', /consecutive periods/],
  ['data/./!{channel-name}!{extension}', /folder that is a period/],
  ['data//!{channel-name}!{extension}', /consecutive slashes/],
  ['!{channel-name}!{extension}/!{yyyy}', /at its end/],
  ['!{extension}!{extension}', /at its end/],
  ['data/!{partition-id}!{extension}', /!\{partition-id\} is not a variable/],
  ['data/!{YY}!{extension}', /!\{YY\} is not a variable/],
  ['data/!{yyyy:x}!{extension}', /!\{yyyy:x\} is not a variable/],
  ['data/!{channel-name}', /needs an extension/],
  ['data/!{channel-name}/!{yyyy', /not closed/],
  ['data/{yyyy}!{extension}', /not closed/],
  ['data/a:b!{extension}', /not closed/],
  ['data/!{extension:json}', /begin with a period/],
  ['data/!{extension:.JSON}', /only lowercase/],
  [`${'d'.repeat(983)}!{extension}`, /more than 986 characters/],
];

test('templates of keys are what the developer guide says', () => {
  for (const template of valid) assert.equal(troubleOfTemplate(template, known, true), undefined, template);
  for (const [template, trouble] of invalid) {
    assert.match(String(troubleOfTemplate(template, known, true)), trouble, template);
  }
});

test('without compression a template needs no extension, and what it comes to counts', () => {
  assert.equal(troubleOfTemplate('!{channel-name}/!{channel-id}', known, false), undefined);
  const long = { ...known, channelName: 'n'.repeat(128) };
  const template = '!{channel-name}/'.repeat(7);
  assert.equal(troubleOfTemplate(template, long, false), undefined);
  assert.match(String(troubleOfTemplate(`${template}${template}`, long, false)), /more than 986/);
});

test('names of a channel and of its stream make no folders that a template may not have', () => {
  const odd = { ...known, streamName: '..' };
  assert.match(String(troubleOfTemplate('data/!{stream-name}/x', odd, false)), /consecutive periods/);
});
