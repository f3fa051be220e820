import type { Caller } from '../../../access/caller.ts';
import { parseArn, parseStreamOf } from '../../../kinesis/arn.ts';
import { invalidValue } from '../errors.ts';
import { type FoundSource, type SourceAccess, SourceError } from './source-access.ts';

/**
 * The stream that a request names as a mapping's source. InvalidParameterValueException for what is no
 * stream and no consumer of one, and in AWS's words for what is not there or may not be read by the
 * function's role.
 */
export function requireSource(
  sources: SourceAccess,
  source: string,
  role: string,
  { region }: Pick<Caller, 'region'>,
): FoundSource {
  const service = parseArn(source)?.service ?? source.split(':')[2];
  if (service !== 'kinesis') {
    const named = services[service ?? ''] ?? `'${service}'`;
    throw invalidValue(`Unrecognized event source. ${named} is not served as one by this server.`);
  }
  if (parseStreamOf(source)?.region !== region) throw streamNotFound(source);
  try {
    return sources.find(source, role);
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    throw invalidValue(error.message);
  }
}

/** The words are AWS's. */
export const streamNotFound = (source: string) => invalidValue(`Stream not found: ${source}`);

/** What else may be a source at AWS (Lambda API reference, EventSourceArn). */
const services: Readonly<Record<string, string>> = {
  dynamodb: 'A stream of DynamoDB',
  sqs: 'Amazon SQS',
  mq: 'Amazon MQ',
  kafka: 'Amazon MSK',
  rds: 'Amazon DocumentDB',
};
