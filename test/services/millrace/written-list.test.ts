import assert from 'node:assert/strict';
import { test } from 'node:test';
import { writtenInTurns } from '../../../src/services/millrace/parts/written-list.ts';
import { json } from '../../../src/wire/json/json.ts';
import { double, list, required, string, structure } from '../../../src/wire/shape.ts';

const item = structure('Item', { Name: required(string()), Count: required(double()) });
const answer = structure('Answer', { Items: required(list(item)), After: required(string()) });

const itemsOf = (count: number) =>
  Array.from({ length: count }, (_, nth) => ({ Name: `shard "${nth}"`, Count: nth }));

/** The list, and how often others had their turn. */
async function written(count: number, itemsPerTurn: number) {
  let turns = 0;
  const turn = async () => void turns++;
  const Items = await writtenInTurns(json.itemWriter(), item, itemsOf(count), { itemsPerTurn, turn });
  return { Items, turns };
}

test('a list that was written ahead is the same as one that is written at once', async () => {
  for (const count of [0, 1, 2, 3, 1_000]) {
    const { Items } = await written(count, 2);
    const After = 'the list';
    const atOnce = json.encode({ Items: itemsOf(count), After }, answer);
    assert.equal(String(Buffer.concat(json.encodePieces({ Items, After }, answer))), String(atOnce));
    assert.equal(String(json.encode({ Items, After }, answer)), String(atOnce));
  }
});

test('others have their turn while a long list is written', async () => {
  assert.equal((await written(1_000, 100)).turns, 10);
  assert.equal((await written(99, 100)).turns, 0);
});
