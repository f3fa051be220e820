import {
  type AttributeType,
  type AttributeValue,
  emptyItem,
  type Item,
  type LooseItem,
  type LooseValue,
} from './attribute-value.ts';
import { canonicalNumber } from './decimal.ts';
import { invalidParameter, validationError } from './validation-error.ts';
import { binarySet, numberSet, stringSet } from './value-set.ts';

// DynamoDB developer guide, "Quotas": nested attributes up to 32 levels deep, an attribute's name at most 64
// KB.
const depthMax = 32;
const nameBytesMax = 65_535;

/**
 * The value, with its numbers in canonical text and its sets sorted. Throws a ValidationException with AWS's
 * text for one that is none: no type or two, a malformed number, an empty set or one with duplicates, too
 * deep a nesting.
 */
export function checkedValue(value: LooseValue): AttributeValue {
  return checked(value, 1);
}

/** The same for each attribute of an item, and for its names. */
export function checkedItem(item: LooseItem): Item {
  return checkedMembers(item, 1);
}

/** The name of an attribute. Throws a ValidationException for one that none has. */
export function checkedName(name: string): string {
  if (name === '') throw validationError('Empty attribute name');
  // No text has more bytes than three times its units.
  if (name.length * 3 > nameBytesMax && Buffer.byteLength(name) > nameBytesMax) {
    throw validationError(`Attribute name is too large, must be less than ${nameBytesMax + 1} bytes`);
  }
  return name.toWellFormed();
}

/** Throws a ValidationException where the value would be too deep within so many lists and maps. */
export function requireNestable(value: AttributeValue, levels: number): void {
  if (!('L' in value || 'M' in value)) return;
  requireRoom(levels + 1);
  const members = 'L' in value ? value.L : Object.values(value.M);
  for (const member of members) requireNestable(member, levels + 1);
}

function checked(value: LooseValue, depth: number): AttributeValue {
  let result: AttributeValue | undefined;
  let types = 0;
  for (const type of Object.keys(value) as AttributeType[]) {
    if (value[type] === undefined) continue;
    result = checkedMember(value, type, depth);
    types++;
  }
  if (types === 1) return result!;
  const problem = types === 0 ? 'is empty' : 'has more than one datatypes set';
  throw validationError(
    `Supplied AttributeValue ${problem}, must contain exactly one of the supported datatypes`,
  );
}

function checkedMember(value: LooseValue, type: AttributeType, depth: number): AttributeValue {
  switch (type) {
    case 'S':
      return { S: value.S!.toWellFormed() };
    case 'N':
      return { N: canonicalNumber(value.N!) };
    case 'B':
      return { B: value.B! };
    case 'BOOL':
      return { BOOL: value.BOOL! };
    case 'NULL':
      if (value.NULL === true) return { NULL: true };
      throw invalidParameter('Null attribute value types must have the value of true');
    case 'L':
      requireRoom(depth);
      return { L: value.L!.map((element) => checked(element, depth + 1)) };
    case 'M':
      requireRoom(depth);
      return { M: checkedMembers(value.M!, depth + 1) };
    case 'SS':
      return { SS: checkedStrings(value.SS!) };
    case 'NS':
      return { NS: checkedNumbers(value.NS!) };
    case 'BS':
      return { BS: checkedBinaries(value.BS!) };
  }
}

function checkedMembers(members: LooseItem, depth: number): Item {
  const result = emptyItem();
  for (const name of Object.keys(members)) result[checkedName(name)] = checked(members[name]!, depth);
  return result;
}

function requireRoom(depth: number): void {
  if (depth < depthMax) return;
  throw validationError(
    'Nesting Levels have exceeded supported limits: Attributes in the item have nested ' +
      'levels beyond supported limit',
  );
}

function checkedStrings(members: readonly string[]): readonly string[] {
  if (members.length === 0) throw invalidParameter('An string set  may not be empty');
  const set = stringSet(members.map((member) => member.toWellFormed()));
  if (set.length === members.length) return set;
  throw invalidParameter(`Input collection [${members.join(', ')}] contains duplicates.`);
}

function checkedNumbers(members: readonly string[]): readonly string[] {
  if (members.length === 0) throw invalidParameter('An number set  may not be empty');
  const set = numberSet(members.map(canonicalNumber));
  if (set.length === members.length) return set;
  throw validationError('Input collection contains duplicates');
}

function checkedBinaries(members: readonly Buffer[]): readonly Buffer[] {
  if (members.length === 0) throw invalidParameter('Binary sets should not be empty');
  const set = binarySet(members);
  if (set.length === members.length) return set;
  throw invalidParameter('Input collection of type BS contains duplicates.');
}
