/** What a spreadsheet would take for a formula, also in the wide forms of East Asian keyboards. */
const formula = /^[=+\-@\t\r\n＝＋－＠]/;

/** A plain number calculates nothing, and labels are often called -1 and 1. */
const number = /^[+-]\d+(?:\.\d+)?$/;

/** Text that a spreadsheet would run is kept from it by a leading apostrophe. */
function inert(text: string): string {
  return formula.test(text) && !number.test(text) ? `'${text}` : text;
}

/** A cell of comma-separated values, by RFC 4180. */
export function csvCell(value: string | number | undefined): string {
  if (value === undefined) return '';
  if (typeof value === 'number') return String(value);
  const text = inert(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A cell of tab-separated values: they have no way to hold tabs, line breaks and their like. */
export function tsvCell(text: string | undefined): string {
  return inert(text ?? '').replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ');
}
