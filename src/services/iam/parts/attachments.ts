import type { Account } from '../../../access/identity/state.ts';

/** How often each managed policy is attached, and is a boundary, by its ARN as the state has it. */
export type Attachments = {
  readonly attached: ReadonlyMap<string, number>;
  readonly boundaries: ReadonlyMap<string, number>;
};

export function attachmentsIn(account: Account | undefined): Attachments {
  const attached = new Map<string, number>();
  const boundaries = new Map<string, number>();
  if (account === undefined) return { attached, boundaries };
  const { users, groups, roles } = account;
  for (const holders of [users, groups, roles]) {
    for (const holder of holders.values()) for (const arn of holder.attached) count(attached, arn);
  }
  for (const holders of [users, roles]) {
    for (const { boundary } of holders.values()) if (boundary !== null) count(boundaries, boundary);
  }
  return { attached, boundaries };
}

function count(counts: Map<string, number>, arn: string): void {
  counts.set(arn, (counts.get(arn) ?? 0) + 1);
}
