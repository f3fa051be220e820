import assert from 'node:assert/strict';
import type { Shape, StructureShape } from '../../../src/wire/shape.ts';

const arn = 'arn:aws:kinesis:us-east-1:000000000000:stream/present';

/** What fits a pattern, by its text: names and ARNs of one stream. */
const byPattern: Readonly<Record<string, string>> = {
  '[a-zA-Z0-9_.-]+': 'present',
  'arn:aws.*:kinesis:.*:\\d{12}:stream/\\S+': arn,
  'arn:aws.*:kinesis:.*:\\d{12}:.*(stream|channel|queue)/\\S+': arn,
  '^(arn):aws.*:kinesis:.*:\\d{12}:.*stream\\/[a-zA-Z0-9_.-]+\\/consumer\\/[a-zA-Z0-9_.-]+:[0-9]+': `${arn}/consumer/c:1`,
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
