import type { Signal } from '@preact/signals';
import { Button } from '../../parts/button.tsx';
import { texts } from '../../text/text.ts';
import { type TagRow, tagTrouble } from './tag-rows.ts';

const t = texts({
  en: {
    tags: 'Tags',
    key: 'Key',
    value: 'Value',
    add: 'Add a tag',
    remove: (key: string) => `Remove ${key}`,
    twice: (key: string) => (key === '' ? 'A value needs a key.' : `The key ${key} is there twice.`),
  },
  es: {
    tags: 'Etiquetas',
    key: 'Clave',
    value: 'Valor',
    add: 'Añadir una etiqueta',
    remove: (key: string) => `Quitar ${key}`,
    twice: (key: string) => (key === '' ? 'Un valor necesita una clave.' : `La clave ${key} está dos veces.`),
  },
});

/** Tags, to be changed one by one. */
export function TagEditor({ rows }: { readonly rows: Signal<readonly TagRow[]> }) {
  const trouble = tagTrouble(rows.value);
  const set = (index: number, changed: Partial<TagRow>) => {
    rows.value = rows.value.map((row, at) => (at === index ? { ...row, ...changed } : row));
  };
  const remove = (index: number) => {
    rows.value = rows.value.filter((_, at) => at !== index);
  };
  const add = () => {
    rows.value = [...rows.value, { key: '', value: '' }];
  };
  return (
    <fieldset class="tag-editor">
      <legend>{t.tags}</legend>
      {rows.value.map((row, index) => (
        // Rows have no names: what is typed into one may be what stands in another.
        <div key={index} class="tag-row">
          <TagInput label={t.key} text={row.key} onText={(key) => set(index, { key })} />
          <TagInput label={t.value} text={row.value} onText={(value) => set(index, { value })} />
          <Button kind="quiet" label={t.remove(row.key)} onPress={() => remove(index)}>
            <span aria-hidden="true">✕</span>
          </Button>
        </div>
      ))}
      <Button kind="quiet" onPress={add}>
        {t.add}
      </Button>
      {trouble !== undefined && <p class="field-trouble">{t.twice(trouble)}</p>}
    </fieldset>
  );
}

type TagInputProps = {
  readonly label: string;
  readonly text: string;
  readonly onText: (text: string) => void;
};

function TagInput({ label, text, onText }: TagInputProps) {
  return (
    <input
      class="input"
      aria-label={label}
      placeholder={label}
      value={text}
      spellcheck={false}
      autocomplete="off"
      onInput={(event) => onText(event.currentTarget.value)}
    />
  );
}
