import type { JsonReading } from '../delivery-spec.ts';
import type { JsonTape } from './json-tape.ts';

/** Records of a stream have the same members in the same order, mostly; others cost a look-up. */
const orderMax = 256;
const knownMax = 256;
/** A longer name is looked up each time: names come from producers, and are kept. */
const nameBytesMax = 128;

/** Which field of a struct a member of an object is, by its name. */
export class MemberNames {
  readonly #fields: ReadonlyMap<string, number>;
  readonly #reading: JsonReading;
  /** By name as written: -1 for one that is no field. */
  readonly #known = new Map<string, number>();
  /** What the members were last time, by their number in the object. */
  readonly #order: { readonly bytes: Buffer; readonly field: number }[] = [];

  constructor(names: readonly string[], reading: JsonReading) {
    this.#reading = reading;
    this.#fields = fieldsOf(names, reading);
  }

  /** The index of the field; -1 for none. `member` is the member's number in its object. */
  fieldOf(tape: JsonTape, key: number, member: number): number {
    const last = this.#order[member];
    if (last !== undefined && isSame(tape.bytes, tape.start(key), tape.end(key), last.bytes))
      return last.field;
    return this.#lookUp(tape, key, member);
  }

  #lookUp(tape: JsonTape, key: number, member: number): number {
    const written = tape.text(key);
    if (tape.end(key) - tape.start(key) > nameBytesMax) return this.#named(written);
    let field = this.#known.get(written);
    if (field === undefined) {
      field = this.#named(written);
      if (this.#known.size === knownMax) this.#known.clear();
      this.#known.set(written, field);
    }
    if (member < orderMax && member <= this.#order.length) {
      this.#order[member] = {
        bytes: Buffer.from(tape.bytes.subarray(tape.start(key), tape.end(key))),
        field,
      };
    }
    return field;
  }

  #named(written: string): number {
    return this.#fields.get(nameOf(written, this.#reading)) ?? -1;
  }
}

/** Fields by the name that a member must have; a column that is mapped is found by its key alone. */
function fieldsOf(names: readonly string[], reading: JsonReading): ReadonlyMap<string, number> {
  const keys = new Map(
    Object.entries(reading.columnOfKey).map(([key, column]) => [column, nameOf(key, reading)]),
  );
  const cased = (name: string) => (reading.isCaseInsensitive ? name.toLowerCase() : name);
  return new Map(names.map((name, index) => [cased(keys.get(name) ?? keys.get(cased(name)) ?? name), index]));
}

function nameOf(written: string, reading: JsonReading): string {
  const name = reading.dotsBecomeUnderscores ? written.replaceAll('.', '_') : written;
  return reading.isCaseInsensitive ? name.toLowerCase() : name;
}

function isSame(bytes: Uint8Array, start: number, end: number, other: Uint8Array): boolean {
  if (end - start !== other.length) return false;
  for (let index = 0; index < other.length; index += 1) {
    if (bytes[start + index] !== other[index]) return false;
  }
  return true;
}
