/** Bytes are not what they were taken for. The message goes on a sentence about a record: `it ends early`. */
export class Undecodable extends Error {
  override readonly name = 'Undecodable';
}

/** How deep lists and maps may lie in each other, and how many values a record may hold, decoded. */
export const depthMax = 200;
export const valuesMax = 1_000_000;

export const tooDeep = () => new Undecodable(`it is nested deeper than ${depthMax}`);
export const tooMany = () => new Undecodable('it holds more than a million values');
export const endsEarly = () => new Undecodable('it ends early');
