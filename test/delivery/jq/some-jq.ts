import fc from 'fast-check';

/** Documents of the kind that queries are asked of: keys and texts from a few, so that programs find them. */
export const documents: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(null, true, false, '', 'a', 'b', 'ab', 'Zürich', '12', '3.5', '😀x'),
    fc.integer({ min: -5, max: 20 }),
    fc.constantFrom(0.5, -2.5, 1_565_382_027),
    fc.array(tie('value'), { maxLength: 4 }),
    tie('object'),
  ),
  object: fc.dictionary(fc.constantFrom('a', 'b', 'c', 'key', 'value'), tie('value'), { maxKeys: 4 }),
})).value;

const namesOfFunctions = [
  ...['length', 'keys', 'keys_unsorted', 'add', 'not', 'type', 'tostring', 'tonumber', 'tojson', 'fromjson'],
  ...[
    'ascii_downcase',
    'ascii_upcase',
    'explode',
    'floor',
    'ceil',
    'round',
    'fabs',
    'reverse',
    'sort',
    'unique',
  ],
  ...[
    'min',
    'max',
    'first',
    'last',
    'to_entries',
    'flatten',
    'any',
    'all',
    'values',
    'nulls',
    'strings',
    'numbers',
  ],
  ...['scalars', 'iterables', 'arrays', 'objects', 'booleans', 'empty', 'error', 'utf8bytelength', 'gmtime'],
  ...['todate', '@base64', '@json', '@text', 'recurse'],
];

const dateFormats = [
  '%Y',
  '%m',
  '%d',
  '%H',
  '%Y-%m-%dT%H:%M:%SZ',
  '%j',
  '%a %A %b %B',
  '%e %u %w',
  '%y %C %p %I',
  '%F %T %R',
];

/** Programs in the subset, with and without parentheses, so that what binds stronger is seen as well. */
export const programs: fc.Arbitrary<string> = fc.letrec<Record<'term' | 'program', string>>((tie) => {
  const { term, program } = { term: tie('term'), program: tie('program') };
  function text(parts: TemplateStringsArray, ...holes: fc.Arbitrary<string>[]): fc.Arbitrary<string> {
    return fc.tuple(...holes).map((filled) => parts.reduce((all, part, at) => all + filled[at - 1]! + part));
  }
  return {
    term: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom(
        '.',
        '.a',
        '.b',
        '.c',
        '.a.b',
        '.a?',
        '.["b"]',
        '.[0]?',
        '.[-1]?',
        '..',
        '.[]?',
        '."key"',
      ),
      fc.constantFrom(
        '1',
        '0',
        '(-3)',
        '2.5',
        '"a"',
        '"b"',
        '"x-y"',
        'null',
        'true',
        'false',
        '[]',
        '{}',
        '$v',
      ),
      fc.constantFrom(...namesOfFunctions),
      fc.constantFrom('.[1:]?', '.[:2]?', '.a[0:2]?', '.[-2:-1]?'),
      text`(${program})`,
      text`(${program})`,
      text`[${program}]`,
      text`{a: ${term}, ("b","c"): ${term}}`,
      text`{a, key: (${program}), "b": ${term} | ${term}}`,
      text`"${fc.constantFrom('', 'p-')}\\(${program})-\\(${term})"`,
      text`${fc.constantFrom('map', 'select', 'any', 'all', 'first', 'last', 'sort_by', 'group_by')}(${program})`,
      text`([.[]?] | ${fc.constantFrom('unique_by', 'min_by', 'max_by')}(${term}))`,
      text`(objects | with_entries({key, value: ${term}}))`,
      text`${fc.constantFrom('has', 'contains', 'startswith', 'endswith', 'split', 'join')}(${term})`,
      text`${fc.constantFrom('ltrimstr', 'rtrimstr', 'inside', 'flatten', 'in', 'error')}(${term})`,
      text`strftime(${fc.constantFrom(...dateFormats.map((format) => `"${format}"`))})`,
      text`(if ${program} then ${program} elif ${term} then 1 else ${program} end)`,
      text`(reduce ${term} as $x (${fc.constantFrom('0', '.', 'null')}; [., $x]))`,
      text`(try ${term} catch "caught")`,
      text`(${term} as $v | ${program})`,
    ),
    program: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      term,
      text`${term} | ${program}`,
      text`${term}, ${term}`,
      text`${term} ${fc.constantFrom('+', '-', '/', '%', '==', '!=', '<', '<=', '>', '>=', '//')} ${term}`,
      text`${term} ${fc.constantFrom('+', '-', '//', 'and', 'or')} ${term} ${fc.constantFrom('+', '-', '//', 'and', 'or', '==')} ${term}`,
      text`-${term}`,
    ),
  };
}).program;
