import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keys, now, refuses, services, sign, verifier, withAuthorization, withHeader } from './signer.ts';

test('a request signed twice, with a header and in the query, is refused', async () => {
  const request = { ...(await sign()), target: '/?X-Amz-Algorithm=' };
  refuses(
    request,
    'InvalidSignatureException',
    "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.",
  );
});

test('a request that is not signed is told so, also with all of the query but X-Amz-Algorithm', async () => {
  const request = await sign({ expiresIn: 60 });
  for (const target of ['/', request.target.replace('X-Amz-Algorithm', 'x-amz-algorithm')]) {
    refuses({ ...request, target }, 'MissingAuthenticationTokenException', 'Missing Authentication Token');
  }
});

test('an Authorization header is told everything that it lacks', async () => {
  const lacks = (name: string) => `Authorization header requires '${name}' parameter. `;
  const undated =
    "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. Authorization=";
  const request = withHeader(await sign(), 'x-amz-date', undefined);
  const cases = [
    ['A', lacks('Credential') + lacks('Signature') + lacks('SignedHeaders')],
    ['A Credential=b,SignedHeaders=', lacks('Signature') + lacks('SignedHeaders')],
    ['A Signature=c SignedHeaders=d', lacks('Credential')],
    ['A Credential=b, Signature=c, SignedHeaders=d', ''],
  ] as const;
  for (const [authorization, message] of cases) {
    refuses(
      withHeader(request, 'authorization', authorization),
      'IncompleteSignatureException',
      message + undated + authorization,
    );
  }
});

test('an Authorization header says nothing besides its three parameters, and each of them once', async () => {
  const once = "Authorization header takes 'Credential', 'SignedHeaders' and 'Signature', each once. ";
  for (const more of ['x=y', '=', 'Credential=other', 'Signature=0', 'credential=b']) {
    const request = await withAuthorization(', Signature', `, ${more}, Signature`);
    const authorization = request.rawHeaders.at(-1);
    refuses(request, 'IncompleteSignatureException', `${once}Authorization=${authorization}`);
    assert.throws(() => verifier({ services })(request, now), { type: 'IncompleteSignatureException' });
  }
  const request = await withAuthorization(', Signature', ', word, Signature');
  refuses(
    request,
    'IncompleteSignatureException',
    "'word' not a valid key=value pair (missing equal-sign) in Authorization header: " +
      `'${request.rawHeaders.at(-1)}'.`,
  );
});

test('a query is told everything that it lacks', () => {
  const lacks = (name: string) => `AWS query-string parameters must include '${name}'. `;
  const request = { method: 'POST', rawHeaders: ['Host', 'h'], body: Buffer.from('{}') };
  refuses(
    { ...request, target: '/?X-Amz-Algorithm=' },
    'IncompleteSignatureException',
    `${lacks('X-Amz-Algorithm')}${lacks('X-Amz-Credential')}${lacks('X-Amz-Signature')}` +
      `${lacks('X-Amz-SignedHeaders')}${lacks('X-Amz-Date')}Re-examine the query-string parameters.`,
  );
  refuses(
    { ...request, target: '/?X-Amz-Algorithm=a&X-Amz-Credential=b&X-Amz-Signature=c&X-Amz-Date=d' },
    'IncompleteSignatureException',
    `${lacks('X-Amz-SignedHeaders')}Re-examine the query-string parameters.`,
  );
});

test('a date has to be one', async () => {
  for (const date of [
    '201',
    '20260230T000000Z',
    '20260709T246000Z',
    '2026-07-09T12:30:00Z',
    'Thu, 9 July 2026',
  ]) {
    refuses(
      withHeader(await sign(), 'x-amz-date', date),
      'IncompleteSignatureException',
      `Date must be in ISO-8601 'basic format'. Got '${date}'. See http://en.wikipedia.org/wiki/ISO_8601`,
    );
  }
});

test('no other algorithm is taken', async () => {
  refuses(
    await withAuthorization('AWS4-HMAC-SHA256', 'AWS4-HMAC-SHA25'),
    'IncompleteSignatureException',
    "Unsupported AWS 'algorithm': 'AWS4-HMAC-SHA25' (only AWS4-HMAC-SHA256 for now). ",
  );
});

test('a credential has five parts', async () => {
  for (const credential of ['a/b/c/d', 'a/b/c/d/e/f', '/20260709/us-east-1/kinesis/aws4_request']) {
    refuses(
      await withAuthorization(/Credential=[^,]*/, `Credential=${credential}`),
      'IncompleteSignatureException',
      `Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '${credential}'`,
    );
  }
});

test('a scope is told everything that is wrong with it', async () => {
  refuses(
    await withAuthorization(/Credential=[^,]*/, 'Credential=a/b/C/d/e'),
    'InvalidSignatureException',
    'Credential should be scoped to a valid region. ' +
      "Credential should be scoped to correct service: 'kinesis'. " +
      "Credential should be scoped with a valid terminator: 'aws4_request', not 'e'. " +
      'Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: ' +
      "'b' != '20260709', from '20260709T123000Z'. ",
  );
});

