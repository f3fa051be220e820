/** A policy as it was written, checked in its form. A single value stands as a list of one. */
export type PolicyDocument = {
  readonly version: PolicyVersionName;
  readonly id: string | undefined;
  readonly statements: readonly StatementDocument[];
};

/** Without a Version it is the older one, which has no variables (IAM user guide, "Version"). */
type PolicyVersionName = '2012-10-17' | '2008-10-17';

export type StatementDocument = {
  readonly sid: string | undefined;
  readonly effect: 'Allow' | 'Deny';
  readonly actions: Listed;
  /** Undefined in a role's trust policy, which is about the role. */
  readonly resources: Listed | undefined;
  /** Undefined in an identity's policy, which is about the identity. */
  readonly principals: ListedPrincipals | undefined;
  /** Operator, key and values, in the order in which they stand. */
  readonly conditions: readonly ConditionDocument[];
};

/** What an element lists. `isNegated` for NotAction, NotResource and NotPrincipal. */
type Listed = { readonly isNegated: boolean; readonly names: readonly string[] };

export type ListedPrincipals = {
  readonly isNegated: boolean;
  readonly principals: readonly { readonly type: PrincipalType; readonly name: string }[];
};

type PrincipalType = (typeof principalTypes)[number];
/** `{"AWS": …}` and the others; a bare `*` is an AWS principal. */
const principalTypes = ['AWS', 'Service', 'Federated', 'CanonicalUser'] as const;

export type ConditionDocument = {
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
};

/** What a policy is attached to: an identity, a resource, or a role whose trust it says. */
export type PolicyKind = 'identity' | 'resource' | 'trust';

/** Why a text is no policy: a clause, as in "it is not JSON". */
export class PolicyError extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'PolicyError';
  }
}

/**
 * Reads a policy of a kind. Throws a `PolicyError` for what AWS would not take: elements that are unknown,
 * missing, given twice (as `Action` and `NotAction`), or of another type. What operators and condition keys
 * there are is not its concern.
 */
export function readPolicy(text: string, kind: PolicyKind): PolicyDocument {
  const policy = parse(text);
  if (!isObject(policy)) throw new PolicyError('it is not a JSON object');
  requireKnown(policy, documentElements, 'it has an unknown element');
  const { Version: version = '2008-10-17', Id: id, Statement: statement } = policy;
  if (version !== '2012-10-17' && version !== '2008-10-17') {
    throw new PolicyError('its Version is neither 2012-10-17 nor 2008-10-17');
  }
  if (id !== undefined && typeof id !== 'string') throw new PolicyError('its Id is not a string');
  const statements = Array.isArray(statement) ? statement : [statement];
  if (statements.length === 0) throw new PolicyError('it has no Statement');
  return { version, id, statements: statements.map((each) => readStatement(each, kind)) };
}

const documentElements = ['Version', 'Id', 'Statement'];

function readStatement(statement: unknown, kind: PolicyKind): StatementDocument {
  if (!isObject(statement)) throw new PolicyError('a Statement is not an object');
  const { Effect: effect, Sid: sid } = statement;
  if (effect !== 'Allow' && effect !== 'Deny') throw new PolicyError('an Effect is neither Allow nor Deny');
  if (sid !== undefined && typeof sid !== 'string') throw new PolicyError('a Sid is not a string');
  requireKnown(statement, statementElements, 'a Statement has an unknown element');
  const principals = readPrincipals(statement);
  if (kind === 'identity' && principals !== undefined) {
    throw new PolicyError('a Statement has a Principal, which it may not have');
  }
  if (kind !== 'identity' && principals === undefined) throw new PolicyError('a Statement has no Principal');
  const actions = listed(statement, 'Action');
  if (actions === undefined) throw new PolicyError('a Statement has no Action');
  const resources = listed(statement, 'Resource');
  if (kind === 'trust' && resources !== undefined) {
    throw new PolicyError('a Statement has a Resource, which it may not have');
  }
  if (kind !== 'trust' && resources === undefined) throw new PolicyError('a Statement has no Resource');
  return { sid, effect, actions, resources, principals, conditions: readConditions(statement['Condition']) };
}

const statementElements = [
  ...['Sid', 'Effect', 'Principal', 'NotPrincipal', 'Action', 'NotAction'],
  ...['Resource', 'NotResource', 'Condition'],
];

/** What a statement lists, or does not; undefined when it says neither, or lists nothing. */
function listed(statement: JsonObject, element: 'Action' | 'Resource'): Listed | undefined {
  const names = stringsOf(statement[element], 'an Action or a Resource');
  const others = stringsOf(statement[`Not${element}`], 'an Action or a Resource');
  if (names.length > 0 && others.length > 0) {
    throw new PolicyError(`a Statement has both ${element} and Not${element}`);
  }
  if (names.length > 0) return { isNegated: false, names };
  return others.length > 0 ? { isNegated: true, names: others } : undefined;
}

function readPrincipals({ Principal, NotPrincipal }: JsonObject): ListedPrincipals | undefined {
  if (Principal !== undefined && NotPrincipal !== undefined) {
    throw new PolicyError('a Statement has both Principal and NotPrincipal');
  }
  const said = Principal ?? NotPrincipal;
  if (said === undefined) return undefined;
  const principals = principalsIn(said);
  if (principals.length === 0) throw new PolicyError('a Statement has no Principal');
  return { isNegated: NotPrincipal !== undefined, principals };
}

function principalsIn(said: unknown): ListedPrincipals['principals'] {
  if (said === '*') return [{ type: 'AWS', name: '*' }];
  if (!isObject(said)) throw new PolicyError('a Principal is neither * nor an object');
  return Object.entries(said).flatMap(([name, values]) => {
    const type = principalTypes.find((known) => known === name);
    if (type === undefined) {
      throw new PolicyError(`a Principal has the unknown type ${name}`);
    }
    return stringsOf(values, 'a Principal').map((each) => ({ type, name: each }));
  });
}

function readConditions(condition: unknown): ConditionDocument[] {
  if (condition === undefined) return [];
  if (!isObject(condition)) throw new PolicyError('a Condition is not an object');
  return Object.entries(condition).flatMap(([operator, keys]) => {
    if (!isObject(keys)) throw new PolicyError(`a Condition's ${operator} is not an object`);
    return Object.entries(keys).map(([key, values]) => ({ operator, key, values: valuesOf(values, key) }));
  });
}

/** Values may be numbers and booleans, which count as they are written. */
function valuesOf(said: unknown, key: string): string[] {
  return (Array.isArray(said) ? said : [said]).map((value) => {
    if (typeof value === 'string') return value;
    if (typeof value === 'number' || typeof value === 'boolean') return String(value);
    throw new PolicyError(`a Condition's value of ${key} is not a string`);
  });
}

function stringsOf(said: unknown, what: string): string[] {
  const values = Array.isArray(said) ? said : said === undefined ? [] : [said];
  if (values.every((each) => typeof each === 'string')) return values;
  throw new PolicyError(`${what} is not a string`);
}

function requireKnown(object: JsonObject, names: readonly string[], fault: string): void {
  const unknown = Object.keys(object).find((name) => !names.includes(name));
  if (unknown !== undefined) throw new PolicyError(`${fault}, ${unknown}`);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new PolicyError('it is not JSON'); // SyntaxError: the only error that JSON.parse has.
  }
}

type JsonObject = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
