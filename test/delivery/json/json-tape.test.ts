import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { JsonError } from '../../../src/delivery/json/json-error.ts';
import { JsonKind, JsonTape, jsonDepthMax } from '../../../src/delivery/json/json-tape.ts';

/** All values of a text, as JSON.parse makes them; undefined where the tape says that it is no JSON. */
function readAll(text: string): unknown[] | undefined {
  const tape = new JsonTape();
  const values: unknown[] = [];
  try {
    tape.begin(Buffer.from(text));
    while (tape.next()) values.push(valueAt(tape, 0));
  } catch (error) {
    if (error instanceof JsonError) return undefined;
    throw error;
  }
  return values;
}

function valueAt(tape: JsonTape, index: number): unknown {
  switch (tape.kind(index)) {
    case JsonKind.object: {
      const members: [string, unknown][] = [];
      for (let key = index + 1; key < tape.after(index); key = tape.after(key + 1)) {
        members.push([tape.text(key), valueAt(tape, key + 1)]);
      }
      return Object.fromEntries(members);
    }
    case JsonKind.array: {
      const entries: unknown[] = [];
      for (let entry = index + 1; entry < tape.after(index); entry = tape.after(entry)) {
        entries.push(valueAt(tape, entry));
      }
      return entries;
    }
    case JsonKind.plainString:
    case JsonKind.escapedString:
      return tape.text(index);
    default:
      return JSON.parse(tape.text(index));
  }
}

function parsed(text: string): unknown[] | undefined {
  try {
    return [JSON.parse(text)];
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const anyJson = fc.json({ stringUnit: 'grapheme', maxDepth: 4 });

test('the tape of a text has what JSON.parse makes of it', () => {
  fc.assert(
    fc.property(fc.tuple(anyJson, fc.constantFrom(undefined, 1, '\t')), ([text, space]) => {
      const spaced = JSON.stringify(JSON.parse(text), undefined, space);
      assert.deepEqual(readAll(spaced), parsed(spaced));
    }),
  );
});

test('a text that was spoilt is JSON to the tape exactly if it is to JSON.parse', () => {
  const spoilt = fc
    .tuple(anyJson, fc.nat(), fc.constantFrom(...'{}[]",:\\0-.eEu9tn \u0001'))
    .map(([text, at, by]) =>
      `${text.slice(0, at % text.length)}${by}${text.slice((at % text.length) + 1)}`.toWellFormed(),
    )
    // Two texts in a row are two values to the tape, and an error to JSON.parse.
    .filter((text) => (readAll(text)?.length ?? 1) === 1);
  fc.assert(fc.property(spoilt, (text) => assert.deepEqual(readAll(text), parsed(text))));
});

test('texts follow each other with blanks or without, after a byte order mark or none', () => {
  assert.deepEqual(readAll('\ufeff{"a":1}[2] "x"null\n'), [{ a: 1 }, [2], 'x', null]);
  assert.deepEqual(readAll(''), []);
});

test('nesting is read as deep as the limit, and no deeper', () => {
  const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
  assert.notEqual(readAll(nested(jsonDepthMax)), undefined);
  assert.equal(readAll(nested(jsonDepthMax + 1)), undefined);
});
