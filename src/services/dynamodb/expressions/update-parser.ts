import {
  type ActionSyntax,
  isSum,
  type SectionName,
  type SetSource,
  type UpdateSyntax,
  type ValueSyntax,
} from './syntax.ts';
import { TokenReader } from './token-reader.ts';

/** What the text of an update says. Throws a ValidationException. */
export function parseUpdate(text: string): UpdateSyntax {
  const reader = new TokenReader(text, 'UpdateExpression');
  const sections: { name: SectionName; actions: ActionSyntax[] }[] = [];
  let signs = 0;
  do {
    const name = sectionNames.find((candidate) => reader.takes(candidate));
    if (name === undefined) throw reader.syntaxError();
    const actions: ActionSyntax[] = [];
    do actions.push(readAction(reader, name));
    while (reader.takes(','));
    sections.push({ name, actions });
    signs += actions.filter((action) => action.kind === 'set' && isSum(action.source)).length;
  } while (reader.next.kind !== 'end');
  reader.requireEnd();
  return { sections, operators: reader.functions + signs };
}

const sectionNames: readonly SectionName[] = ['SET', 'REMOVE', 'ADD', 'DELETE'];

function readAction(reader: TokenReader, section: SectionName): ActionSyntax {
  const path = reader.path();
  switch (section) {
    case 'SET':
      reader.expect('=');
      return { kind: 'set', path, source: readSource(reader) };
    case 'REMOVE':
      return { kind: 'remove', path };
    case 'ADD':
      return { kind: 'add', path, value: readValue(reader) };
    case 'DELETE':
      return { kind: 'delete', path, value: readValue(reader) };
  }
}

function readValue(reader: TokenReader): ValueSyntax {
  if (reader.next.kind !== 'value') throw reader.syntaxError();
  return { kind: 'value', name: reader.take().text };
}

/**
 * One operand, or two with a sign between them. Parentheses may be around each of them and around the whole.
 */
function readSource(reader: TokenReader): SetSource {
  let open = 0;
  while (reader.takes('(')) open++;
  const left = reader.bareOperand();
  open -= readClosed(reader, open);
  const kind = reader.takes('+') ? 'plus' : reader.takes('-') ? 'minus' : undefined;
  const source: SetSource = kind === undefined ? left : { kind, left, right: reader.operand() };
  open -= readClosed(reader, open);
  if (open > 0) throw reader.syntaxError();
  return source;
}

function readClosed(reader: TokenReader, open: number): number {
  let closed = 0;
  while (closed < open && reader.takes(')')) closed++;
  reader.requireFew(closed);
  return closed;
}
