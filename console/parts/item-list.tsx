import type { ComponentChildren } from 'preact';

/** A few things below each other, each with what can be done about it; `none` where there are none. */
export function ItemList<Item>({ items, keyOf, show, actions, none }: ItemListProps<Item>) {
  if (items.length === 0) return <p class="quiet-text">{none}</p>;
  return (
    <ul class="item-list">
      {items.map((item) => (
        <li key={keyOf(item)}>
          <div>{show(item)}</div>
          {actions !== undefined && <div class="toolbar">{actions(item)}</div>}
        </li>
      ))}
    </ul>
  );
}

export type ItemListProps<Item> = {
  readonly items: readonly Item[];
  readonly keyOf: (item: Item) => string;
  readonly show: (item: Item) => ComponentChildren;
  readonly actions?: (item: Item) => ComponentChildren;
  readonly none: string;
};
