import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deliverCommand } from '../../../src/cli/deliver/deliver-command.ts';
import { askedRequest } from '../asked-request.ts';

const asked = (line: string) => askedRequest(line, deliverCommand);

const plain = 'deliver orders --from TRIM_HORIZON --to s3://lake/orders/';

test('a delivery says what goes from where to where, and in which form', async () => {
  assert.deepEqual(await asked(plain), {
    ...{ stream: 'orders', endpoint: undefined, profile: undefined, s3: undefined, follows: false },
    from: { kind: 'TRIM_HORIZON' },
    to: { bucket: 'lake', prefix: 'orders/' },
    form: { kind: 'json', compression: 'GZIP' },
    objectBytes: 64 * 1024 * 1024,
    state: 'millrace-deliver-orders',
  });
  const { from, follows } = await asked(
    'deliver a --from 2026-11-01T00:00:00Z --to s3://b --follow --object-mib 1',
  );
  assert.deepEqual(
    { from, follows },
    { from: { kind: 'AT_TIMESTAMP', at: 1_793_491_200_000 }, follows: true },
  );
  assert.deepEqual((await asked(`${plain} --format iceberg --table a.b --compression zstd`)).form, {
    ...{ kind: 'iceberg', compression: 'ZSTD', columns: undefined, namespace: 'a', table: 'b' },
    catalog: undefined,
  });
  const { form } = await asked(`${plain} --format parquet --columns struct<n:int>`);
  assert.ok(form.kind === 'parquet' && form.columns?.fields[0]?.name === 'n');
});

const refusals: Readonly<Record<string, RegExp>> = {
  'deliver orders --to s3://b': /^required option '--from <point>' not specified$/,
  'deliver orders --from LATEST --to s3://b': /^--from LATEST takes --follow$/,
  'deliver orders --from now --to s3://b': /^--from must be TRIM_HORIZON, LATEST or a time in ISO 8601/,
  'deliver orders --from TRIM_HORIZON --to lake': /^--to must be s3:\/\/BUCKET or s3:\/\/BUCKET\/PREFIX/,
  [`${plain} --format orc`]: /^--format must be json, text, parquet or iceberg, not 'orc'$/,
  [`${plain} --format iceberg`]: /^--format iceberg takes --table NAMESPACE\.TABLE$/,
  [`${plain} --table a.b`]: /^--table is for --format iceberg$/,
  [`${plain} --format parquet --columns n`]: /^--columns must be struct<name:type,\.\.\.>, not 'n'$/,
  [`${plain} --format parquet --columns struct<n:x>`]: /^--columns: /,
  [`${plain} --compression zip --format parquet`]: /^--compression must be one of none, gzip, snappy, zstd/,
  [`${plain} --object-mib 0`]: /^--object-mib must be a number from 1 to 1024, not '0'$/,
  [`${plain} --s3 lake`]: /^--s3 must be a URL, or file:\/\/\/PATH, not 'lake'$/,
  [`${plain} --endpoint lake`]:
    /^--endpoint must be a URL such as http:.*, unix:PATH, or aws:REGION, not 'lake'$/,
};

for (const [line, message] of Object.entries(refusals)) {
  test(`millrace ${line} is refused in one line`, async () => {
    await assert.rejects(asked(line), { name: 'StartError', message });
  });
}
