import { type AwsCalls, AwsError } from '../server/lambda/aws-calls.ts';

/**
 * Calls an operation of Millrace's own; undefined where the server has none, as AWS. Rejects as other calls
 * do.
 */
export async function askMillrace<Answer>(
  calls: AwsCalls,
  operation: string,
  input: object,
): Promise<Answer | undefined> {
  try {
    return await calls.millrace<Answer>(operation, input);
  } catch (error) {
    if (error instanceof AwsError && foreign.has(error.name)) return undefined;
    throw error;
  }
}

/** How AWS and others refuse what they have never heard of. A scope that is not theirs is refused first. */
const foreign: ReadonlySet<string> = new Set([
  'UnknownOperationException',
  'UnknownOperation',
  'InvalidSignatureException',
  'InvalidAction',
]);
