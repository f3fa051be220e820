import { anyText, literalOf, type Wildcard } from './wildcard.ts';

/**
 * An ARN of IAM or STS in the partition `aws`, any other text as it is. Users, groups, roles, sessions and
 * managed policies are the same in all partitions: the one that a request sees them in follows from the
 * region that it is signed for, which its caller chooses, so no decision may depend on it.
 */
export function inOnePartition(arn: string): string {
  return arn.startsWith('arn:') && !arn.startsWith('arn:aws:') ? arn.replace(anyForm, 'arn:aws:$1:') : arn;
}

const anyForm = /^arn:[^:]*:(iam|sts):/;

/** Whether a text is an ARN of IAM or STS in the partition `aws`. */
export function isWithoutPartition(text: string): boolean {
  return text.startsWith('arn:aws:iam:') || text.startsWith('arn:aws:sts:');
}

/**
 * The pattern that ARNs of IAM and STS are compared with: a policy may write any partition, and may leave
 * open where it ends (`arn:aws-cn:*`, `arn:aws-*`).
 */
export function inAnyPartition(pattern: Wildcard): Wildcard {
  if (!start.every((unit, at) => pattern[at] === unit)) return pattern;
  const colon = pattern.indexOf(start.at(-1)!, start.length);
  const end = colon === -1 ? pattern.length : colon;
  const isOpen = pattern.slice(start.length, end).includes(anyText);
  return [...start, ...(isOpen ? [anyText] : literalOf('aws')), ...pattern.slice(end)];
}

const start = literalOf('arn:');
