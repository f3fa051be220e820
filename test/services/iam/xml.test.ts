import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Harness } from '../kinesis/harness.ts';
import { IamBench, trusting } from './iam-bench.ts';

const namespace = 'xmlns="https://iam.amazonaws.com/doc/2010-05-08/"';
const metadata = '<ResponseMetadata><RequestId>ID</RequestId></ResponseMetadata>';

/** An answer as it goes over the wire. */
function answer(operation: string, result: string): string {
  return `200 <${operation}Response ${namespace}>${result}${metadata}</${operation}Response>`;
}

test('a role is answered in the XML that AWS answers, its policy URL-encoded', async () => {
  const bench = await IamBench.start();
  const told = await bench.post({
    Action: 'CreateRole',
    RoleName: 'reader',
    AssumeRolePolicyDocument: trusting('lambda.amazonaws.com'),
    Description: 'a & b',
    'Tags.member.1.Key': 'team',
    'Tags.member.1.Value': 'shop',
  });
  const { id } = bench.identity.state.accounts.get('111111111111')!.roles.get('reader')!;
  assert.equal(
    told,
    answer(
      'CreateRole',
      '<CreateRoleResult><Role><Path>/</Path><RoleName>reader</RoleName>' +
        `<RoleId>${id}</RoleId><Arn>arn:aws:iam::111111111111:role/reader</Arn>` +
        '<CreateDate>2023-11-14T22:13:20Z</CreateDate><AssumeRolePolicyDocument>' +
        '%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%5B%7B%22Effect%22%3A%22Allow%22%2C' +
        '%22Principal%22%3A%7B%22Service%22%3A%22lambda.amazonaws.com%22%7D%2C%22Action%22%3A' +
        '%22sts%3AAssumeRole%22%7D%5D%7D</AssumeRolePolicyDocument>' +
        '<Description>a &amp; b</Description><MaxSessionDuration>3600</MaxSessionDuration>' +
        '<Tags><member><Key>team</Key><Value>shop</Value></member></Tags></Role></CreateRoleResult>',
    ),
  );
});

test('an operation without a result answers its request id only, and a list its members', async () => {
  const bench = await IamBench.start();
  await bench.post({ Action: 'CreateUser', UserName: 'ann' });
  const tagged = { 'Tags.member.1.Key': 'a', 'Tags.member.1.Value': '1' };
  assert.equal(await bench.post({ Action: 'TagUser', UserName: 'ann', ...tagged }), answer('TagUser', ''));
  assert.equal(
    await bench.post({ Action: 'ListUserTags', UserName: 'ann' }),
    answer(
      'ListUserTags',
      '<ListUserTagsResult><Tags><member><Key>a</Key><Value>1</Value></member></Tags>' +
        '<IsTruncated>false</IsTruncated></ListUserTagsResult>',
    ),
  );
  assert.equal(
    await bench.post({ Action: 'ListAccountAliases' }),
    answer(
      'ListAccountAliases',
      '<ListAccountAliasesResult><AccountAliases></AccountAliases><IsTruncated>false</IsTruncated>' +
        '</ListAccountAliasesResult>',
    ),
  );
});

test('an account in numbers is a map', async () => {
  const bench = await IamBench.start();
  const told = await bench.post({ Action: 'GetAccountSummary' });
  assert.match(told, /<SummaryMap><entry><key>Users<\/key><value>0<\/value><\/entry>/);
});

test('an error is answered in the XML that AWS answers', async () => {
  const bench = await IamBench.start();
  assert.equal(
    await bench.post({ Action: 'GetUser', UserName: 'bob' }),
    `404 <ErrorResponse ${namespace}><Error><Type>Sender</Type><Code>NoSuchEntity</Code>` +
      '<Message>The user with name bob cannot be found.</Message></Error><RequestId>ID</RequestId></ErrorResponse>',
  );
});

for (const [region, home, elsewhere] of [
  ['eu-central-1', 'us-east-1', 'us-west-2'],
  ['cn-northwest-1', 'cn-north-1', 'us-east-1'],
  ['us-gov-east-1', 'us-gov-west-1', 'us-east-1'],
] as const) {
  test(`a server of ${region} takes the signatures of IAM, which are for ${home}`, () =>
    takesSignatures(region, home, elsewhere));
}

async function takesSignatures(region: string, home: string, elsewhere: string): Promise<void> {
  await using server = await Harness.start({ region });
  const post = async (scope: string) => {
    const authorization =
      `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20231114/${scope}/aws4_request, ` +
      `SignedHeaders=host;x-amz-date, Signature=${'0'.repeat(64)}`;
    const rawHeaders = [
      ...['Host', 'localhost', 'X-Amz-Date', '20231114T221320Z', 'Authorization', authorization],
      ...['Content-Type', 'application/x-www-form-urlencoded'],
    ];
    const body = Buffer.from('Action=ListRoles&Version=2010-05-08');
    const { status } = await server.send({ method: 'POST', target: '/', rawHeaders, body });
    return status;
  };
  assert.equal(await post(`${home}/iam`), 200);
  assert.equal(await post(`${region}/iam`), 200);
  assert.equal(await post(`${elsewhere}/iam`), 403);
}
