import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jsonText, printable } from '../../src/cli/answer-text.ts';
import { table } from '../../src/cli/table.ts';
import { recordJson, recordLine } from '../../src/cli/tail/record-line.ts';
import { jsonRecord } from '../views/records.ts';

/** Clears a screen, sets a title, in C1 and in C0; turns the order of letters. */
const hostile = 'a\x1b[2J\x1b]0;title\x07\x9b2J\x7f\u2028\u202egnp.exe\u2066\u200f';
// biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is looked for
const moves = /[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/;

test('nothing that a server or a record says moves the terminal, in lines, tables and JSON', () => {
  const record = jsonRecord({ [hostile]: hostile }, { partitionKey: hostile });
  const texts = [
    printable(hostile),
    jsonText({ [hostile]: hostile }, 2),
    table([{ head: 'NAME' }, { head: 'BY' }], [[hostile, { text: hostile, style: 'red' }]], {
      hasColours: false,
    }),
    recordLine(record, false),
    recordJson(record),
  ];
  for (const text of texts) assert.doesNotMatch(text, moves);
  assert.deepEqual(JSON.parse(texts[1]!), { [hostile]: hostile });
  assert.equal(JSON.parse(texts.at(-1)!).partitionKey, hostile);
});
