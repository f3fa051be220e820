import { useSignal } from '@preact/signals';
import { useEffect, useId } from 'preact/hooks';
import { Button } from '../../parts/button.tsx';
import { t, whereExamples } from './text.ts';
import { placeIn, type Wrong } from './wrong.ts';

/** The expression that records have to match: Enter applies it, and what is wrong shows below its place. */
export function WhereField({ where, wrong, onChange }: WhereFieldProps) {
  const id = useId();
  const typed = useSignal(where);
  useEffect(() => {
    typed.value = where;
  }, [where]);
  const apply = (text: string) => {
    typed.value = text;
    onChange(text.trim());
  };
  const isApplied = typed.value.trim() === where;
  return (
    <form
      class="where-field"
      onSubmit={(event) => {
        event.preventDefault();
        apply(typed.value);
      }}
    >
      <label for={id}>{t.where}</label>
      <div class="where-line">
        <input
          id={id}
          class="input mono"
          data-filter=""
          aria-keyshortcuts="/"
          placeholder={whereExamples[0]}
          spellcheck={false}
          autocomplete="off"
          autocapitalize="off"
          value={typed.value}
          aria-invalid={wrong !== undefined}
          aria-describedby={`${id}-about`}
          onInput={(event) => {
            typed.value = event.currentTarget.value;
          }}
        />
        <Button submits={true} kind={isApplied ? 'plain' : 'main'} disabled={isApplied}>
          {t.apply}
        </Button>
        {where !== '' && <Button onPress={() => apply('')}>{t.clear}</Button>}
      </div>
      <div id={`${id}-about`} class="field-about">
        {wrong === undefined ? t.whereHint : <WrongPlace text={where} wrong={wrong} />}
      </div>
      <Examples onChoose={apply} />
    </form>
  );
}

export type WhereFieldProps = {
  readonly where: string;
  readonly wrong: Wrong | undefined;
  readonly onChange: (where: string) => void;
};

function Examples({ onChoose }: { readonly onChoose: (example: string) => void }) {
  return (
    <details class="examples">
      <summary>{t.examples}</summary>
      <ul>
        {whereExamples.map((example) => (
          <li key={example}>
            <button
              type="button"
              class="example mono"
              onClick={(event) => {
                event.currentTarget.closest('details')!.open = false;
                onChoose(example);
              }}
            >
              {example}
            </button>
          </li>
        ))}
      </ul>
    </details>
  );
}

/** The line of a text in which something is wrong, a mark below the place, and what is wrong. */
export function WrongPlace({ text, wrong }: { readonly text: string; readonly wrong: Wrong }) {
  const { message, position } = wrong;
  const at = position === undefined ? undefined : placeIn(text, position);
  return (
    <div class="field-error" role="alert">
      {at !== undefined && (
        <pre class="mono wrong-place">
          {at.text}
          {'\n'}
          {`${' '.repeat(at.column - 1)}^`}
        </pre>
      )}
      {message}
    </div>
  );
}
