import type { Caller, SessionTag } from '../../../access/caller.ts';
import { ServiceError } from '../../../wire/service-error.ts';

type Asked = {
  readonly Tags?: readonly { readonly Key: string; readonly Value: string }[];
  readonly TransitiveTagKeys?: readonly string[];
};

/**
 * The tags of a new session: those of the request, and those that the caller's own session hands on, which
 * nobody changes (IAM user guide, "Chaining roles with session tags"). Keys differ in more than their case.
 * Throws InvalidParameterValue for tags that cannot be.
 */
export function sessionTags(
  { Tags = [], TransitiveTagKeys = [] }: Asked,
  { principal }: Caller,
): readonly SessionTag[] {
  const keys = new Set(Tags.map(({ Key }) => Key.toLowerCase()));
  if (keys.size < Tags.length) {
    throw invalid('Duplicate tag keys found. Please note that Tag keys are case insensitive.');
  }
  const transitive = new Set(TransitiveTagKeys.map((key) => key.toLowerCase()));
  if (!transitive.isSubsetOf(keys)) {
    throw invalid('The specified transitive tag key must be included in the requested tags.');
  }
  const own = 'sessionTags' in principal ? principal.sessionTags : undefined;
  const inherited = own?.filter(({ isTransitive }) => isTransitive) ?? [];
  if (inherited.some(({ key }) => keys.has(key.toLowerCase()))) {
    throw invalid(
      "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key " +
        'from the calling session.',
    );
  }
  const asked = Tags.map(({ Key: key, Value: value }) =>
    transitive.has(key.toLowerCase()) ? { key, value, isTransitive: true } : { key, value },
  );
  return [...inherited, ...asked];
}

function invalid(message: string): ServiceError {
  return new ServiceError('InvalidParameterValue', message);
}
