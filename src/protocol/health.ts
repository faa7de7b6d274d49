/** One thing about a run in words: what, how it is known, what to do. */
export interface Finding {
  /** Stable, kebab-case: `collapse`, `stuck-at-chance`, `below-baseline`, `leakage`, `overfitting`, `temperature-low`, … */
  readonly code: string;
  readonly severity: 'good' | 'info' | 'warning' | 'error';
  /** `Every embedding points the same way` */
  readonly title: string;
  /** The figures it rests on. */
  readonly evidence: string;
  /** What to change; absent for good news. */
  readonly advice?: string;
}
