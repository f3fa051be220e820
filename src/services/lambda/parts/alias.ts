import { ServiceError } from '../../../wire/service-error.ts';
import type { OutputOf, TypeOf } from '../../../wire/shape.ts';
import { functionNotFound, invalidValue, notFound } from '../errors.ts';
import type { FunctionTarget } from '../functions/functions.ts';
import type { AliasRecord, LambdaEdit, LambdaState } from '../state/lambda-state.ts';
import { keyWithin } from './found.ts';
import { functionArn } from './function-arn.ts';
import { latest } from './latest.ts';
import type { aliasConfiguration, aliasRouting } from './shapes.ts';

type Weights = AliasRecord['weights'];

export function viewAlias(target: FunctionTarget, alias: AliasRecord): OutputOf<typeof aliasConfiguration> {
  const isRouting = Object.keys(alias.weights).length > 0;
  return {
    AliasArn: functionArn({ ...target, qualifier: alias.name }),
    Name: alias.name,
    FunctionVersion: alias.version,
    Description: alias.description,
    RoutingConfig: isRouting ? { AdditionalVersionWeights: alias.weights } : undefined,
    RevisionId: alias.revision,
  };
}

export function aliasSaid(target: FunctionTarget, value: AliasRecord): LambdaEdit {
  return { kind: 'said', of: 'alias', key: keyWithin(target, value.name), value };
}

/** ResourceNotFoundException, in AWS's words, where the function has no alias of that name. */
export function requireAlias(state: LambdaState, target: FunctionTarget, name: string): AliasRecord {
  const alias = state.get('alias', keyWithin(target, name));
  if (alias !== undefined) return alias;
  throw notFound(`Cannot find alias arn: ${functionArn({ ...target, qualifier: name })}`);
}

/** The part of the model's constraint that a number is no name of an alias. */
export function requireAliasName(name: string): void {
  if (nameForm.test(name)) return;
  throw new ServiceError(
    'ValidationException',
    `1 validation error detected: Value '${name}' at 'name' failed to satisfy constraint: Member must ` +
      'satisfy regular expression pattern: (?!^[0-9]+$)([a-zA-Z0-9-_]+)',
  );
}

const nameForm = /^(?![0-9]+$)[a-zA-Z0-9-_]+$/;

/** The share of one other version; the texts are AWS's. */
export function weightsOf({ AdditionalVersionWeights = {} }: TypeOf<typeof aliasRouting>): Weights {
  const versions = Object.keys(AdditionalVersionWeights);
  if (versions.length > 1) {
    throw invalidValue('Number of items in AdditionalVersionWeights cannot be greater than 1');
  }
  const entries = Object.entries(AdditionalVersionWeights);
  const shown = `{${entries.map(([version, share]) => `${version}=${printed(share)}`).join(', ')}}`;
  if (!versions.every((version) => /^[0-9]+$/.test(version))) {
    throw unfit(shown, `Map keys must satisfy constraint: [${keyRules}]`);
  }
  if (!entries.every(([, share]) => share >= 0 && share <= 1)) {
    throw unfit(shown, `Map value must satisfy constraint: [${shareRules}]`);
  }
  return AdditionalVersionWeights;
}

/** As Java does. */
function printed(share: number): string {
  return Number.isInteger(share) ? share.toFixed(1) : String(share);
}

const keyRules =
  'Member must have length less than or equal to 1024, Member must have length greater than or equal to 1, ' +
  'Member must satisfy regular expression pattern: [0-9]+';
const shareRules =
  'Member must have value less than or equal to 1.0, Member must have value greater than or equal to 0.0, ' +
  'Member must not be null';

function unfit(shown: string, constraint: string): ServiceError {
  return new ServiceError(
    'ValidationException',
    `1 validation error detected: Value '${shown}' at 'routingConfig.additionalVersionWeights' failed to ` +
      `satisfy constraint: ${constraint}`,
  );
}

/** Versions that an alias leads to have to be there, and differ. The texts are AWS's. */
export function requireVersions(state: LambdaState, target: FunctionTarget, alias: AliasRecord): void {
  const others = Object.keys(alias.weights);
  if (others.includes(alias.version)) {
    throw invalidValue(
      `Invalid function version ${alias.version}. Function version ${alias.version} is already included in ` +
        'routing configuration.',
    );
  }
  if (others.length > 0 && alias.version === latest) {
    throw invalidValue('$LATEST is not supported for an alias pointing to more than 1 version');
  }
  for (const version of [alias.version, ...others]) {
    const isThere = version === latest || state.get('version', keyWithin(target, version)) !== undefined;
    if (!isThere) throw functionNotFound(functionArn({ ...target, qualifier: version }));
  }
}
