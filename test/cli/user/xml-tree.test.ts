import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { below, textBelow, xmlTree } from '../../../src/cli/user/xml-tree.ts';
import { element, xmlText } from '../../../src/wire/query/xml.ts';

test('an answer is read as it was written', () => {
  const tree = xmlTree(
    '<?xml version="1.0"?>\n<R xmlns="https://x/"><A><member>1 &lt;&#xD;&#38;&quot;</member><member/></A><B></B></R>\n',
  );
  assert.deepEqual(
    below(tree, 'A')?.children.map(({ text }) => text),
    ['1 <\r&"', ''],
  );
  assert.equal(textBelow(tree, 'A', 'member'), '1 <\r&"');
  assert.deepEqual([textBelow(tree, 'B'), textBelow(tree, 'C', 'D'), below(tree, 'C')], ['', '', undefined]);
});

test('every text that a server writes comes back', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const sayable = text.replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd');
      assert.equal(textBelow(xmlTree(element('a', element('b', xmlText(text)))), 'b'), sayable);
    }),
  );
});

test('what is not well-formed is not read', () => {
  for (const text of [
    '',
    'text',
    '<a>',
    '</a>',
    '<a></b>',
    '<a/><b/>',
    '<a><!-- b --></a>',
    '<a><![CDATA[b]]></a>',
    '<a><b></a></b>',
    '{"a":1}',
  ]) {
    assert.equal(xmlTree(text), undefined, text);
  }
});
