import assert from 'node:assert/strict';
import { compilePolicy } from '../../src/access/policy/compiled-policy.ts';
import { decide, type Question } from '../../src/access/policy/decision.ts';
import { PolicyError, type PolicyKind } from '../../src/access/policy/policy-document.ts';
import { matchesWildcard } from '../../src/access/policy/wildcard.ts';
import { checkPolicyForm } from '../../src/services/kinesis/parts/policy-form.ts';
import { ServiceError } from '../../src/wire/service-error.ts';
import { seedsOf, type Target } from '../target.ts';

const arn = 'arn:aws:kinesis:us-east-1:000000000000:stream/orders';
const user = 'arn:aws:iam::000000000000:user/ann';
const question: Question = {
  caller: { account: '000000000000', arn: user, roleArn: undefined, id: 'AIDAEXAMPLE' },
  action: 'kinesis:PutRecord',
  resource: arn,
  isOwn: true,
  isPolicyRequired: false,
  valuesOf: (key) => (key === 'aws:username' ? ['ann'] : undefined),
};

/**
 * Policies of all kinds: they compile, or are refused as a policy; what an identity's policy without
 * conditions decides, a few lines that know nothing of compiling decide, too.
 */
export const policyTarget: Target = {
  name: 'policy',
  seeds: seedsOf(
    `{"Version":"2012-10-17","Statement":[{"Sid":"a","Effect":"Allow","Action":"kinesis:Put*","Resource":"${arn}"},{"Effect":"Deny","Action":["kinesis:PutRecords"],"Resource":"*"}]}`,
    `{"Version":"2012-10-17","Statement":{"Effect":"Allow","NotAction":"kinesis:Get?ecords","NotResource":"arn:aws:kinesis:*:*:stream/x"}}`,
    `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":["${user}","000000000000"]},"Action":"kinesis:PutRecord","Resource":"${arn}","Condition":{"StringLike":{"aws:username":["a*","\${aws:username}"]},"Bool":{"aws:SecureTransport":"true"}}}]}`,
    '{"Statement":[{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*","Condition":{"ForAllValues:IpAddressIfExists":{"aws:SourceIp":["10.0.0.0/8","::/0"]},"NumericLessThan":{"kinesis:x":1},"DateGreaterThan":{"aws:CurrentTime":"2020-01-01T00:00:00Z"},"Null":{"aws:x":"true"}}}]}',
  ),
  words: [
    ...[
      '"Effect":"Allow",',
      '"Effect":"Deny",',
      '"Action":',
      '"NotAction":',
      '"Resource":',
      '"NotResource":',
      '"*"',
    ],
    ...[
      '"Principal":',
      '"NotPrincipal":',
      '{"AWS":',
      '{"Service":"kinesis.amazonaws.com"}',
      '"Condition":{',
      '"Sid":"x",',
    ],
    ...[
      '"kinesis:PutRecord"',
      '"kinesis:*"',
      '"KINESIS:putrecord"',
      '"kinesis:Put?ecord"',
      `"${arn}"`,
      '**',
      '?',
      '*',
    ],
    ...[
      ...['{aws:username}', '{*}', '{?}', '{$}', "{aws:username, 'x'}", '{'].map((rest) => `$${rest}`),
      '}',
      '[',
      ']',
      '{',
      ',',
      'null',
      '1',
    ],
    ...[
      '"StringEquals":',
      '"ForAnyValue:',
      '"ArnLike":',
      'IfExists":',
      '"IpAddress":',
      '"10.0.0.0/33"',
      '"BinaryEquals":',
    ],
    ...['"Version":"2008-10-17",', '"__proto__":', '"constructor":', '[[[[[[', '\\u0000', 'é'],
  ],
  run: (input) => {
    const text = input.toString();
    const kinds = (['identity', 'resource', 'trust'] as const).filter((kind) => isDecided(text, kind));
    const form = formOf(text);
    return `${kinds.join(', ')}; ${form}`;
  },
};

/** False for what is no policy of this kind. */
function isDecided(text: string, kind: PolicyKind): boolean {
  try {
    const policy = compilePolicy(text, kind);
    const set = kind === 'identity' ? { identity: [policy] } : { identity: [], resource: policy };
    const { isAllowed } = decide(set, question);
    const expected = kind === 'identity' ? referenceDecision(text) : undefined;
    if (expected !== undefined) assert.equal(isAllowed, expected, 'the decision');
    return true;
  } catch (error) {
    if (error instanceof PolicyError) return false;
    throw error;
  }
}

/** What a stream's policy is refused for. */
function formOf(text: string): string {
  try {
    checkPolicyForm(text, { consumer: undefined }, arn);
    return 'a stream’s';
  } catch (error) {
    assert(error instanceof ServiceError && error.type === 'InvalidArgumentException', String(error));
    return /not valid: ((?:action|resource)|\S+ \S+ \S+)/.exec(error.message)?.[1] ?? '';
  }
}

type Reference = Readonly<Record<string, unknown>>;

/** Undefined for what these lines do not know: conditions and variables. */
function referenceDecision(text: string): boolean | undefined {
  const { Statement } = JSON.parse(text) as { Statement: Reference | Reference[] };
  if (text.includes('Condition') || text.includes('$')) return undefined;
  const matching = [Statement].flat().filter((statement) => {
    return isListed(statement, 'Action', question.action, 'i') && isListed(statement, 'Resource', arn, '');
  });
  return matching.length > 0 && matching.every(({ Effect }) => Effect === 'Allow');
}

function isListed(statement: Reference, element: string, name: string, flags: string): boolean {
  const isNegated = statement[element] === undefined;
  const patterns = [statement[isNegated ? `Not${element}` : element]].flat().map(String);
  return patterns.some((pattern) => expression(pattern, flags).test(name)) !== isNegated;
}

function expression(pattern: string, flags: string): RegExp {
  const escaped = pattern.replace(/[.+^${}()|[\]\\/]/g, '\\$&');
  return new RegExp(`^${escaped.replace(/\*+/g, '.*').replaceAll('?', '.')}$`, `s${flags}`);
}

/** Wildcards, against regular expressions: a pattern, and after a line's end a text. */
export const wildcardTarget: Target = {
  name: 'wildcard',
  seeds: seedsOf('a*b?c\naxxbyc', '*\n', 'a\na', '**a**\nbab'),
  words: ['*', '?', 'a', 'b', '\n', '**', '*a', '?*', '.', '\\', '[', '$', 'ab', 'aab'],
  bytesMax: 40,
  run: (input) => {
    const [pattern = '', ...rest] = input.toString('latin1').split('\n');
    const text = rest.join('\n');
    const expected = expression(pattern, '').test(text);
    assert.equal(matchesWildcard(pattern, text), expected);
    return `${expected}, ${Math.min(pattern.split('*').length, 4)} stars`;
  },
};
