import { SchemaError } from '../../delivery/schema/schema-error.ts';
import { parseArn } from '../../kinesis/arn.ts';

/**
 * `arn:aws:glue:REGION:ACCOUNT:schema/REGISTRY/SCHEMA`, taken apart. Throws `SchemaError` for another text.
 */
export function parseSchemaArn(arn: string): {
  readonly region: string;
  readonly registry: string;
  readonly schema: string;
} {
  const parsed = parseArn(arn);
  const match = parsed?.service === 'glue' ? /^schema\/([^/]+)\/([^/]+)$/.exec(parsed.resource) : null;
  if (match === null) throw new SchemaError(`${arn} is not the ARN of a schema.`);
  return { region: parsed!.region, registry: match[1]!, schema: match[2]! };
}
