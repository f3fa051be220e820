import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compilePolicy } from '../../../src/access/policy/compiled-policy.ts';
import { decide } from '../../../src/access/policy/decision.ts';

type Listed = string | readonly string[];
type Statement = {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action?: Listed;
  readonly NotAction?: Listed;
  readonly Resource?: Listed;
  readonly NotResource?: Listed;
  readonly Principal?: '*' | { readonly AWS: Listed };
  readonly NotPrincipal?: { readonly AWS: Listed };
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, Listed>>>>;
};
type Values = Readonly<Record<string, readonly string[]>>;
type Request = {
  readonly action: string;
  readonly resource: string;
  readonly session: boolean;
  readonly values: Values;
};
type Layers = {
  readonly identity: readonly Statement[];
  readonly boundary?: readonly Statement[] | undefined;
  readonly session?: readonly Statement[] | undefined;
  readonly resource?: readonly Statement[];
};

// The same thing said a second time, slowly and plainly: lists are searched, wildcards are regular
// expressions.

const list = (said: Listed | undefined): readonly string[] =>
  typeof said === 'string' ? [said] : (said ?? []);
const like = (pattern: string, text: string, flags = '') =>
  RegExp(`^${RegExp.escape(pattern).replaceAll('\\*', '.*').replaceAll('\\?', '.')}$`, flags).test(text);
const userArn = 'arn:aws:iam::111111111111:user/u';
const roleArn = 'arn:aws:iam::111111111111:role/r';
const sessionArn = 'arn:aws:sts::111111111111:assumed-role/r/s';
const account = '111111111111';

function substituted(text: string, values: Values): string | undefined {
  if (!text.includes(`\${aws:username}`)) return text;
  const [name] = values['aws:username'] ?? [];
  return name === undefined ? undefined : text.replaceAll(`\${aws:username}`, name);
}

function fits(operator: string, wanted: string, value: string, values: Values): boolean {
  const said = substituted(wanted, values);
  if (said === undefined) return false;
  if (operator.includes('Like')) return like(said, value);
  if (operator.includes('LessThan')) return Number(value) < Number(said);
  return said === value;
}

function holds(
  name: string,
  key: string,
  wanted: readonly string[],
  effect: string,
  values: Values,
): boolean {
  const [, quantifier, operator, ifExists] = /^(?:(\w+):)?(\w+?)(IfExists)?$/.exec(name)!;
  const found = values[key.toLowerCase()];
  if (operator === 'Guess' || key === 'aws:weather') return effect === 'Deny';
  if (operator === 'Null') return wanted.includes(String(found === undefined));
  const negated = operator!.includes('Not');
  if (found === undefined)
    return ifExists !== undefined || quantifier === 'ForAllValues' || (quantifier === undefined && negated);
  const one = (value: string) => wanted.some((each) => fits(operator!, each, value, values));
  if (quantifier === 'ForAllValues') return found.every((value) => one(value) !== negated);
  if (quantifier === 'ForAnyValue') return found.some((value) => one(value) !== negated);
  return found.some(one) !== negated;
}

function about(statement: Statement, { action, resource, values }: Request): boolean {
  const { Action, NotAction, Resource, NotResource, Condition = {}, Effect } = statement;
  const acts = (said: Listed) => list(said).some((each) => like(each, action, 'i'));
  const names = (said: Listed) =>
    list(said).some((each) => like(substituted(each, values) ?? 'nothing', resource));
  if (Action === undefined ? acts(NotAction!) : !acts(Action)) return false;
  if (Resource === undefined ? names(NotResource!) : !names(Resource)) return false;
  return Object.entries(Condition).every(([name, keys]) =>
    Object.entries(keys).every(([key, wanted]) => holds(name, key, list(wanted), Effect, values)),
  );
}

/**
 * How a statement of a resource's policy names the caller, from nothing (0) over its account (1) to itself
 * (4).
 */
