import { type DateFields, dateFieldsOf } from './jq-date-fields.ts';
import { JqError } from './jq-error.ts';
import { shown } from './jq-operators.ts';
import { writeDate } from './jq-strftime.ts';
import { readDate } from './jq-strptime.ts';
import { isArray, type JqValue } from './jq-value.ts';

/** Functions of dates that need nothing but their input. All are in UTC. */
export const dateFunctions: Readonly<Record<string, (input: JqValue) => JqValue>> = {
  gmtime: (input) => brokenDown(secondsOf(input)),
  mktime: (input) => secondsSince1970(fieldsOf(input)),
  todate: (input) => writeDate(isoFormat, brokenDown(secondsOf(input))),
  todateiso8601: (input) => writeDate(isoFormat, brokenDown(secondsOf(input))),
  date: (input) => writeDate(isoFormat, brokenDown(secondsOf(input))),
  fromdate: (input) => secondsSince1970(readDate(isoFormat, textOfDate(input))),
  fromdateiso8601: (input) => secondsSince1970(readDate(isoFormat, textOfDate(input))),
};

/** Functions of dates and of a format. */
export const dateFunctionsOfText: Readonly<Record<string, (input: JqValue, format: JqValue) => JqValue>> = {
  strftime: (input, format) => {
    const fields = typeof input === 'number' ? brokenDown(secondsOf(input)) : fieldsOf(input);
    if (typeof format !== 'string') throw new JqError('strftime/1 requires a string format');
    return writeDate(format, fields);
  },
  strptime: (input, format) => {
    if (typeof format !== 'string') throw new JqError('strptime/1 requires a string format');
    return [...readDate(format, textOfDate(input))];
  },
};

const isoFormat = '%Y-%m-%dT%H:%M:%SZ';

function brokenDown(seconds: number): DateFields {
  const date = new Date(Math.trunc(seconds) * 1000);
  if (Number.isNaN(date.getTime()))
    throw new JqError('error converting number of seconds since epoch to datetime');
  return dateFieldsOf(date, seconds - Math.floor(seconds));
}

function secondsSince1970(fields: DateFields): number {
  const [year, month, day, hour, minute, second] = fields.map(Math.trunc);
  return Date.UTC(year!, month!, day!, hour!, minute!, second!) / 1000;
}

function secondsOf(input: JqValue): number {
  if (typeof input === 'number') return input;
  throw new JqError(`${shown(input)} is no number of seconds`);
}

function textOfDate(input: JqValue): string {
  if (typeof input === 'string') return input;
  throw new JqError(`strptime/1 requires string inputs and arguments`);
}

function fieldsOf(input: JqValue): DateFields {
  if (isArray(input) && input.length >= 8 && input.every((field) => typeof field === 'number')) {
    return input as readonly number[];
  }
  throw new JqError('strftime/1 requires parsed datetime inputs');
}
