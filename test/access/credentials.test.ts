import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { CredentialsError, parseCredentials } from '../../src/access/credentials.ts';

const secret = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';

test('every profile of a credentials file is a user', () => {
  const credentials = parseCredentials(`
# written by hand
[default]
aws_access_key_id = AKIDDEFAULT
aws_secret_access_key = ${secret}

; with a token
[ profile reader ]
  AWS_ACCESS_KEY_ID=AKIDREADER   # the reader's
  aws_secret_access_key=${secret}
  aws_session_token=token==
  aws_account_id = 123456789012
  region = eu-west-1
  s3 =
    max_concurrent_requests = 20
`);
  assert.deepEqual(credentials, [
    { name: 'default', accessKeyId: 'AKIDDEFAULT', secretAccessKey: secret },
    {
      name: 'reader',
      accessKeyId: 'AKIDREADER',
      secretAccessKey: secret,
      sessionToken: 'token==',
      account: '123456789012',
    },
  ]);
});

test('a byte order mark and Windows line ends are read like any other file', () => {
  const text = `\uFEFF[me]\r\naws_access_key_id=A\r\naws_secret_access_key=${secret}\r\n`;
  assert.deepEqual(parseCredentials(text), [{ name: 'me', accessKeyId: 'A', secretAccessKey: secret }]);
});

test('a # or ; inside a value is part of it', () => {
  const [profile] = parseCredentials('[me]\naws_access_key_id=A\naws_secret_access_key=a#b;c');
  assert.equal(profile?.secretAccessKey, 'a#b;c');
});

const refusals: readonly (readonly [fault: string, text: string, message: string])[] = [
  ['an empty file', '# nothing\n', 'there is no profile in it'],
  ['text before a profile', '\naws_access_key_id=A\n', 'line 2: there is text before the first [profile]'],
  ['a line that is no setting', `[me]\n${secret}`, 'line 2: expected a [profile] or a setting = value'],
  ['a profile without a key', '[me]\nregion=x', 'line 1: profile me has no aws_access_key_id'],
  [
    'a profile without a secret',
    '[me]\naws_access_key_id=A',
    'line 1: profile me has no aws_secret_access_key',
  ],
  [
    'an empty secret',
    '[me]\naws_access_key_id=A\naws_secret_access_key=',
    'line 3: aws_secret_access_key must be given',
  ],
  ['a profile without a name', '[ ]', 'line 1: a profile needs a name'],
  ['a profile twice', `[me]\n\n[profile me]`, 'line 3: profile me was there before'],
  [
    'a setting twice',
    `[me]\naws_secret_access_key=${secret}\naws_secret_access_key=${secret}`,
    'line 3: aws_secret_access_key was set before',
  ],
  [
    'one access key for two users',
    `[a]\naws_access_key_id=A\naws_secret_access_key=x\n[b]\naws_access_key_id=A\naws_secret_access_key=y`,
    'line 4: profile b has the same access key as profile a',
  ],
  [
    'a secret where the key id belongs',
    `[me]\naws_access_key_id=${secret}`,
    'line 2: aws_access_key_id must be 1 to 128 letters, digits, _ or -',
  ],
  ['a malformed account', '[me]\naws_account_id=1234', 'line 2: aws_account_id must be 12 digits'],
];

for (const [fault, text, message] of refusals) {
  test(`${fault} is refused in one line`, () => {
    assert.throws(() => parseCredentials(text), new CredentialsError(message));
  });
}

test('no error ever tells a secret', () => {
  const line = fc.constantFrom(
    '[a]',
    '[b]',
    secret,
    `${secret}=`,
    `aws_access_key_id=${secret}`,
    `aws_secret_access_key=${secret}`,
    `aws_secret_access_key ${secret}`,
    `aws_session_token=${secret}`,
    `aws_account_id=${secret}`,
    'aws_access_key_id=A',
  );
  fc.assert(
    fc.property(fc.array(line, { maxLength: 8 }), (lines) => {
      try {
        parseCredentials(lines.join('\n'));
      } catch (error) {
        assert(error instanceof CredentialsError);
        assert(!error.message.includes(secret) && !error.message.includes(secret.toLowerCase()));
      }
    }),
    { seed: 1 },
  );
});
