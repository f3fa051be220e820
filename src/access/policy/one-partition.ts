/**
 * A text with the ARNs of users, groups, roles, sessions and managed policies in the partition `aws`. They
 * are the same everywhere: the partition that a request sees them in follows from the region that it is
 * signed for, which its caller chooses, so nothing may depend on it.
 */
export function inOnePartition(text: string): string {
  return text.includes('arn:aws-') ? text.replace(others, 'arn:aws:$1::') : text;
}

const others = /\barn:aws-[a-z-]{1,20}:(iam|sts)::/g;
