import assert from 'node:assert/strict';
import type { Shape, StructureShape } from '../../../src/wire/shape.ts';

const arn = 'arn:aws:kinesis:us-east-1:000000000000:stream/present';

/** What fits a pattern, by its text: names and ARNs of one stream. */
const byPattern: Readonly<Record<string, string>> = {
  '[a-zA-Z0-9_.-]+': 'present',
  'arn:aws.*:kinesis:.*:\\d{12}:stream/\\S+': arn,
  'arn:aws.*:kinesis:.*:\\d{12}:.*(stream|channel|queue)/\\S+': arn,
  '^(arn):aws.*:kinesis:.*:\\d{12}:.*stream\\/[a-zA-Z0-9_.-]+\\/consumer\\/[a-zA-Z0-9_.-]+:[0-9]+': `${arn}/consumer/c:1`,
  'arn:aws.*:kinesis:.*:\\d{12}:channel/\\S+': 'arn:aws:kinesis:us-east-1:000000000000:channel/1',
  'arn:aws[-a-z0-9]*:iam::\\d{12}:role/[a-zA-Z_0-9+=,.@\\-_/]+': 'arn:aws:iam::000000000000:role/r',
  'arn:aws[-a-z0-9]*:glue:[-a-z0-9]+:\\d{12}:schema/[-a-zA-Z0-9_$#.]+/[-a-zA-Z0-9_$#.]+':
    'arn:aws:glue:us-east-1:000000000000:schema/r/s',
  'arn:aws[-a-z0-9]*:s3:::[a-z0-9._-]{3,63}': 'arn:aws:s3:::bucket',
  'arn:aws[-a-z0-9]*:s3tables:[-a-z0-9]+:\\d{12}:bucket/[a-z0-9_-]{3,63}':
    'arn:aws:s3tables:us-east-1:000000000000:bucket/tables',
  '\\d{12}': '000000000000',
  '[0-9a-z_]+': 'flights',
  '[a-zA-Z0-9\\.\\_]+': 'at',
  "[0-9A-Za-z!\\-_'.*()\\/]+": 'errors/',
  "[0-9A-Za-z!\\-_'.*()\\/=:{}]+": '!{channel-name}',
  '[\\.\\-_/#A-Za-z0-9]+': 'group',
  '[^:*]*': 'stream',
  '[a-z0-9]{20}-[a-z0-9]{3}': 'aaaaaaaaaaaaaaaaaaaa-bbb',
  '^(0|([1-9]\\d{0,38}))$': '1',
  '^(0|([1-9]\\d{0,128}))$': '1',
};

/** A request with all required members, and only those, in JSON. */
export function sampleInput(shape: StructureShape): Record<string, unknown> {
  const required = Object.entries(shape.members).filter(([, member]) => member.required);
  return Object.fromEntries(required.map(([name, member]) => [name, sampleValue(member)]));
}

/** A value that fits, in JSON. */
export function sampleValue(shape: Shape): unknown {
  switch (shape.kind) {
    case 'string':
      return (
        shape.values?.[0] ?? (shape.pattern ? byPattern[shape.pattern.text] : 'x'.repeat(shape.min ?? 1))
      );
    case 'integer':
    case 'long':
      return shape.min ?? 1;
    case 'boolean':
      return true;
    case 'timestamp':
      return 1_700_000_000;
    case 'blob':
      return '';
    case 'list':
      return [sampleValue(shape.item)];
    case 'map':
      return { k: sampleValue(shape.value) };
    case 'structure':
      return sampleInput(shape);
    default:
      assert.fail(`Kinesis has no ${shape.kind}`);
  }
}
