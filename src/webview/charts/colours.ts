/** A colour of the theme for a canvas, which knows no variables: the value that the page has for it now. */
export function colour(variable: string): string {
  return getComputedStyle(document.body).getPropertyValue(variable).trim() || 'gray';
}
