import type { Signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

/** A line of text with its label, a hint, and what is wrong with it. */
export function TextField({ value, kind = 'text', ...field }: TextFieldProps) {
  const id = useId();
  const { label, hint, error, isRequired = false, placeholder, isMono = false, autocomplete = 'off' } = field;
  return (
    <FieldFrame id={id} label={label} hint={hint} error={error}>
      <input
        id={id}
        class={isMono ? 'input mono' : 'input'}
        // The types of JSX tell apart what a kind allows beside it, which nothing here is.
        type={kind as 'text'}
        value={value.value}
        required={isRequired}
        placeholder={placeholder}
        autocomplete={autocomplete}
        spellcheck={false}
        aria-invalid={error !== undefined}
        aria-describedby={`${id}-about`}
        onInput={(event) => {
          value.value = event.currentTarget.value;
        }}
      />
    </FieldFrame>
  );
}

/** The same over several lines, in the type of data. */
export function TextArea({ value, lines = 8, ...field }: TextAreaProps) {
  const id = useId();
  const { label, hint, error } = field;
  return (
    <FieldFrame id={id} label={label} hint={hint} error={error}>
      <textarea
        id={id}
        class="input mono"
        rows={lines}
        value={value.value}
        spellcheck={false}
        aria-invalid={error !== undefined}
        aria-describedby={`${id}-about`}
        onInput={(event) => {
          value.value = event.currentTarget.value;
        }}
      />
    </FieldFrame>
  );
}

/** One of several. */
export function SelectField<Id extends string>({ value, options, ...field }: SelectFieldProps<Id>) {
  const id = useId();
  const { label, hint, error } = field;
  return (
    <FieldFrame id={id} label={label} hint={hint} error={error}>
      <select
        id={id}
        class="input"
        value={value.value}
        aria-describedby={`${id}-about`}
        onChange={(event) => {
          value.value = event.currentTarget.value as Id;
        }}
      >
        {options.map((option) => (
          <option key={option.id} value={option.id}>
            {option.title}
          </option>
        ))}
      </select>
    </FieldFrame>
  );
}

/** Yes or no. */
export function CheckField({ value, label, hint }: CheckFieldProps) {
  const id = useId();
  return (
    <div class="field check">
      <input
        id={id}
        type="checkbox"
        checked={value.value}
        aria-describedby={`${id}-about`}
        onChange={(event) => {
          value.value = event.currentTarget.checked;
        }}
      />
      <label for={id}>{label}</label>
      <div id={`${id}-about`} class="field-about">
        {hint}
      </div>
    </div>
  );
}

type FrameProps = FieldProps & {
  readonly id: string;
  readonly children: ComponentChildren;
};

function FieldFrame({ id, label, hint, error, children }: FrameProps) {
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children}
      <div id={`${id}-about`} class="field-about">
        {error === undefined ? hint : <span class="field-error">{error}</span>}
      </div>
    </div>
  );
}

export type FieldProps = {
  readonly label: string;
  /** What to write, and what it is for. */
  readonly hint?: string | undefined;
  /** What is wrong with what stands there, in the hint's place. */
  readonly error?: string | undefined;
};

export type TextFieldProps = FieldProps & {
  readonly value: Text;
  readonly kind?: 'text' | 'password' | 'number' | 'search' | 'datetime-local';
  readonly isRequired?: boolean;
  readonly placeholder?: string;
  readonly isMono?: boolean;
  readonly autocomplete?: string;
};

export type TextAreaProps = FieldProps & { readonly value: Text; readonly lines?: number };

export type SelectFieldProps<Id extends string> = FieldProps & {
  readonly value: { value: Id };
  readonly options: readonly { readonly id: Id; readonly title: string }[];
};

export type CheckFieldProps = Pick<FieldProps, 'label' | 'hint'> & { readonly value: Signal<boolean> };

/** A signal, or a parameter of the address. */
type Text = { value: string };
