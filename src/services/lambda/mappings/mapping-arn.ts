import { parseArn, partitionOf } from '../../../kinesis/arn.ts';
import type { MappingRecord } from '../state/lambda-state.ts';

type MappingAddress = Pick<MappingRecord, 'account' | 'region' | 'uuid'>;

export function mappingArn({ account, region, uuid }: MappingAddress): string {
  return `arn:${partitionOf(region)}:lambda:${region}:${account}:event-source-mapping:${uuid}`;
}

/** Takes a mapping's ARN apart; undefined for any other text. */
export function parseMappingArn(arn: string): MappingAddress | undefined {
  const parsed = parseArn(arn);
  const match = parsed?.service === 'lambda' ? resourceForm.exec(parsed.resource) : null;
  return match === null ? undefined : { account: parsed!.account, region: parsed!.region, uuid: match[1]! };
}

const resourceForm = /^event-source-mapping:([^:/]{1,128})$/;
