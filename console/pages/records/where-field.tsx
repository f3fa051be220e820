import { useSignal } from '@preact/signals';
import { useEffect, useId } from 'preact/hooks';
import { Button } from '../../parts/button.tsx';
import { t, whereExamples } from './text.ts';

/** What is wrong with a text that was typed, and where in it, from 0, if that is known. */
export type Wrong = { readonly message: string; readonly position?: number | undefined };

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
  return (
    <div class="field-error" role="alert">
      {position !== undefined && (
        <pre class="mono wrong-place">
          {lineAt(text, position)}
          {'\n'}
          {`${' '.repeat(columnAt(text, position))}^`}
        </pre>
      )}
      {message}
    </div>
  );
}

function columnAt(text: string, position: number): number {
  return position - (text.lastIndexOf('\n', position - 1) + 1);
}

function lineAt(text: string, position: number): string {
  const from = text.lastIndexOf('\n', position - 1) + 1;
  const end = text.indexOf('\n', position);
  return text.slice(from, end === -1 ? undefined : end);
}
