import { ServiceError } from '../../../wire/service-error.ts';
import { string } from '../../../wire/shape.ts';
import { functionNotFound, invalidValue, notFound } from '../errors.ts';
import { functionKeyOf, type LambdaEdit, type LambdaState } from '../state/lambda-state.ts';
import { functionOfArn, mappingOfArn } from './function-arn.ts';
import { functionSaid } from './function-change.ts';

/** The ARN of what has tags. What besides is wrong with one is said by `requireTagged`. */
export const taggable = string({ min: 1, max: 256 });

type Tags = Readonly<Record<string, string>>;

/** What has tags: its tags, and it with others. */
export type Tagged = { readonly tags: Tags; with(tags: Tags, revision: string): LambdaEdit };

/** The function or the mapping that an ARN names; the errors are AWS's. */
export function requireTagged(state: LambdaState, arn: string): Tagged {
  const mapping = mappingOfArn(arn);
  if (mapping !== undefined) return requireMapping(state, mapping.uuid, arn);
  const target = functionOfArn(arn);
  if (target === undefined) throw unfit(arn);
  if (target.qualifier !== undefined) {
    throw invalidValue(
      'Tags on function aliases and versions are not supported. Please specify a function ARN.',
    );
  }
  const found = state.get('function', functionKeyOf(target));
  if (found === undefined) throw functionNotFound(arn);
  return { tags: found.tags, with: (tags, revision) => functionSaid({ ...found, tags, revision }) };
}

function requireMapping(state: LambdaState, uuid: string, arn: string): Tagged {
  const found = state.get('mapping', uuid.toLowerCase());
  const [, , , region, account] = arn.split(':');
  if (found === undefined || found.region !== region || found.account !== account) {
    throw notFound(`Event source mapping not found: ${arn}`);
  }
  return {
    tags: found.tags,
    with: (tags) => ({ kind: 'said', of: 'mapping', key: found.uuid, value: { ...found, tags } }),
  };
}

/** Lambda API reference, TagResource; regions need not have names of AWS's here. */
const pattern =
  'arn:(aws[a-zA-Z-]*):lambda:(eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1}:\\d{12}:' +
  '(function:[a-zA-Z0-9-_]+(:(\\$LATEST|[a-zA-Z0-9-_]+))?|layer:([a-zA-Z0-9-_]+)|' +
  'code-signing-config:csc-[a-z0-9]{17}|event-source-mapping:[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-' +
  '[0-9a-fA-F]{4}-[0-9a-fA-F]{12}|capacity-provider:[a-zA-Z0-9-_]+)';

function unfit(arn: string): ServiceError {
  return new ServiceError(
    'ValidationException',
    `1 validation error detected: Value '${arn}' at 'resource' failed to satisfy constraint: Member must ` +
      `satisfy regular expression pattern: ${pattern}`,
  );
}
