import { type Expression, notAscii, parseExpression } from './pattern-syntax.ts';

/**
 * A regular expression of AWS's models. It matches whole values only, anchored or not, and takes time in
 * proportion to the value's length: input from outside must not meet a matcher that backtracks.
 */
export type Pattern = {
  readonly text: string;
  matches(value: string): boolean;
  /** The same for ASCII in a buffer, from `start` on, before `end`. */
  matchesIn(bytes: Uint8Array, start: number, end: number): boolean;
};

export function pattern(text: string): Pattern {
  const matcher = new Matcher(parseExpression(text));
  return {
    text,
    matches: (value) => matcher.matches(value),
    matchesIn: (bytes, start, end) => matcher.matchesIn(bytes, start, end),
  };
}

/** A place in an expression: what the next character must be or, without `has`, where to go without one. */
type Place = { readonly id: number; readonly has?: (symbol: number) => boolean; readonly next: Place[] };

/** All places that the characters so far may lead to, and the known states after it, by symbol. */
type State = {
  readonly places: readonly Place[];
  readonly accepts: boolean;
  readonly dead: boolean;
  readonly after: (State | undefined)[];
};

/** Walks all ways through an expression at once, and keeps each set of places it was in (Thompson 1968). */
class Matcher {
  readonly #places: Place[] = [];
  readonly #states = new Map<string, State>();
  readonly #last: Place;
  readonly #first: State;

  constructor(expression: Expression) {
    this.#last = this.#place([]);
    this.#first = this.#state([this.#build(expression, this.#last)]);
  }

  matches(value: string): boolean {
    let state = this.#first;
    for (let index = 0; index < value.length; index++) {
      const code = value.charCodeAt(index);
      const symbol = Math.min(code, notAscii);
      state = state.after[symbol] ?? this.#step(state, symbol);
      if (state.dead) return false;
    }
    return state.accepts;
  }

  matchesIn(bytes: Uint8Array, start: number, end: number): boolean {
    let state = this.#first;
    for (let at = start; at < end; at++) {
      const symbol = bytes[at]!;
      state = state.after[symbol] ?? this.#step(state, symbol);
      if (state.dead) return false;
    }
    return state.accepts;
  }

  #step(from: State, symbol: number): State {
    if (this.#states.size >= statesMax) this.#forget();
    const next = from.places.filter(({ has }) => has?.(symbol)).flatMap((place) => place.next);
    const state = this.#state(next);
    from.after[symbol] = state;
    return state;
  }

  /** In theory there are very many states; a forgotten one is computed again when needed. */
  #forget(): void {
    this.#states.clear();
    this.#first.after.fill(undefined);
  }

  #state(from: readonly Place[]): State {
    const reached = new Set<Place>();
    const pending = [...from];
    for (let place = pending.pop(); place !== undefined; place = pending.pop()) {
      if (reached.has(place)) continue;
      reached.add(place);
      if (place.has === undefined) pending.push(...place.next);
    }
    const places = [...reached].filter(({ has }) => has !== undefined).sort((a, b) => a.id - b.id);
    const accepts = reached.has(this.#last);
    const key = `${accepts} ${places.map(({ id }) => id).join(' ')}`;
    let state = this.#states.get(key);
    if (state === undefined) {
      const after = new Array<State | undefined>(notAscii + 1).fill(undefined);
      state = { places, accepts, dead: places.length === 0 && !accepts, after };
      this.#states.set(key, state);
    }
    return state;
  }

  /** The first place of an expression that is followed by `next`. */
  #build(expression: Expression, next: Place): Place {
    switch (expression.kind) {
      case 'set':
        return this.#place([next], expression.has);
      case 'sequence':
        return expression.parts.reduceRight((after, part) => this.#build(part, after), next);
      case 'choice':
        return this.#place(expression.options.map((option) => this.#build(option, next)));
      case 'repeat':
        return this.#repeat(expression, next);
    }
  }

  #repeat({ part, min, max }: Extract<Expression, { kind: 'repeat' }>, next: Place): Place {
    let place = next;
    if (max === Number.POSITIVE_INFINITY) {
      place = this.#place([next]);
      place.next.push(this.#build(part, place));
    } else {
      for (let times = min; times < max; times++) place = this.#place([next, this.#build(part, place)]);
    }
    for (let times = 0; times < min; times++) place = this.#build(part, place);
    return place;
  }

  #place(next: Place[], has?: (symbol: number) => boolean): Place {
    const id = this.#places.length;
    const place = has === undefined ? { id, next } : { id, next, has };
    this.#places.push(place);
    return place;
  }
}

const statesMax = 1000;
