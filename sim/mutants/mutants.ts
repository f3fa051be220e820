import { disciplineMutants } from './discipline-mutants.ts';
import { formatMutants } from './format-mutants.ts';
import type { Mutant } from './mutant.ts';
import { proofsMutants } from './proofs-mutants.ts';
import { serviceMutants } from './service-mutants.ts';

export const mutants: readonly Mutant[] = [
  ...disciplineMutants,
  ...formatMutants,
  ...serviceMutants,
  ...proofsMutants,
];

export function mutantNamed(name: string): Mutant {
  const mutant = mutants.find((candidate) => candidate.name === name);
  if (mutant === undefined) throw new Error(`No mutant is called '${name}'.`);
  return mutant;
}
