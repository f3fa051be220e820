import assert from 'node:assert/strict';
import { test } from 'node:test';
import { queryForm } from '../../../console/api/query-form.ts';
import { members, readXml } from '../../../console/api/xml.ts';

test('an answer of IAM is read as its elements say', () => {
  const document = `<?xml version="1.0"?>
    <ListUsersResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/">
      <ListUsersResult>
        <Users>
          <member><UserName>a&lt;b&gt;&amp;&#39;&#x41;&apos;&quot;</UserName><Tags/></member>
          <member><UserName> </UserName></member>
        </Users>
        <Groups></Groups>
        <IsTruncated>false</IsTruncated>
      </ListUsersResult>
    </ListUsersResponse>`;
  assert.deepEqual(readXml(document), {
    name: 'ListUsersResponse',
    value: {
      ListUsersResult: {
        Users: [{ UserName: `a<b>&'A'"`, Tags: '' }, { UserName: ' ' }],
        Groups: '',
        IsTruncated: 'false',
      },
    },
  });
});

test('what is no XML is said to be none', () => {
  for (const text of ['', 'nothing', '<a>', '<a><b></a></b>', '</a>', '{"a": 1}']) {
    assert.throws(() => readXml(text), SyntaxError, text);
  }
});

test('a list may be empty or absent', () => {
  assert.deepEqual([members(''), members(undefined), members(['a'])], [[], [], ['a']]);
});

test('lists and structures are written as the query protocol has them, and what is absent is not', () => {
  const input = { Names: ['a b', 'c&d'], Tags: [{ Key: 'k', Value: 'v' }], Deep: { Part: 1 }, No: undefined };
  assert.equal(
    queryForm('Do', '2010-05-08', input),
    'Action=Do&Version=2010-05-08&Names.member.1=a%20b&Names.member.2=c%26d' +
      '&Tags.member.1.Key=k&Tags.member.1.Value=v&Deep.Part=1',
  );
});
