import type { ComponentChildren } from 'preact';

/** A part of a page with a heading, and what can be done about it. */
export function Panel({ title, actions, children }: PanelProps) {
  return (
    <section class="panel" aria-label={title}>
      <div class="panel-head">
        <h2>{title}</h2>
        {actions}
      </div>
      {children}
    </section>
  );
}

export type PanelProps = {
  readonly title: string;
  readonly actions?: ComponentChildren;
  readonly children: ComponentChildren;
};