function rank({ Principal, NotPrincipal, Effect }: Statement, { session }: Request): number {
  const own = session ? [account, roleArn, sessionArn] : [account, userArn];
  if (NotPrincipal !== undefined) {
    const named = own.map((name) => list(NotPrincipal.AWS).includes(name));
    return (Effect === 'Deny' ? named.every(Boolean) : named.some(Boolean)) ? 0 : 2;
  }
  const named = Principal === '*' ? ['*'] : list(Principal!.AWS);
  if (named.includes(own.at(-1)!)) return 4;
  return session && named.includes(roleArn) ? 3 : named.includes('*') ? 2 : named.includes(account) ? 1 : 0;
}

function reference(
  { identity, boundary, session, resource = [] }: Layers,
  isOwn: boolean,
  request: Request,
): string {
  const on = (statements: readonly Statement[] | undefined, effect: string) =>
    statements?.filter((each) => each.Effect === effect && about(each, request)) ?? [];
  const denied = [identity, boundary, session].some((each) => on(each, 'Deny').length > 0);
  if (denied || on(resource, 'Deny').some((each) => rank(each, request) > 0)) return 'explicit';
  const granted = Math.max(0, ...on(resource, 'Allow').map((each) => rank(each, request)));
  const limit = (statements: readonly Statement[] | undefined) =>
    statements === undefined || on(statements, 'Allow').length > 0;
  if (isOwn && granted === 4) return request.session || limit(session) ? 'allowed' : 'implicit';
  const both = limit(boundary) && limit(session);
  if (isOwn && granted >= 2) return both ? 'allowed' : 'implicit';
  const own = on(identity, 'Allow').length > 0 && both;
  return own && (isOwn || granted > 0) ? 'allowed' : 'implicit';
}

const some = <T>(...of: readonly T[]) => fc.constantFrom(...of);
const listOf = (each: fc.Arbitrary<string>): fc.Arbitrary<Listed> =>
  fc.oneof(each, fc.array(each, { minLength: 1, maxLength: 3 }));
const actions = listOf(
  some(
    '*',
    '*',
    'kinesis:*',
    'kinesis:*',
    'kinesis:Put*',
    'KINESIS:putrecord',
    'kinesis:GetRecord?',
    'iam:*',
    's3:Get*',
  ),
);
const resources = listOf(
  some('*', '*', '*', 'arn:*', 'arn:a', 'arn:*', 'arn:?', 'arn:ab', `arn:\${aws:username}`, 'other'),
);
const principals = some<'*' | { AWS: Listed }>(
  '*',
  { AWS: account },
  { AWS: userArn },
  { AWS: [roleArn, '333333333333'] },
  { AWS: sessionArn },
  { AWS: [account, userArn] },
  { AWS: [account, roleArn, sessionArn] },
  { AWS: '333333333333' },
);
const operators = some(
  ...['StringEquals', 'StringNotEquals', 'StringLike', 'StringNotLike', 'NumericLessThan', 'Null', 'Guess'],
  ...[
    'StringEqualsIfExists',
    'StringNotEqualsIfExists',
    'NumericLessThanIfExists',
    'ForAllValues:StringEquals',
  ],
  ...['ForAllValues:StringNotEquals', 'ForAnyValue:StringLike', 'ForAnyValue:StringNotEquals'],
);
const keys = some('aws:username', 'aws:TagKeys', 'aws:userid', 'aws:weather');
const conditionValues = listOf(some('a', 'b', '5', '7', 'a*', `\${aws:username}`));
const conditions = fc
  .dictionary(operators, fc.dictionary(keys, conditionValues, { minKeys: 1, maxKeys: 2 }), {
    minKeys: 1,
    maxKeys: 2,
  })
  .filter((said) => Object.entries(said).every(([name, of]) => isSaid(name, of)));

/** Values that are of their operators' types: others are tested where conditions are. */
function isSaid(name: string, of: Readonly<Record<string, Listed>>): boolean {
  const numeric = name.startsWith('Numeric');
  return !Object.values(of).some((said) => numeric && list(said).some((each) => Number.isNaN(Number(each))));
}

