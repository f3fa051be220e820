import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { xmlOf, xmlText } from '../../../src/wire/query/xml.ts';
import * as s from '../../../src/wire/shape.ts';

test('members, lists, maps and unions are elements, as the protocol names them', () => {
  const output = s.structure('Output', {
    Text: s.string(),
    Count: s.integer(),
    Value: s.double(),
    On: s.boolean(),
    At: s.timestamp(),
    Data: s.blob(),
    Absent: s.string(),
    List: s.list(s.structure('Item', { Name: s.string() })),
    Map: s.map(s.list(s.string())),
    Union: s.union('Union', { A: s.string(), B: s.string() }),
  });
  const value = {
    Text: 'a <b> & "c"',
    Count: -3,
    Value: Number.NaN,
    On: false,
    At: 1_422_172_800_000,
    Data: Buffer.from('hi'),
    Absent: undefined,
    List: [{ Name: 'x' }, { Name: '' }],
    Map: { 'k&': ['v'] },
    Union: { B: 'b' },
  };
  assert.equal(
    xmlOf(output, value),
    '<Text>a &lt;b&gt; &amp; &quot;c&quot;</Text><Count>-3</Count><Value>NaN</Value><On>false</On>' +
      '<At>2015-01-25T08:00:00Z</At><Data>aGk=</Data>' +
      '<List><member><Name>x</Name></member><member><Name></Name></member></List>' +
      '<Map><entry><key>k&amp;</key><value><member>v</member></value></entry></Map>' +
      '<Union><B>b</B></Union>',
  );
});

test('any text is well-formed XML, and the same text where XML can say it', () => {
  const named: Record<string, string> = {
    '&amp;': '&',
    '&lt;': '<',
    '&gt;': '>',
    '&quot;': '"',
    '&#xD;': '\r',
  };
  const special = [...'<>&"\'\r\n\t\0 a]é', '\u{1f600}', '\ud800', '\udfff', '\ufffe', '\uffff', '\x7f'];
  const unit = fc.oneof(
    fc.constantFrom(...special),
    fc.integer({ max: 0xffff, min: 0 }).map((code) => String.fromCharCode(code)),
  );
  const anyText = fc.array(unit).map((units) => units.join(''));
  fc.assert(
    fc.property(anyText, (text) => {
      const xml = xmlText(text);
      // XML 1.0 (fifth edition) §2.2, production 2, and §2.4.
      assert.match(
        xml,
        /^(?:[\t\n\u0020-%'-;=?-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]|&(?:amp|lt|gt|quot|#xD);)*$/u,
      );
      const back = xml.replace(/&[^;]+;/g, (reference) => named[reference]!);
      for (let at = 0; at < text.length; at++) {
        if (back[at] !== '\ufffd') assert.equal(back[at], text[at]);
      }
      assert.equal(back.length, text.length);
    }),
    { numRuns: 500 },
  );
});
