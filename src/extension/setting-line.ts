/** A finding names a setting in quotes, `Unrecognized key: "x"`, or by its path, `train.temperature: …`. */
const named = [/\bkey:? "([^"]+)"/, /^([\w.]+):/];

/** The line of the setting that a finding is about, from 1; undefined where that is not found. */
export function lineOfSetting(settings: string, finding: string): number | undefined {
  const name = named.map((pattern) => pattern.exec(finding)?.[1]).find((found) => found !== undefined);
  if (name === undefined) return undefined;
  const key = JSON.stringify(name.split('.').at(-1));
  const line = settings.split('\n').findIndex((text) => text.includes(key));
  return line < 0 ? undefined : line + 1;
}
