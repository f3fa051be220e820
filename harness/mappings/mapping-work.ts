import type { Answer } from '../answer.ts';
import type { Work } from '../workload.ts';
import type { LambdaClient } from './lambda-client.ts';
import type { MappingsModel } from './mapping-model.ts';

/** What a client of Lambda works with. */
export type MappingWork = Work & { readonly lambda: LambdaClient; readonly mappings: MappingsModel };

/** Notes an error that a right request may not get. */
export function complainOfLambda(
  { world, lambda }: MappingWork,
  answer: Answer<unknown>,
  expected: readonly string[] = [],
): void {
  if (answer.kind !== 'error' || expected.includes(answer.type)) return;
  // A server that is about to end begins nothing of Lambda any more.
  const mayFail = world.isFaulty || world.isClosing;
  if (mayFail && (answer.type === 'ServiceException' || answer.type.startsWith('Internal'))) return;
  world.violate(`${lambda.name} got ${answer.type}: ${answer.message}`);
}
