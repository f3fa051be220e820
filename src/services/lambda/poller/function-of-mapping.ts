import { parseArn } from '../../../kinesis/arn.ts';
import type { FunctionTarget } from '../functions/functions.ts';
import { latest } from '../parts/latest.ts';
import { functionKeyOf, type LambdaState, type MappingRecord } from '../state/lambda-state.ts';

/** The function of a mapping, and the role that it is executed by. */
export type MappedFunction = { readonly target: FunctionTarget; readonly role: string };

/** Undefined when the function, or what its qualifier names, is not there. */
export function functionOf(
  state: LambdaState,
  { functionArn }: Pick<MappingRecord, 'functionArn'>,
): MappedFunction | undefined {
  const arn = parseArn(functionArn);
  const [, name, qualifier] = arn?.resource.split(':') ?? [];
  if (arn === undefined || name === undefined) return undefined;
  const target = { account: arn.account, region: arn.region, name, qualifier };
  const key = functionKeyOf(target);
  const alias = qualifier === undefined ? undefined : state.get('alias', `${key}:${qualifier}`);
  const version = alias?.version ?? qualifier ?? latest;
  const settings =
    version === latest ? state.get('function', key) : state.get('version', `${key}:${version}`);
  return settings && { target, role: settings.role };
}
