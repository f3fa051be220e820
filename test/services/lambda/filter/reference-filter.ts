/** A value in JSON. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/**
 * What EventBridge says of a pattern of fields and an event, without any care for speed: the event is the
 * list of its values, each at a path, with the arrays and elements on the way; the pattern is a list of
 * alternatives without `$or`, and some choice of one value for each path must fit, none two of them in
 * different elements of one array.
 */
export function referenceMatches(pattern: Json, event: Json): boolean {
  const values: Flat[] = [];
  flatten(event, [], new Map(), values);
  return alternatives(pattern, []).some((fields) => fits([...fields], values, []));
}

type Elements = ReadonlyMap<object, number>;
type Flat = { readonly path: string; readonly value: Json; readonly elements: Elements };
type Fields = ReadonlyMap<string, readonly Json[]>;

function flatten(value: Json, path: readonly string[], elements: Elements, into: Flat[]): void {
  if (isList(value)) {
    value.forEach((each: Json, index) => {
      flatten(each, path, new Map([...elements, [value, index]]), into);
    });
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, child] of Object.entries(value)) flatten(child, [...path, key], elements, into);
  } else into.push({ path: JSON.stringify(path), value, elements });
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function alternatives(tree: Json, path: readonly string[]): Fields[] {
  let all: Fields[] = [new Map()];
  for (const [key, child] of Object.entries(tree as Readonly<Record<string, Json>>)) {
    const here = [...path, key];
    let more: Fields[];
    if (key === '$or') more = (child as readonly Json[]).flatMap((branch) => alternatives(branch, path));
    else if (Array.isArray(child)) more = [new Map([[JSON.stringify(here), child as readonly Json[]]])];
    else more = alternatives(child, here);
    all = all.flatMap((one) => more.map((other) => new Map([...one, ...other])));
  }
  return all;
}

function fits(
  fields: readonly (readonly [string, readonly Json[]])[],
  values: readonly Flat[],
  chosen: readonly Elements[],
): boolean {
  const [first, ...others] = fields;
  if (first === undefined) return true;
  const [path, conditions] = first;
  const there = values.filter((value) => value.path === path);
  if (there.length === 0 && conditions.some(isAbsence)) return fits(others, values, chosen);
  return there.some(
    ({ value, elements }) =>
      conditions.some((condition) => fulfils(condition, value)) &&
      chosen.every((other) => isOfOne(elements, other)) &&
      fits(others, values, [...chosen, elements]),
  );
}

function isOfOne(left: Elements, right: Elements): boolean {
  return [...left].every(([array, index]) => !right.has(array) || right.get(array) === index);
}

function isAbsence(condition: Json): boolean {
  return JSON.stringify(condition) === '{"exists":false}';
}

function fulfils(condition: Json, value: Json): boolean {
  if (typeof condition !== 'object' || condition === null) return isSame(condition, value);
  const [[operator, operand]] = Object.entries(condition) as [[string, Json]];
  if (operator === 'exists') return operand === true;
  if (operator === 'anything-but') return !isNamed(operand, value);
  if (operator === 'numeric') return isInRange(operand as readonly Json[], value);
  return typeof value === 'string' && fulfilsAsText(operator, operand, value);
}

function fulfilsAsText(operator: string, operand: Json, value: string): boolean {
  if (typeof operand === 'object') {
    const part = String((operand as { 'equals-ignore-case': string })['equals-ignore-case']);
    return fulfilsAsText(operator, part.toUpperCase(), value.toUpperCase());
  }
  const text = String(operand);
  if (operator === 'prefix') return value.slice(0, text.length) === text;
  if (operator === 'suffix') return text === '' || value.slice(-text.length) === text;
  if (operator === 'equals-ignore-case') return value.toUpperCase() === text.toUpperCase();
  return hasForm(text, value);
}

/** Without escapes. */
function hasForm(pattern: string, text: string): boolean {
  if (pattern === '') return text === '';
  const [head, rest] = [pattern[0]!, pattern.slice(1)];
  if (head !== '*') return text[0] === head && hasForm(rest, text.slice(1));
  return Array.from({ length: text.length + 1 }, (_, from) => text.slice(from)).some((end) =>
    hasForm(rest, end),
  );
}

function isNamed(operand: Json, value: Json): boolean {
  if (typeof operand !== 'object' || operand === null) return isSame(operand, value);
  if (Array.isArray(operand)) return operand.some((each: Json) => isSame(each, value));
  const [[operator, parts]] = Object.entries(operand) as [[string, Json]];
  return [parts]
    .flat()
    .some((part) => typeof value === 'string' && fulfilsAsText(operator, part as Json, value));
}

function isInRange(operand: readonly Json[], value: Json): boolean {
  if (typeof value !== 'number' || value > 5e9 || value < -5e9) return false;
  const difference = (bound: Json) => Number(value.toFixed(6)) - Number(bound);
  for (let at = 0; at < operand.length; at += 2) {
    const [sign, apart] = [String(operand[at]), difference(operand[at + 1]!)];
    if (apart === 0 ? !sign.includes('=') : !sign.includes(apart < 0 ? '<' : '>')) return false;
  }
  return true;
}

/** Numbers count to six digits after their point. */
function isSame(left: Json, right: Json): boolean {
  if (typeof left !== 'number' || typeof right !== 'number') return left === right;
  return left.toFixed(6) === right.toFixed(6);
}
