/** What comes of each item, in order; a few are under way at once. */
export async function readEach<Item, Result>(
  items: readonly Item[],
  read: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const waiting = [...items.entries()].values();
  const work = async () => {
    for (const [index, item] of waiting) results[index] = await read(item);
  };
  await Promise.all(Array.from({ length: atOnceMax }, work));
  return results;
}

const atOnceMax = 16;
