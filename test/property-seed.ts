import fc from 'fast-check';

// A property that fails in one run fails in the next: the same cases are tried until PROPERTY_SEED asks for
// others.
fc.configureGlobal({
  seed: Number(process.env['PROPERTY_SEED'] ?? 1),
  // With a planted bug a property has to fail, and its smallest counterexample is not looked for.
  endOnFailure: process.env['PLANTED_MUTANT'] !== undefined,
});
