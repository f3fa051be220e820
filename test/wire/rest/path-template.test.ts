import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareTemplates, matchPath, pathTemplate } from '../../../src/wire/rest/path-template.ts';

// The tables of smithy.io, "HTTP bindings", "uri".
const matches: [template: string, path: string, labels: Record<string, string> | undefined][] = [
  ['/my/uri/path', '/my/uri/path', {}],
  ['/my/uri/path', '/my/uri/path/', {}],
  ['/my/uri/path', '/my/uri', undefined],
  ['/my/uri/path', '/my/uri/other', undefined],
  ['/my/uri/path', '/my/uri/path/other', undefined],
  ['/my/uri/{label}', '/my/uri/foo', { label: 'foo' }],
  ['/my/uri/{label}', '/my/uri/foo/', { label: 'foo' }],
  ['/my/uri/{label}', '/my/uri', undefined],
  ['/my/uri/{label}', '/my/uri/', undefined],
  ['/my/uri/{label}', '/my/uri//', undefined],
  ['/my/uri/{label}', '/my/uri/foo/bar', undefined],
  ['/my/uri/{label1}/{label2}', '/my/uri/foo/bar', { label1: 'foo', label2: 'bar' }],
  ['/my/uri/{label1}/{label2}', '/my/uri/foo', undefined],
  ['/my/uri/{label+}', '/my/uri/foo/bar', { label: 'foo/bar' }],
  ['/my/uri/{label+}', '/my/uri/bar/baz/', { label: 'bar/baz' }],
  ['/my/uri/{label+}', '/my/uri', undefined],
  ['/{label+}', '/a', { label: 'a' }],
  ['/prefix/{label+}/suffix', '/prefix/foo/suffix', { label: 'foo' }],
  ['/prefix/{label+}/suffix', '/prefix/foo/suffix/bar/suffix', { label: 'foo/suffix/bar' }],
  ['/prefix/{label+}/suffix', '/prefix/foo/bar', undefined],
  ['/prefix/{label+}/suffix', '/foo/bar/suffix', undefined],
  ['/prefix/{label+}/suffix', '/prefix/suffix', undefined],
  ['/', '/', {}],
  ['/', '', undefined],
  ['/{label+}', '/x'.repeat(65), undefined],
];

for (const [template, path, labels] of matches) {
  test(`'${path.slice(0, 40)}' is ${labels === undefined ? 'none' : 'one'} of ${template}`, () => {
    assert.deepEqual(matchPath(pathTemplate(template), path), labels);
  });
}

test('the most specific of several templates comes first', () => {
  const inOrder = ['/a/b/c', '/a/b', '/a/{x}/c', '/a/{x}', '/a/{x+}/c', '/a/{x+}', '/{x}/b', '/{x+}'];
  const sorted = inOrder.toReversed().map((text) => ({ text, template: pathTemplate(text) }));
  sorted.sort((left, right) => compareTemplates(left.template, right.template));
  assert.deepEqual(
    sorted.map(({ text }) => text),
    inOrder,
  );
});
