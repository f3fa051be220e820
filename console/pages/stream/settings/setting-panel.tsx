import type { ComponentChildren } from 'preact';
import { Button } from '../../../parts/button.tsx';

/** Settings that belong together. */
export function SettingPanel({ title, actions, isWide = false, children }: SettingPanelProps) {
  return (
    <section class={isWide ? 'panel wide' : 'panel'}>
      <header class="panel-head">
        <h2>{title}</h2>
        {actions}
      </header>
      {children}
    </section>
  );
}

type SettingPanelProps = {
  readonly title: string;
  readonly actions?: ComponentChildren;
  /** Whether it takes a whole row. */
  readonly isWide?: boolean;
  readonly children: ComponentChildren;
};

/** A setting, what it is, and a button to change it. */
export function Setting({ name, value, action }: SettingProps) {
  return (
    <div class="setting">
      <span class="setting-name">{name}</span>
      <span class="setting-value">{value}</span>
      {action}
    </div>
  );
}

type SettingProps = {
  readonly name: string;
  readonly value: ComponentChildren;
  readonly action?: ComponentChildren;
};

/** A button that opens a dialog, unless there is a reason why it cannot. */
export function Opener({ text, about, why, kind = 'plain', onOpen }: OpenerProps) {
  return (
    <Button
      kind={kind}
      disabled={why !== undefined}
      {...(why === undefined ? { label: about } : { why, label: about })}
      onPress={onOpen}
    >
      {text}
    </Button>
  );
}

type OpenerProps = {
  readonly text: string;
  /** What it changes, for whoever hears it. */
  readonly about: string;
  /** Why it cannot be pressed. */
  readonly why: string | undefined;
  readonly kind?: 'plain' | 'danger';
  readonly onOpen: () => void;
};
