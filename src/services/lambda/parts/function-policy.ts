import type { FunctionPolicy } from '../state/lambda-state.ts';

/** The document, as GetPolicy answers it. */
export function policyText({ statements }: FunctionPolicy): string {
  return JSON.stringify({ Version: '2012-10-17', Id: 'default', Statement: statements });
}
