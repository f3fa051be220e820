import { hash } from 'node:crypto';
import type { Caller } from '../../../access/caller.ts';
import type { Millis } from '../../../env/clock.ts';
import { type Random, uuid } from '../../../env/random.ts';
import { dynamodbError } from '../errors.ts';
import type { Table, TableName } from '../tables/table.ts';
import type { TableEdit, TableView } from '../tables/table-store.ts';
import { emptyItem, type Item } from '../values/attribute-value.ts';

/** How long a token of TransactWriteItems is remembered (API reference, ClientRequestToken). */
const tokenLifeMs: Millis = 600_000;

/**
 * Tokens are items of a table of the server's own, which no caller can name, written with the transaction
 * that they are of: what was sent again after a crash is not carried out again either. Time to live takes
 * them away.
 */
const tokens: TableName = { account: '', region: '', name: 'transaction-tokens' };

/** A transaction that may be sent again. `content` tells it from another one with its token. */
export type Token = { readonly key: string; readonly content: string };

/** Tokens are of an account in a region. */
export function tokenOf(token: string, { account, region }: Caller, request: unknown): Token {
  return { key: [account, region, token].join(' '), content: hash('sha256', JSON.stringify(request)) };
}

/** Whether the same one was carried out. Throws IdempotentParameterMismatchException for another one. */
export function wasCarriedOut(view: TableView, { key, content }: Token, now: Millis): boolean {
  const table = view.table(tokens);
  const sent = table && view.get(table, keyed(key));
  if (sent === undefined || Number(numberIn(sent)) * 1000 <= now) return false;
  if (textIn(sent) === content) return true;
  throw dynamodbError(
    'IdempotentParameterMismatchException',
    'The transaction was sent with other parameters before, with the same ClientRequestToken.',
  );
}

/** The edits that remember it. */
export function rememberedAs(
  view: TableView,
  { key, content }: Token,
  now: Millis,
  random: Random,
): TableEdit[] {
  const known = view.table(tokens);
  const table = known ?? tokensTable(uuid(random), now);
  const item = { ...keyed(key), [contentName]: { S: content }, [untilName]: { N: untilOf(now) } };
  const edit: TableEdit = { kind: 'item-put', table, item: Object.assign(emptyItem(), item) };
  return known === undefined ? [{ kind: 'table-put', table }, edit] : [edit];
}

const keyName = 'token';
const contentName = 'content';
const untilName = 'until';

function keyed(key: string): Item {
  return Object.assign(emptyItem(), { [keyName]: { S: key } });
}

function untilOf(now: Millis): string {
  return String(Math.ceil((now + tokenLifeMs) / 1000));
}

function textIn(sent: Item): string | undefined {
  const value = sent[contentName];
  return value !== undefined && 'S' in value ? value.S : undefined;
}

function numberIn(sent: Item): string | undefined {
  const value = sent[untilName];
  return value !== undefined && 'N' in value ? value.N : undefined;
}

function tokensTable(id: string, now: Millis): Table {
  return {
    ...tokens,
    ...{
      id,
      status: 'ACTIVE',
      statusSince: now,
      createdAt: now,
      indexes: [],
      tags: [],
      deletionProtection: true,
    },
    keySchema: { hash: { name: keyName, type: 'S' } },
    attributes: [{ name: keyName, type: 'S' }],
    billing: { mode: 'PAY_PER_REQUEST', since: now },
    tableClass: 'STANDARD',
    timeToLive: { attribute: untilName, isEnabled: true },
  };
}