const mostly = <One, Other>(one: fc.Arbitrary<One>, other: fc.Arbitrary<Other>) =>
  fc.oneof({ weight: 3, arbitrary: one }, { weight: 1, arbitrary: other });

function statementOf(withPrincipal: boolean): fc.Arbitrary<Statement> {
  const effect = fc.record({ Effect: mostly(fc.constant('Allow'), fc.constant('Deny')) });
  const action = mostly(fc.record({ Action: actions }), fc.record({ NotAction: actions }));
  const resource = mostly(fc.record({ Resource: resources }), fc.record({ NotResource: resources }));
  const named = principals.filter((said) => said !== '*').map((said) => said as { AWS: Listed });
  const who = mostly(fc.record({ Principal: principals }), fc.record({ NotPrincipal: named }));
  const condition = mostly(fc.constant({}), fc.record({ Condition: conditions }));
  return fc
    .tuple(effect, action, resource, condition, withPrincipal ? who : fc.constant({}))
    .map((parts) => Object.assign({}, ...parts) as Statement)
    .map((said) => nullsInOrder(said));
}

/** `Null` takes true and false. */
function nullsInOrder(statement: Statement): Statement {
  const { Null, ...rest } = statement.Condition ?? {};
  if (Null === undefined) return statement;
  const asked = Object.fromEntries(
    Object.keys(Null).map((key) => [key, key.length % 2 === 0 ? 'true' : 'false']),
  );
  return { ...statement, Condition: { ...rest, Null: asked } };
}

const statements = fc.array(statementOf(false), { minLength: 1, maxLength: 3 });
const layers = fc.record(
  {
    identity: statements,
    boundary: mostly(fc.constant(undefined), statements),
    session: mostly(fc.constant(undefined), statements),
    resource: fc.array(statementOf(true), { minLength: 1, maxLength: 3 }),
  },
  { requiredKeys: ['identity'] },
);
const requests = fc.record({
  action: some('kinesis:PutRecord', 'kinesis:GetRecords', 's3:GetObject'),
  resource: some('arn:a', 'arn:ab', '*'),
  session: fc.boolean(),
  values: fc.record(
    {
      'aws:username': fc.array(some('a', 'b', '*'), { minLength: 1, maxLength: 1 }),
      'aws:tagkeys': fc.array(some('a', 'b', 'ab'), { minLength: 1, maxLength: 3 }),
      'aws:userid': fc.array(some('4', '6', 'a'), { minLength: 1, maxLength: 1 }),
    },
    { requiredKeys: [] },
  ),
});

test('policies decide as a plain reading of them does', () => {
  const told: Record<string, number> = {};
  fc.assert(
    fc.property(layers, fc.boolean(), requests, (said, isOwn, request) => {
      // A star in a value is not a wildcard, which the plain reading does not know.
      fc.pre(!request.values['aws:username']?.includes('*') || !JSON.stringify(said).includes('${'));
      const compiled = (of: readonly Statement[] | undefined, kind: 'identity' | 'resource') =>
        of && compilePolicy(JSON.stringify({ Version: '2012-10-17', Statement: of }), kind);
      const { kind } = decide(
        {
          identity: [compiled(said.identity, 'identity')!],
          boundary: said.boundary && [compiled(said.boundary, 'identity')!],
          session: said.session && [compiled(said.session, 'identity')!],
          resource: compiled(said.resource, 'resource'),
        },
        {
          caller: request.session
            ? { account, arn: sessionArn, roleArn, id: undefined }
            : { account, arn: userArn, roleArn: undefined, id: undefined },
          ...{ action: request.action, resource: request.resource, isOwn, isPolicyRequired: false },
          valuesOf: (key) => (request.values as Values)[key],
        },
      );
      told[kind] = (told[kind] ?? 0) + 1;
      assert.equal(kind, reference(said, isOwn, request));
    }),
    { numRuns: 2000 },
  );
  // The policies are such that all three happen often.
  for (const kind of ['allowed', 'explicit', 'implicit']) assert.ok(told[kind]! > 100, JSON.stringify(told));
});
