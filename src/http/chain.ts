/**
 * Members in the order in which they were added, each of which knows its neighbours. For what comes and goes
 * with every request: a Set or Map makes a new table again and again, and each old table points to the next
 * one. Once one is in V8's old space, no minor collection frees those after it, nor their contents: 8 MB a
 * second with every thread under attack, until a major collection.
 */
export class Chain<Member extends Link<Member>> {
  #first: Member | undefined;
  #last: Member | undefined;

  get first(): Member | undefined {
    return this.#first;
  }

  /** Adds a member, which is in no chain, at the end. */
  add(member: Member): void {
    member.isLinked = true;
    member.previous = this.#last;
    if (this.#last === undefined) this.#first = member;
    else this.#last.next = member;
    this.#last = member;
  }

  /** Answers whether it was there. It no longer refers to its neighbours. */
  delete(member: Member): boolean {
    if (!member.isLinked) return false;
    const { previous, next } = member;
    if (previous === undefined) this.#first = next;
    else previous.next = next;
    if (next === undefined) this.#last = previous;
    else next.previous = previous;
    member.isLinked = false;
    member.previous = undefined;
    member.next = undefined;
    return true;
  }
}

/** What can be in one chain at a time. */
export type Link<Member> = {
  isLinked: boolean;
  previous: Member | undefined;
  next: Member | undefined;
};
