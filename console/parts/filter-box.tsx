import { texts } from '../text/text.ts';

const t = texts({ en: { filter: 'Filter' }, es: { filter: 'Filtrar' } });

/** What a list is narrowed down by as one types. The key `/` goes to it; Escape empties it. */
export function FilterBox({ value, label, count }: FilterBoxProps) {
  const name = label ?? t.filter;
  return (
    <div class="filter-box">
      <input
        class="input"
        type="search"
        placeholder={`${name}  /`}
        aria-label={name}
        aria-keyshortcuts="/"
        data-filter=""
        spellcheck={false}
        autocomplete="off"
        value={value.value}
        onInput={(event) => {
          value.value = event.currentTarget.value;
        }}
      />
      {count !== undefined && <span class="quiet-text">{count}</span>}
    </div>
  );
}

export type FilterBoxProps = {
  /** A signal, or a parameter of the address, so that the filter is part of the permalink. */
  readonly value: { value: string };
  readonly label?: string;
  /** Such as `12 of 1,000`. */
  readonly count?: string | undefined;
};
