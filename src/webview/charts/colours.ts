/** A colour of the theme for a canvas, which knows no variables: the value that the page has for it now. */
export function colour(variable: string): string {
  return getComputedStyle(document.body).getPropertyValue(variable).trim() || 'gray';
}

/** Calls back when the editor's theme changes. Returns what ends it. */
export function onThemeChange(listener: () => void): () => void {
  const observer = new MutationObserver(listener);
  observer.observe(document.body, { attributes: true, attributeFilter: ['class', 'data-vscode-theme-id'] });
  // The variables stand on the root, and change also without the class (dark to another dark).
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style'] });
  return () => observer.disconnect();
}
