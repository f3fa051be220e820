/** A row of tabs, one of which is chosen. Arrows go from one to the next. */
export function Tabs<Id extends string>({ tabs, chosen, onChoose, label }: TabsProps<Id>) {
  const move = (event: KeyboardEvent, index: number) => {
    const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (by === 0) return;
    const next = tabs[(index + by + tabs.length) % tabs.length]!;
    onChoose(next.id);
    const row = (event.currentTarget as HTMLElement).parentElement;
    row?.querySelectorAll<HTMLElement>('[role=tab]')[tabs.indexOf(next)]?.focus();
  };
  return (
    <div class="tabs" role="tablist" aria-label={label}>
      {tabs.map(({ id, title }, index) => (
        <button
          key={id}
          type="button"
          role="tab"
          class="tab"
          aria-selected={id === chosen}
          tabIndex={id === chosen ? 0 : -1}
          onClick={() => onChoose(id)}
          onKeyDown={(event) => move(event, index)}
        >
          {title}
        </button>
      ))}
    </div>
  );
}

export type TabsProps<Id extends string> = {
  readonly tabs: readonly { readonly id: Id; readonly title: string }[];
  readonly chosen: Id;
  readonly onChoose: (id: Id) => void;
  /** What they are tabs of. */
  readonly label: string;
};
