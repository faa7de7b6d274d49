import type { RunConfig } from '../../protocol/run';

/** One setting that is not the same in all runs; a value for each run, in order. */
export interface Difference {
  /** `text.vocabularySize` */
  readonly setting: string;
  readonly values: readonly string[];
}

function flatten(value: unknown, path: string, into: Map<string, string>): void {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    for (const [key, inner] of Object.entries(value))
      flatten(inner, path === '' ? key : `${path}.${key}`, into);
  } else into.set(path, typeof value === 'string' ? value : JSON.stringify(value));
}

/** The settings that differ between the runs; one that a run does not have is `–` there. */
export function differences(configs: readonly RunConfig[]): Difference[] {
  const flat = configs.map((config) => {
    const settings = new Map<string, string>();
    flatten(config, '', settings);
    return settings;
  });
  const names = new Set(flat.flatMap((settings) => [...settings.keys()]));
  return [...names]
    .map((setting) => ({ setting, values: flat.map((settings) => settings.get(setting) ?? '–') }))
    .filter(({ values }) => values.some((value) => value !== values[0]));
}
