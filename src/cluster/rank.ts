import { createHash } from 'node:crypto';
import type { Member } from './members.ts';

/** Whom of some something falls to: each gets its share, and others keep theirs when one comes or goes. */
export function fallsTo(name: string, members: readonly Member[]): Member | undefined {
  const weights = members.map((member) => createHash('md5').update(`${name}\0${member.id}`).digest('hex'));
  const most = weights.reduce((one, other) => (one > other ? one : other), '');
  return members[weights.indexOf(most)];
}
