import assert from 'node:assert/strict';
import { test } from 'node:test';
import { conditionOf, holds } from '../../../../src/services/dynamodb/expressions/condition.ts';
import { ExpressionCache } from '../../../../src/services/dynamodb/expressions/expression-cache.ts';
import { projectionOf } from '../../../../src/services/dynamodb/expressions/projection.ts';
import { reservedWords } from '../../../../src/services/dynamodb/expressions/reserved-words.ts';
import { Substitutions } from '../../../../src/services/dynamodb/expressions/substitutions.ts';
import { updateOf } from '../../../../src/services/dynamodb/expressions/update.ts';

const none = () => new Substitutions(undefined, undefined);
const condition = (text: string) => conditionOf(text, 'FilterExpression', none());
const refuses = (run: () => unknown, problem: string) =>
  assert.throws(run, { name: 'ValidationException', message: problem });

test('an expression has at most 4,096 bytes', () => {
  assert(!holds(condition(`a = b${' '.repeat(4_091)}`), undefined));
  const tooLong = 'Expression size has exceeded the maximum allowed size;';
  refuses(
    () => condition(`a = b${' '.repeat(4_092)}`),
    `Invalid FilterExpression: ${tooLong} expression size: 4097`,
  );
  refuses(() => condition('é'.repeat(2_049)), `Invalid FilterExpression: ${tooLong} expression size: 4098`);
  refuses(() => updateOf(`SET a = b${' '.repeat(4_092)}`, none()), `Invalid UpdateExpression: ${tooLong}`);
});

test('an expression has at most 300 operators and functions', () => {
  const tooMany = 'The expression contains too many operators; operator count: 301';
  const chain = (length: number) => Array.from({ length }, () => 'a = b').join(' AND ');
  condition(chain(150));
  condition(`NOT ${chain(150)}`);
  refuses(() => condition(`NOT NOT ${chain(150)}`), `Invalid FilterExpression: ${tooMany}`);
  condition(`contains(a, size(b)) OR ${chain(149)}`);
  refuses(
    () => condition(`contains(a, size(b)) OR a IN (b) OR ${chain(149)}`),
    `Invalid FilterExpression: ${tooMany}`,
  );
  const sums = (count: number) => Array.from({ length: count }, (_, i) => `a${i}=b+c`).join(',');
  updateOf(`SET ${sums(300)}`, none());
  refuses(() => updateOf(`SET ${sums(301)}`, none()), `Invalid UpdateExpression: ${tooMany}`);
});

test('IN has at most 100 operands, and a path at most 32 parts', () => {
  const among = (count: number) => `a IN (${Array.from({ length: count }, () => 'b').join(',')})`;
  condition(among(100));
  refuses(
    () => condition(among(101)),
    'Invalid FilterExpression: The IN operator is provided with too many operands; number of operands: 101',
  );
  projectionOf(`a${'.b[0]'.repeat(15)}.c`, none());
  refuses(
    () => projectionOf(`a${'.b[0]'.repeat(16)}`, none()),
    'Invalid ProjectionExpression: The document path has too many nesting levels; nesting levels: 33',
  );
});

test('an index has at most 31 bits', () => {
  condition('l[2147483647] = a');
  const problem = 'List index is not within the allowable range; index: [2147483648]';
  refuses(() => condition('l[2147483648] = a'), `Invalid FilterExpression: ${problem}`);
});

test('the deepest texts there can be are refused, and take no stack', () => {
  const syntax = 'Invalid FilterExpression: Syntax error; token: "<EOF>", near: "("';
  refuses(() => condition('('.repeat(4_096)), syntax);
  const redundant = 'The expression has redundant parentheses;';
  const [open, shut] = ['('.repeat(2_000), ')'.repeat(2_000)];
  refuses(() => condition(`${open}a = b${shut}`), `Invalid FilterExpression: ${redundant}`);
  refuses(() => condition(`${open}a${shut} = b`), `Invalid FilterExpression: ${redundant}`);
  refuses(() => condition(`a = ${open}b${shut}`), `Invalid FilterExpression: ${redundant}`);
  refuses(() => updateOf(`SET a = ${open}b${shut}`, none()), `Invalid UpdateExpression: ${redundant}`);
  const operators =
    'Invalid FilterExpression: The expression contains too many operators; operator count: 301';
  refuses(() => condition(`${'NOT '.repeat(1_020)}a = b`), operators);
  refuses(() => condition(`${'NOT('.repeat(800)}a=b${')'.repeat(800)}`), operators);
  refuses(() => condition(`${'a=b OR '.repeat(580)}a=b`), operators);
  const functions = 'Invalid FilterExpression: The expression has too many nested functions;';
  refuses(() => condition('f('.repeat(2_048)), functions);
});

test('a reserved word is no name in any case, unless it is put in for one', () => {
  assert.equal(reservedWords.size, 573 - 2);
  const keywords = new Set(['ADD', 'AND', 'BETWEEN', 'DELETE', 'IN', 'NOT', 'OR', 'SET']);
  for (const word of reservedWords) {
    if (keywords.has(word)) continue;
    const spelled = word[0] + word.slice(1).toLowerCase();
    const problem = `Attribute name is a reserved keyword; reserved keyword: ${spelled}`;
    refuses(() => condition(`a.${spelled} = b`), `Invalid FilterExpression: ${problem}`);
  }
  const put = new Substitutions({ '#n': 'abort' }, undefined);
  assert.deepEqual(projectionOf('#n.#n', put).paths, [['abort', 'abort']]);
});

test('what is kept of texts is bounded: few texts, none of them long, and none that was refused', () => {
  const cache = new ExpressionCache();
  const isKept = (text: string) => cache.conditions.get(text) !== undefined;
  for (let i = 0; i < 2_000; i++) conditionOf(`a = b${i}`, 'ConditionExpression', none(), cache);
  const kept = Array.from({ length: 2_000 }, (_, i) => `a = b${i}`).filter(isKept);
  assert.equal(kept.length, 500);
  assert(isKept('a = b1999'));
  const long = `a = ${'b'.repeat(600)}`;
  conditionOf(long, 'ConditionExpression', none(), cache);
  assert(!isKept(long));
  assert.throws(() => conditionOf('a = ', 'ConditionExpression', none(), cache));
  assert(!isKept('a = '));
});
