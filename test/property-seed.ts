import fc from 'fast-check';

// A property that fails in one run fails in the next: the same cases are tried until PROPERTY_SEED asks for
// others.
fc.configureGlobal({ seed: Number(process.env['PROPERTY_SEED'] ?? 1) });
