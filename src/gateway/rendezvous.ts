import { strict as assert } from 'node:assert';
import type { Member } from '../cluster/members.ts';

/**
 * The member that is asked first about something: of all names and members each pair has a weight, and the
 * heaviest of a name is its member (rendezvous hashing). All gateways that know of the same members agree,
 * and when one comes or goes only the names that are, or were, its own move.
 */
export function ownerOf(name: string, members: readonly Member[]): Member {
  assert(members.length > 0);
  const hashed = hash(name, 0);
  let owner = members[0]!;
  let heaviest = -1;
  for (const member of members) {
    const weight = mixed(hashed ^ hashOf(member));
    if (weight < heaviest || (weight === heaviest && member.id > owner.id)) continue;
    heaviest = weight;
    owner = member;
  }
  return owner;
}

/** Hashes of members, each worked out once. */
const known = new WeakMap<Member, number>();

function hashOf(member: Member): number {
  let hashed = known.get(member);
  if (hashed === undefined) {
    hashed = mixed(hash(member.id, 1));
    known.set(member, hashed);
  }
  return hashed;
}

/** FNV-1a, of 32 bits. */
function hash(text: string, seed: number): number {
  let hashed = 0x811c9dc5 ^ seed;
  for (let at = 0; at < text.length; at++) hashed = Math.imul(hashed ^ text.charCodeAt(at), 0x01000193);
  return hashed >>> 0;
}

/** The finalizer of MurmurHash3 (Austin Appleby, public domain). */
function mixed(value: number): number {
  let bits = value;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}