test('a header that decides who calls what comes once', async () => {
  for (const name of ['Host', 'X-Amz-Target', 'X-Amz-Date', 'Authorization', 'Content-Type', 'DATE']) {
    const { rawHeaders, ...request } = await sign();
    const twice = { ...request, rawHeaders: [...rawHeaders, 'date', 'x', name, 'x'] };
    refuses(twice, 'InvalidSignatureException', `Found more than one '${name.toLowerCase()}' header.`);
    refuses(twice, 'InvalidSignatureException', `Found more than one '${name.toLowerCase()}' header.`, {
      services,
    });
  }
});

test('a query parameter of the signature comes once', async () => {
  const request = await sign({ expiresIn: 60 });
  refuses(
    { ...request, target: `${request.target}&X%2DAmz-Credential=x` },
    'InvalidSignatureException',
    "Found more than one 'X-Amz-Credential' query-string param.",
  );
});

test('without keys a well-formed signature is all it takes', async () => {
  const verify = verifier({ services });
  const forged = withHeader(
    await sign({ unsigned: ['host', 'x-amz-target'], at: 0 }),
    'authorization',
    `AWS4-HMAC-SHA256 Credential=any/any/us-east-1/kinesis/aws4_request,SignedHeaders=x,Signature=${'0'.repeat(64)}`,
  );
  assert.deepEqual(verify(forged, now), { accessKeyId: 'any', region: 'us-east-1', service: 'kinesis' });
  verify(await sign({ key: { secretAccessKey: 'any' }, expiresIn: 1, at: 0 }), now);
});

test('without keys a scope says its region, and whatever else it says does not matter', async () => {
  const verify = verifier({ services });
  const scopes = [
    // As aws4 for Node signs for localhost, and the clients that sign with it.
    ['20260709/us-east-1//aws4_request', ''],
    ['20260709/us-east-1/localhost/aws4_request', 'localhost'],
    ['20260709/us-east-1/sqs/aws4_request', 'sqs'],
    ['19990101/us-east-1/kinesis/aws4_request', 'kinesis'],
    ['/us-east-1/kinesis/', 'kinesis'],
    ['x/us-east-1/KINESIS/aws5_request', 'KINESIS'],
  ] as const;
  for (const [scope, service] of scopes) {
    const request = await withAuthorization(/Credential=[^,]*/, `Credential=any/${scope}`);
    assert.deepEqual(verify(request, now), { accessKeyId: 'any', region: 'us-east-1', service }, scope);
  }
  const presigned = await sign({ expiresIn: 60 });
  const target = presigned.target.replace('%2Fkinesis%2F', '%2F%2F');
  assert.notEqual(target, presigned.target);
  assert.equal(verify({ ...presigned, target }, now).service, '');
});

test('with keys all of the scope is checked, whichever user signs', async () => {
  const wrong = [
    ['/us-east-1/kinesis/', '/us-east-1//'],
    ['/us-east-1/kinesis/', '/us-east-1/localhost/'],
    ['/20260709/', '/20260708/'],
    ['aws4_request', 'aws5_request'],
    ['/us-east-1/', '//'],
  ] as const;
  for (const [from, to] of wrong) {
    const request = await withAuthorization(from, to);
    assert.throws(
      () => verifier({ keys, services })(request, now),
      { type: 'InvalidSignatureException', message: /^(Credential|Date in Credential scope) / },
      to,
    );
  }
});

test('a region that is none is refused without keys, too', async () => {
  const long = 'x'.repeat(65);
  for (const region of ['', 'US-EAST-1', 'us_east_1', '*', 'us-east-1:x', '%75s-east-1', long]) {
    const request = await withAuthorization('/us-east-1/', `/${region}/`);
    assert.throws(
      () => verifier({ services })(request, now),
      { type: 'InvalidSignatureException', message: 'Credential should be scoped to a valid region. ' },
      region,
    );
  }
});

test('regions are restricted without keys, too', async () => {
  const verify = verifier({ regions: ['eu-west-1'], services });
  const request = await sign({});
  assert.throws(() => verify(request, now), { type: 'InvalidSignatureException', message: /valid region/ });
});

test('without keys a malformed signature is still refused', async () => {
  const cases: readonly (readonly [string | RegExp, string, string])[] = [
    ['AWS4-HMAC-SHA256', 'AWS4', 'IncompleteSignatureException'],
    [/Credential=[^,]*/, 'Credential=a', 'IncompleteSignatureException'],
    ['/us-east-1/', '/us east/', 'IncompleteSignatureException'],
    ['/us-east-1/', '/US/', 'InvalidSignatureException'],
    ['/kinesis/', '/kinesis/x/', 'IncompleteSignatureException'],
    [/Signature=.*/, `Signature=${'g'.repeat(64)}`, 'InvalidSignatureException'],
    [/SignedHeaders=[^,]*/, 'SignedHeaders=', 'IncompleteSignatureException'],
  ];
  for (const [from, to, type] of cases) {
    const request = await withAuthorization(from, to);
    assert.throws(() => verifier({ services })(request, now), { type }, `${from}`);
  }
});
