import { parseArn, partitionOf } from '../../../kinesis/arn.ts';
import type { FunctionTarget } from '../functions/functions.ts';

/** With the qualifier, if there is one. */
export function functionArn({ account, region, name, qualifier }: FunctionTarget): string {
  const arn = `arn:${partitionOf(region)}:lambda:${region}:${account}:function:${name}`;
  return qualifier === undefined ? arn : `${arn}:${qualifier}`;
}

export function mappingArn(of: { account: string; region: string; uuid: string }): string {
  return `arn:${partitionOf(of.region)}:lambda:${of.region}:${of.account}:event-source-mapping:${of.uuid}`;
}

/** The function that an ARN names; undefined for what is no ARN of a function. */
export function functionOfArn(arn: string): FunctionTarget | undefined {
  const parsed = parseArn(arn);
  const match = parsed?.service === 'lambda' ? functionForm.exec(parsed.resource) : null;
  if (match === null) return undefined;
  const { account, region } = parsed!;
  return { account, region, name: match[1]!, qualifier: match[2] };
}

/** The same of a mapping. */
export function mappingOfArn(arn: string): { account: string; region: string; uuid: string } | undefined {
  const parsed = parseArn(arn);
  const match = parsed?.service === 'lambda' ? mappingForm.exec(parsed.resource) : null;
  return match === null ? undefined : { account: parsed!.account, region: parsed!.region, uuid: match[1]! };
}

const functionForm = /^function:([a-zA-Z0-9-_]{1,64})(?::(\$LATEST|[a-zA-Z0-9-_]{1,128}))?$/;
const mappingForm = /^event-source-mapping:([0-9a-fA-F-]{36})$/;
