import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cbor } from '../../src/wire/cbor/cbor.ts';
import { json } from '../../src/wire/json/json.ts';
import { blob, boolean, list, map, required, string, structure } from '../../src/wire/shape.ts';

const letter = structure('Letter', {
  Sender: required(string({ min: 2, max: 5 })),
  Text: blob({ max: 3 }),
  Postcode: string({ pattern: '\\d{3}' }),
  Kind: string({ values: ['PRIVATE'] }),
  Copies: list(string(), { max: 2 }),
});
const bag = structure('Bag', {
  Name: string({ max: 4 }),
  Letters: required(list(letter, { min: 2, max: 3 })),
  Note: string(),
  IsFull: boolean(),
  Tags: map(string()),
});

const scans = [json, cbor].map((codec) => ({ codec, one: codec.scanner(letter), many: codec.scanner(bag) }));
const text = (value: string) => Buffer.from(value);

/** What a scan finds of a structure: its values as texts, as they stand in the body. */
function valuesOf(
  body: Buffer,
  rows: { readonly count: number; readonly spans: Int32Array; readonly width: number },
  columns: Readonly<Record<string, number>>,
): Record<string, string | undefined>[] {
  return Array.from({ length: rows.count }, (_, row) =>
    Object.fromEntries(
      Object.entries(columns).map(([name, column]) => {
        const [start, end] = rows.spans.subarray(row * rows.width + column);
        return [name, start === -1 ? undefined : body.toString('latin1', start, end)];
      }),
    ),
  );
}

for (const { codec, one, many } of scans) {
  test(`the strings and blobs of a structure are found where they are (${codec.contentType})`, () => {
    const body = codec.encode({ Text: text('abc'), Sender: 'Ann', Postcode: '123' }, letter);
    const { reader, own } = one(body)!;
    const columns = {
      Sender: own.columnAt('Sender'),
      Text: own.columnAt('Text'),
      Postcode: own.columnAt('Postcode'),
    };
    const [found] = valuesOf(body, own, columns);
    assert.deepEqual([found!.Sender, found!.Postcode], ['Ann', '123']);
    const [start, end, dataBytes] = own.spans.subarray(columns.Text);
    const written = Buffer.alloc(dataBytes!);
    assert.ok(reader.writeData(start!, end!, written, 0, dataBytes!));
    assert.equal(String(written), 'abc');
  });

  test(`the structures of a list are rows, in which absent members are absent (${codec.contentType})`, () => {
    const letters = [{ Sender: 'Ann' }, { Sender: 'Bob', Postcode: '000' }, { Sender: 'Carol' }];
    const body = codec.encode({ Name: 'bag', Letters: letters }, bag);
    const { own, items } = many(body)!;
    assert.deepEqual(valuesOf(body, own, { Name: own.columnAt('Name'), Note: own.columnAt('Note') }), [
      { Name: 'bag', Note: undefined },
    ]);
    const columns = { Sender: items.columnAt('Sender'), Postcode: items.columnAt('Postcode') };
    assert.deepEqual(
      valuesOf(body, items, columns),
      letters.map((letter) => ({ Postcode: undefined, ...letter })),
    );
  });

  test(`a body in which a constraint of the shape is broken is not plain (${codec.contentType})`, () => {
    const good = { Sender: 'Ann' };
    const letters = {
      'nothing that is required': { Text: text('a') },
      'too short a string': { Sender: 'A' },
      'too long a string': { Sender: 'Anneke' },
      'too large a blob': { ...good, Text: text('abcd') },
      'a string against its pattern': { ...good, Postcode: '12' },
      'a string longer than its pattern': { ...good, Postcode: '1234' },
    };
    const loose = structure('Letter', { Sender: string(), Text: blob(), Postcode: string() });
    const looseBag = structure('Bag', { Letters: list(loose) });
    assert.notEqual(one(codec.encode(good, loose)), undefined);
    assert.notEqual(many(codec.encode({ Letters: [good, good] }, looseBag)), undefined);
    for (const [what, odd] of Object.entries(letters)) {
      assert.equal(one(codec.encode(odd, loose)), undefined, what);
      assert.equal(many(codec.encode({ Letters: [good, odd] }, looseBag)), undefined, what);
    }
    for (const count of [0, 1, 4]) {
      const Letters = Array.from({ length: count }, () => good);
      assert.equal(many(codec.encode({ Letters }, looseBag)), undefined, `${count} letters`);
    }
  });

  test(`members of other kinds, and unknown ones, are not plain (${codec.contentType})`, () => {
    const loose = structure('Letter', {
      Sender: string(),
      Kind: string(),
      Copies: list(string()),
      Else: string(),
    });
    const odd = [{ Kind: 'PRIVATE' }, { Copies: ['a'] }, { Else: 'a' }];
    for (const members of odd) {
      assert.equal(
        one(codec.encode({ Sender: 'Ann', ...members }, loose)),
        undefined,
        JSON.stringify(members),
      );
    }
    const Letters = [{ Sender: 'Ann' }, { Sender: 'Bob' }];
    assert.equal(many(codec.encode({ Letters, IsFull: true }, bag)), undefined);
    assert.equal(many(codec.encode({ Letters, Tags: { a: 'b' } }, bag)), undefined);
  });

  test(`a string that no shape limits is plain up to 2,048 characters (${codec.contentType})`, () => {
    const bodyOf = (characters: number) =>
      codec.encode({ Letters: [{ Sender: 'Ann' }, { Sender: 'Bob' }], Note: 'n'.repeat(characters) }, bag);
    assert.notEqual(many(bodyOf(2048)), undefined);
    assert.equal(many(bodyOf(2049)), undefined);
  });

  test(`an empty string is plain where its shape allows it (${codec.contentType})`, () => {
    const anything = structure('Anything', { Text: string() });
    assert.notEqual(codec.scanner(anything)(codec.encode({ Text: '' }, anything)), undefined);
  });
}

test('a shape that requires what is never plain has no scanner', () => {
  const odd = structure('Odd', { IsFull: required(boolean()) });
  assert.throws(() => json.scanner(odd), { code: 'ERR_ASSERTION' });
});

test('a name without a colon is no name in JSON, whatever name stands after it', () => {
  const scan = json.scanner(letter);
  assert.notEqual(scan(text('{"Sender":"Ann"}')), undefined);
  for (const body of [
    '{"Text""Sender":"Ann"}',
    '{"Sender""Sender":"Ann"}',
    '{"Sender" "Text":"","Sender":"Ann"}',
  ]) {
    assert.equal(scan(text(body)), undefined, body);
    assert.equal(json.wellFormed(text(body)), false, body);
  }
});
