import type { Mutant } from './mutant.ts';

/** Bugs in what policies decide. */
export const policyMutants: readonly Mutant[] = [
  {
    name: 'denial-ignored',
    sentence: 'What a statement denies is allowed where another one allows it.',
    edits: [
      {
        file: 'src/access/policy/decision.ts',
        find: "if (statement.effect === 'Deny') return { deny: { policy, statement } };",
        replace: "if (statement.effect === 'Deny') continue;",
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/access/policy/evaluation.test.ts',
      test: 'a denial wins wherever it stands, and AWS names where',
    },
  },
  {
    name: 'owner-of-a-stream-is-not-denied',
    sentence: "What the policy of a stream denies is not denied to its own account's root user.",
    edits: [
      {
        file: 'src/access/policy/policy-authorizer.ts',
        find: 'if (known.isWhole && isOwn && isUnguarded(facts)) return;',
        replace: 'if (known.isWhole && isOwn) return;',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/services/kinesis/policies.test.ts',
      test: 'a denial in the policy of a stream is for its owner, too, who can take it back',
    },
  },
  {
    name: 'unknown-operator-denies-nothing',
    sentence: 'A Deny whose condition has an operator that is not known does not deny.',
    edits: [
      {
        file: 'src/access/policy/condition.ts',
        find: "unknown.push({ kind, name, isForeign });\n  return always(effect === 'Deny');",
        replace: 'unknown.push({ kind, name, isForeign });\n  return always(false);',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/access/policy/conditions.test.ts',
      test: 'an operator that is not known has a Deny deny, and an Allow not allow',
    },
  },
  {
    name: 'negated-operator-needs-its-key',
    sentence:
      'A negated operator does not hold where the request has no such key, so that a Deny by it does not deny.',
    edits: [
      {
        file: 'src/access/policy/condition.ts',
        find: "(quantifier === undefined ? isNegated : quantifier === 'forallvalues')",
        replace: "quantifier === 'forallvalues'",
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/access/policy/conditions.test.ts',
      test: 'StringNotEquals in an Allow and in a Deny',
    },
  },
  {
    name: 'not-action-dropped',
    sentence: 'NotAction is read as if it were Action.',
    edits: [
      {
        file: 'src/access/policy/compiled-policy.ts',
        find: 'return tests.some((test) => test(lower)) !== isNegated;',
        replace: 'return tests.some((test) => test(lower));',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/access/policy/evaluation.test.ts',
      test: 'NotAction and NotResource are about all but what they name, and a statement without either is refused',
    },
  },
  {
    name: 'one-side-is-enough',
    sentence:
      "Another account's user needs no permission of its own where the resource's policy lets its account in.",
    edits: [
      {
        file: 'src/access/policy/decision.ts',
        find: "const isEnough = isOwn && naming !== undefined && naming !== 'account';",
        replace: "const isEnough = naming !== undefined && (!isOwn || naming !== 'account');",
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/access/policy/evaluation.test.ts',
      test: 'another account needs both sides',
    },
  },
  {
    name: 'decision-outlives-the-policy',
    sentence: 'A remembered decision holds after the policies of the user have changed.',
    edits: [
      {
        file: 'src/access/policy/policy-authorizer.ts',
        find: 'if (known !== undefined && known.account === account) {',
        replace: 'if (known !== undefined) {',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/access/policy/policy-authorizer.test.ts',
      test: 'what a caller may do changes with its policies, its groups, its managed policies and its boundary',
    },
  },
  {
    name: 'condition-decided-once',
    sentence: 'A decision that depends on a condition is remembered like any other.',
    edits: [
      {
        file: 'src/access/policy/policy-authorizer.ts',
        find: 'if (decision.isFixed) this.#remember(',
        replace: 'this.#remember(',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/access/policy/policy-authorizer.test.ts',
      test: 'a decision that depends on a condition or a variable is made every time',
    },
  },
  {
    name: 'reads-by-what-the-request-claims',
    sentence: 'GetRecords is allowed by the stream that the request names, not by the one in its iterator.',
    edits: [
      {
        file: 'src/services/kinesis/operations/get-records.ts',
        find: 'resourceNamed([stream, request.StreamARN], caller)',
        replace: 'resourceNamed([request.StreamARN, stream], caller)',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/services/kinesis/policies.test.ts',
      test: 'GetRecords is allowed by the stream in its iterator, whatever stream the request names',
    },
  },
  {
    name: 'star-of-a-name',
    sentence: 'A star in a name that a variable stands for is a wildcard.',
    edits: [
      {
        file: 'src/access/policy/policy-variables.ts',
        find: "piece.kind === 'text' ? wildcardOf(said) : literalOf(said)",
        replace: "piece.kind !== 'character' ? wildcardOf(said) : literalOf(said)",
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/access/policy/conditions.test.ts',
      test: 'variables stand for values, with defaults, and never for wildcards',
    },
  },
  {
    name: 'boundary-ignored',
    sentence: "A user's permissions boundary does not bound it.",
    edits: [
      {
        file: 'src/access/policy/decision.ts',
        find: '!isUnbound && ofBoundary !== undefined && ofBoundary.allow === undefined',
        replace: 'isUnbound && ofBoundary !== undefined && ofBoundary.allow === undefined',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/access/policy/evaluation.test.ts',
      test: 'a boundary limits what policies allow, but not what a resource allows the user itself',
    },
  },
  {
    name: 'stream-given-away',
    sentence: 'What the policy of a stream grants by kinesis:* are all operations, deleting it among them.',
    edits: [
      {
        file: 'src/services/kinesis/parts/facts.ts',
        find: 'found.policy === null || isGranted(found, action)) return found;',
        replace: "found.policy === null || action !== '') return found;",
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/services/kinesis/policies.test.ts',
      test: 'a policy counts for records alone: by kinesis:* nothing is deleted, and its owner is not shut out',
    },
  },
];
